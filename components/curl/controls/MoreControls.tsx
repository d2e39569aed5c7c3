import { IN_FLIGHT, TIMEOUTS } from '@/lib/curl/run';
import { Choice } from './Control';
import type { RunSettings } from './run-settings';
import { changeSettings } from './settings-store';

/** The settings behind "More". */
export function MoreControls({
  settings: { method, inFlight, timeout, keepGoing },
  locked,
}: {
  settings: RunSettings;
  locked: boolean;
}) {
  return (
    <>
      <Choice
        label="Method"
        name="Method"
        choices={['GET', 'HEAD']}
        value={method}
        locked={locked}
        onChange={(next) => changeSettings({ method: next })}
      />
      <Choice<number>
        label="In flight"
        name="In flight"
        choices={IN_FLIGHT}
        value={inFlight}
        locked={locked}
        onChange={(next) => changeSettings({ inFlight: next })}
      />
      <Choice<number>
        label="Timeout"
        name="Timeout"
        choices={TIMEOUTS}
        words={(each) => `${each} s`}
        value={timeout}
        locked={locked}
        onChange={(next) => changeSettings({ timeout: next })}
      />
      <label className="flex min-h-8 items-center gap-2 text-dim touch:min-h-11">
        <input
          type="checkbox"
          className="size-4 accent-primary"
          checked={keepGoing}
          disabled={locked}
          onChange={(event) => changeSettings({ keepGoing: event.target.checked })}
        />
        Continue despite failures
      </label>
      {method === 'HEAD' && (
        <p className="w-full text-xs text-warn">
          Responses to HEAD have no body, so the answering task is unknown.
        </p>
      )}
    </>
  );
}
