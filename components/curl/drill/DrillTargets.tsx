import { SlotBadge } from '../../ui/SlotBadge';
import type { DrillChoice } from './drill-choices';

/** The nodes or tasks of a drill as radio buttons. */
export function DrillTargets({
  legend,
  choices,
  chosen,
  empty,
  onChoose,
}: {
  legend: string;
  choices: readonly DrillChoice[];
  chosen: DrillChoice | undefined;
  /** Text without any choice. */
  empty: string;
  onChoose: (id: string) => void;
}) {
  return (
    <fieldset className="mb-3 grid max-h-64 gap-1 scrolls">
      <legend className="sr-only">{legend}</legend>
      {choices.map((choice) => (
        <label
          key={choice.id}
          className="flex min-h-10 touch:min-h-11 cursor-pointer items-center gap-2.5 rounded-lg border border-line px-3 py-1 has-checked:border-line-strong has-checked:bg-raise"
        >
          <input
            type="radio"
            name="drill"
            className="size-4 accent-primary"
            checked={choice.id === chosen?.id}
            onChange={() => onChoose(choice.id)}
          />
          {choice.kind === 'kill' && <SlotBadge slot={choice.slot} />}
          <b>{choice.name}</b>
          <span className="ml-auto text-right text-xs text-dim">{choice.note}</span>
        </label>
      ))}
      {choices.length === 0 && <p className="text-warn">{empty}</p>}
    </fieldset>
  );
}
