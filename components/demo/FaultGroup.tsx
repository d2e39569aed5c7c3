import { useId, type ReactNode } from 'react';
import type { DemoChange } from '@/lib/demo-control';

/** Props of every group of faults. */
export interface FaultActions {
  /** Whether its controls are disabled. */
  off: boolean;
  change: (change: DemoChange) => void;
}

/** The controls of one kind of fault. */
export function FaultGroup({
  title,
  note,
  children,
}: {
  title: string;
  /** What to expect, and when. */
  note: string;
  children: ReactNode;
}) {
  const id = useId();
  return (
    <div role="group" aria-labelledby={id} className="min-w-0">
      <h2 id={id} className="mb-1.5 text-sm">
        {title}
      </h2>
      <div className="flex flex-wrap items-center gap-2">{children}</div>
      <p className="mt-1.5 text-xs text-dim">{note}</p>
    </div>
  );
}
