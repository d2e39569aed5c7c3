import { Term } from '../ui/Term';
import { SlotBadge } from '../ui/SlotBadge';

/** Shown before the first run: what a run shows. */
export function NoRunYet() {
  return (
    <div className="grid min-h-72 place-items-center rounded-lg border border-dashed border-line p-6 text-center">
      <div className="grid max-w-120 justify-items-center gap-4">
        <div aria-hidden className="flex flex-wrap justify-center gap-1 opacity-80">
          {Array.from({ length: 9 }, (_, at) => (
            <SlotBadge key={at} slot={(at % 3) + 1} />
          ))}
        </div>
        <p className="text-balance text-dim">
          <Term id="routing mesh">Every node</Term> accepts requests on the{' '}
          <Term id="published port">published port</Term>, whichever node the{' '}
          <Term id="task">task</Term> runs on. Each answer appears here in the colour and letter of
          its replica, and lights that replica on the board.
        </p>
      </div>
    </div>
  );
}
