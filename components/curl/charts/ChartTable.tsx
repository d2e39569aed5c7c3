'use client';

import { useState, type ReactNode } from 'react';
import { Scroller } from '../../ui/Scroller';
import { CliTable } from '../../ui/CliTable';

/** The accessible version of a chart: its numbers as a table, rendered only while it is open. */
export function ChartTable({
  summary,
  label,
  className,
  children,
}: {
  summary: string;
  /** Accessible name of the table. */
  label: string;
  className: string;
  children: () => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details className={className} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit text-xs text-dim touch:py-3.5">{summary}</summary>
      {open && (
        <Scroller label={label} className="mt-2 max-h-72">
          <CliTable>{children()}</CliTable>
        </Scroller>
      )}
    </details>
  );
}
