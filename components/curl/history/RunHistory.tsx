'use client';

import { memo, useState } from 'react';
import { lazyPart } from '../../ui/lazy-part';
import { Skeleton } from '../../ui/Skeleton';
import type { RunListProps } from './RunList';

const RunList = lazyPart(() => import('./RunList').then((part) => part.RunList));

/** The last 20 runs: each can be opened, and two can be compared. */
export const RunHistory = memo(function RunHistory(props: RunListProps) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="mt-4 border-t border-line pt-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="w-fit py-1 text-[13px] touch:py-3.5">Run history</summary>
      {open && <RunList {...props} fallback={<Skeleton className="mt-3 h-24" />} />}
    </details>
  );
});
