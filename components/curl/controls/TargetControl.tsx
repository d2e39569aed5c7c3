import { Select } from '../../ui/Field';
import type { DialTarget } from './dial-targets';
import { changeSettings } from './settings-store';

/** What the panel asks, with a choice of the service and port where there are several. */
export function TargetControl({
  targets,
  target,
  note,
  locked,
}: {
  targets: readonly DialTarget[];
  target: DialTarget | null;
  note: string;
  locked: boolean;
}) {
  if (targets.length < 2) return note;
  return (
    <span className="flex flex-wrap items-center gap-x-2">
      {note}
      <Select
        aria-label="Service and port"
        className="max-w-full text-xs sm:-my-2"
        value={target?.key}
        disabled={locked}
        onChange={(event) => changeSettings({ target: event.target.value })}
      >
        {targets.map(({ key }) => (
          <option key={key}>{key}</option>
        ))}
      </Select>
    </span>
  );
}
