import type { ReactNode } from 'react';
import { SlotBadge } from '../ui/SlotBadge';

/** Before the first run: what will be seen, and the big Start that `children` is. */
export function BeforeFirst({ children }: { children: ReactNode }) {
  return (
    <div className="grid min-h-72 place-items-center rounded-lg border border-dashed border-line p-6 text-center">
      <div className="grid max-w-120 justify-items-center gap-4">
        <div aria-hidden className="flex flex-wrap justify-center gap-1 opacity-80">
          {Array.from({ length: 9 }, (_, at) => (
            <SlotBadge key={at} slot={(at % 3) + 1} />
          ))}
        </div>
        <p className="text-balance text-dim">
          Every node answers on the published port, whichever node the task runs on. Start, and each
          answer appears here in the colour and letter of the replica that gave it, and lights it on
          the board: who answers, how evenly, how fast, and what breaks while you change things.
        </p>
        {children}
      </div>
    </div>
  );
}
