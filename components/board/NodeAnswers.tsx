'use client';

import { useRun, useView } from '@/lib/client/hooks';
import { useCached } from '@/lib/client/use-cached';
import { sharesOnBoard } from '@/lib/curl/board-shares';
import { useBadges } from '@/lib/client/use-badges';
import type { Run, Share } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { Meter } from '../ui/Meter';
import { slotLook } from '../ui/slot';

/**
 * What was requested of the node and is not shown yet; else the number of requests that its tasks answered in the run that
 * the page shows; nothing without a run.
 */
export function NodeAnswers({ nodeId }: { nodeId: string }) {
  const view = useView();
  const run = useShownRun();
  const requested = useCached('requested')?.[nodeId];
  if (requested) return <p className="mt-auto pt-0.5 text-xs text-accent">{requested}</p>;
  const all = view && cachedShares(run, view.tasks);
  if (!all || !run) return null;
  return <Answers nodeId={nodeId} all={all} serviceId={run.request.serviceId} view={view} />;
}

function Answers({
  nodeId,
  all,
  serviceId,
  view,
}: {
  nodeId: string;
  all: readonly Share[];
  serviceId: string;
  view: SwarmView;
}) {
  const badgeOf = useBadges(view);
  const shares = all.filter((share) => share.nodeId === nodeId);
  const answers = answersOf(shares);
  const total = answersOf(all);
  return (
    <p
      data-answers={answers}
      className="mt-auto flex items-center gap-2 pt-0.5 text-xs whitespace-nowrap text-dim in-data-past:invisible"
    >
      <span>answered {answers}</span>
      <Meter
        // Changes four times a second during a run: a transition would lay out every frame.
        className="flex-1 [&>i]:transition-none"
        parts={shares.map(({ taskId, name, slot, share }) => ({
          key: taskId ?? name,
          width: share,
          color: slotLook(badgeOf({ serviceId, slot, nodeId, name })).color,
        }))}
      />
      {total > 0 && <span>{Math.round((answers / total) * 100)}%</span>}
    </p>
  );
}

function answersOf(shares: readonly Share[]): number {
  return shares.reduce((sum, { answers }) => sum + answers, 0);
}

function useShownRun(): Run | null | undefined {
  const latest = useRun()?.run;
  return useCached('openedRun') ?? latest;
}

type Args = Parameters<typeof sharesOnBoard>;

/** The last result: each node's card asks for the same. */
let last: { run: Args[0]; tasks: Args[1]; shares: ReturnType<typeof sharesOnBoard> } | undefined;

function cachedShares(...[run, tasks]: Args): readonly Share[] | null {
  if (last?.run !== run || last?.tasks !== tasks) {
    last = { run, tasks, shares: sharesOnBoard(run, tasks) };
  }
  return last.shares;
}
