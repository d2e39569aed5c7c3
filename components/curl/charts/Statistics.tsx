'use client';

import { useState } from 'react';
import type { Run } from '@/lib/curl/run';
import { lazyPart } from '../../ui/lazy-part';

const StatisticsFacts = lazyPart(() =>
  import('./StatisticsFacts').then((part) => part.StatisticsFacts),
);

/** The facts of {@link StatisticsFacts}, which are loaded and rendered only while it is open. */
export function Statistics(facts: Pick<Run, 'details' | 'lagP99'>) {
  const [open, setOpen] = useState(false);
  return (
    <details className="mt-2" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary className="w-fit text-xs text-dim touch:py-3.5">Statistics</summary>
      {open && <StatisticsFacts {...facts} />}
    </details>
  );
}
