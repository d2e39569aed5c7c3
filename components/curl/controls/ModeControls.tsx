import { BURSTS, DURATIONS } from '@/lib/curl/run';
import { Choice } from './Control';
import { RateControl } from './RateControl';
import type { RunSettings } from './run-settings';
import { changeSettings } from './settings-store';

/** How many requests are sent, and how fast. `secondary` is the class of controls that a phone hides. */
export function ModeControls({
  settings: { mode, rate, seconds, burst },
  locked,
  secondary,
}: {
  settings: RunSettings;
  locked: boolean;
  secondary: string;
}) {
  return (
    <>
      <Choice
        label=""
        name="Mode"
        choices={['steady', 'burst', 'once']}
        words={(each) => MODES[each]}
        value={mode}
        locked={locked}
        onChange={(next) => changeSettings({ mode: next })}
      />
      {mode === 'steady' && (
        <>
          <RateControl rate={rate} locked={locked} className={secondary} />
          <Choice<number>
            label="Duration"
            name="Duration"
            choices={DURATIONS}
            words={(each) => (each === 300 ? '5 min' : `${each} s`)}
            value={seconds}
            locked={locked}
            onChange={(next) => changeSettings({ seconds: next })}
            className={secondary}
          />
        </>
      )}
      {mode === 'burst' && (
        <Choice<number>
          label="Requests"
          name="Requests"
          choices={BURSTS}
          value={burst}
          locked={locked}
          onChange={(next) => changeSettings({ burst: next })}
        />
      )}
    </>
  );
}

const MODES = { steady: 'Steady', burst: 'Burst', once: 'Once' } as const;
