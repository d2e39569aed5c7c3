'use client';

import { memo, useState } from 'react';
import type { PastRun } from './fetch-runs';
import { RunList } from './RunList';

/** The last 20 runs: each can be opened, and two can be compared. */
export const RunHistory = memo(function RunHistory({
  latest,
  shown,
  onOpen,
}: {
  /** Id and state of the latest run: the list is fetched again when it changes. */
  latest: string;
  /** Id of the run that is shown above. */
  shown: string | null;
  onOpen: (past: PastRun) => void;
}) {
  const [open, setOpen] = useState(false);
  return (
    <details
      className="mt-4 border-t border-line pt-3"
      onToggle={(event) => setOpen(event.currentTarget.open)}
    >
      <summary className="w-fit py-1 text-[13px]">Run history</summary>
      {open && <RunList latest={latest} shown={shown} onOpen={onOpen} />}
    </details>
  );
});
