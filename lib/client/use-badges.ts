import { useMemo } from 'react';
import { badgesOf } from '../swarm/badges';
import type { SwarmView } from '../swarm/view';
import { useCached } from './use-cached';

export type { Badge } from '../swarm/badges';

/** The badges of a view's tasks; the same function until one of them can change. */
export function useBadges({
  services,
  nodes,
  goneNodes,
}: Pick<SwarmView, 'services' | 'nodes' | 'goneNodes'>): ReturnType<typeof badgesOf> {
  const curled = useCached('curled');
  return useMemo(
    () => badgesOf({ services, nodes, goneNodes }, curled),
    [services, nodes, goneNodes, curled],
  );
}
