import { useId } from 'react';
import { Control } from './Control';
import { changeSettings } from './remembered';
import { DEFAULT_SETTINGS } from './run-settings';
import { Input } from '../../ui/Field';

/** The path to ask for, and what is wrong with it. */
export function PathControl({
  path,
  complaint,
  fixed,
  className,
}: {
  path: string;
  complaint: string | null;
  fixed: boolean;
  className: string;
}) {
  const complaintId = useId();
  return (
    <Control label="path" className={className}>
      <Input
        className="w-40 font-mono disabled:text-dim text-[13px]"
        aria-label="Path"
        aria-invalid={complaint !== null}
        aria-describedby={complaintId}
        value={path}
        disabled={fixed}
        placeholder={DEFAULT_SETTINGS.path}
        spellCheck={false}
        autoCapitalize="off"
        autoComplete="off"
        enterKeyHint="go"
        onChange={(event) => changeSettings({ path: event.target.value })}
      />
      <span id={complaintId} className="text-xs text-bad">
        {complaint}
      </span>
    </Control>
  );
}
