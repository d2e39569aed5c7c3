import { useId } from 'react';
import { Input } from '../../ui/Field';
import { Control } from './Control';
import { DEFAULT_SETTINGS } from './run-settings';
import { changeSettings } from './settings-store';

/** The path to request, and why it is invalid. */
export function PathControl({
  path,
  problem,
  locked,
}: {
  path: string;
  problem: string | null;
  locked: boolean;
}) {
  const problemId = useId();
  return (
    <Control label="Path">
      <Input
        className="w-40 font-mono disabled:text-dim text-[13px]"
        aria-label="Path"
        aria-invalid={problem !== null}
        aria-describedby={problemId}
        value={path}
        disabled={locked}
        placeholder={DEFAULT_SETTINGS.path}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        enterKeyHint="go"
        onChange={(event) => changeSettings({ path: event.target.value })}
      />
      <span id={problemId} className="text-xs text-bad">
        {problem}
      </span>
    </Control>
  );
}
