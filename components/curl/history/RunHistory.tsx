'use client';

import { memo, useState } from 'react';
import { RunList, type RunListProps } from './RunList';

/** The last 20 runs: each can be opened, and two can be compared. */
export const RunHistory = memo(function RunHistory(props: RunListProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="mt-4 border-t border-line pt-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="w-fit py-1 text-[13px]">Run history</summary>
      {open && <RunList {...props} />}
    </details>
  );
});
