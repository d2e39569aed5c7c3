'use client';

import { useState, type ReactNode } from 'react';
import { Scroller } from '../../ui/Scroller';
import { CliTable } from '../../ui/CliTable';

/** A chart's numbers as a table, drawn only while it is open: for those who cannot see the chart. */
export function AsTable({
  summary,
  label,
  className,
  children,
}: {
  summary: string;
  /** What the opened table is called. */
  label: string;
  className: string;
  children: () => ReactNode;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details className={className} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit text-xs text-dim">{summary}</summary>
      {open && (
        <Scroller label={label} className="mt-2 max-h-72">
          <CliTable>{children()}</CliTable>
        </Scroller>
      )}
    </details>
  );
}
