import { BURSTS, DURATIONS } from '@/lib/curl/run';
import { Select } from '../../ui/Field';
import { Choice, Control, withValue } from './Control';
import { RateControl } from './RateControl';
import type { RunSettings } from './run-settings';
import { changeSettings } from './settings-store';

/** How many requests are sent, and how fast. */
export function ModeControls({
  settings: { mode, rate, seconds, burst },
  locked,
  higherRates,
}: {
  settings: RunSettings;
  locked: boolean;
  higherRates: boolean;
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
          <RateControl rate={rate} locked={locked} higher={higherRates} />
          <Control label="Duration" isBrief>
            <Select
              aria-label="Duration"
              value={seconds}
              disabled={locked}
              onChange={(event) => changeSettings({ seconds: Number(event.target.value) })}
            >
              {withValue(DURATIONS, seconds).map((each) => (
                <option key={each} value={each}>
                  {each === 300 ? '5 min' : `${each} s`}
                </option>
              ))}
            </Select>
          </Control>
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
