'use client';

import { useRun } from '@/lib/client/hooks';
import { Meter } from '../ui/Meter';
import { slotLook } from '../ui/slot';

/** How many requests of the current or last run the node's tasks answered; nothing before the first run. */
export function NodeAnswers({ nodeId }: { nodeId: string }) {
  const run = useRun()?.run;
  if (!run) return null;
  const shares = run.shares.filter((share) => share.nodeId === nodeId);
  const answers = shares.reduce((sum, share) => sum + share.answers, 0);
  const all = run.shares.reduce((sum, share) => sum + share.answers, 0);
  return (
    <p className="mt-auto flex items-center gap-2 pt-0.5 text-xs whitespace-nowrap text-dim in-data-past:invisible">
      <span>answered {answers}</span>
      <Meter
        // Changes four times a second during a run: a transition would lay out every frame.
        className="flex-1 [&>i]:transition-none"
        parts={shares.map(({ taskId, name, slot, share }) => ({
          key: taskId ?? name,
          width: share,
          color: slotLook(slot).color,
        }))}
      />
      {all > 0 && <span>{Math.round((answers / all) * 100)}%</span>}
    </p>
  );
}
