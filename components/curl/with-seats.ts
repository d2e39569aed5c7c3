import type { Run } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { badgesOf } from '@/lib/swarm/badges';

/**
 * Gives the shares of a global service's run, which have no slots, the number of their node, so that the charts have
 * the letters of the board. Other runs are returned as they are.
 */
export function withSeats(
  run: Run,
  view: Pick<SwarmView, 'services' | 'nodes' | 'goneNodes'>,
): Run {
  const { serviceId } = run.request;
  if (run.shares.every(({ slot, nodeId }) => slot !== null || nodeId === null)) return run;
  const badgeOf = badgesOf(view, serviceId);
  const shares = run.shares.map((share) => {
    const seat = share.slot ?? badgeOf({ ...share, serviceId });
    return { ...share, slot: typeof seat === 'number' ? seat : null };
  });
  return { ...run, shares };
}
