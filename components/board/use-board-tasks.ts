import { useState } from 'react';
import { useFromNow } from '@/lib/client/hooks';
import { useBadges } from '@/lib/client/use-badges';
import type { SwarmView } from '@/lib/swarm/view';
import { boardTasks, type BoardTasks } from './board-tasks';

/** The tasks to show by node. Lists that did not change are the same objects. */
export function useBoardTasks(view: SwarmView): BoardTasks {
  // Only the removal of settled failures depends on the time: every 5 s is enough.
  const now = useFromNow((ms) => Math.floor(ms / 5000) * 5000);
  const badgeOf = useBadges(view);
  const make = (previous?: BoardTasks) => {
    return { view, now, badgeOf, tasks: boardTasks(view, now, previous, badgeOf) };
  };
  const [last, setLast] = useState(() => make());
  if (last.view === view && last.now === now && last.badgeOf === badgeOf) return last.tasks;
  const next = make(last.tasks);
  setLast(next);
  return next.tasks;
}
