import { useMemo } from 'react';
import { badgesOf, removedMarks } from '../swarm/badges';
import type { SwarmView } from '../swarm/view';
import { useCached } from './use-cached';

export type { Badge } from '../swarm/badges';

/** The badges of a view's tasks; the same function until one of them can change. */
export function useBadges(view: SwarmView): ReturnType<typeof badgesOf> {
  const { services, nodes, goneNodes } = view;
  const curled = useCached('curled');
  // As text, because the tasks change with almost every view.
  const removed = JSON.stringify(removedMarks(view));
  return useMemo(
    () =>
      badgesOf(
        { services, nodes, goneNodes },
        curled,
        JSON.parse(removed) as Record<string, string>,
      ),
    [services, nodes, goneNodes, curled, removed],
  );
}
