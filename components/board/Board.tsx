'use client';

import { useState, type ReactNode } from 'react';
import { useFromNow } from '@/lib/client/hooks';
import type { SwarmView } from '@/lib/swarm/view';
import { AbsentPlace } from './AbsentPlace';
import { boardPlaces } from './board-places';
import { boardTasks, type BoardTasks } from './board-tasks';
import { Hat, Place, Places } from './Hat';
import { NodeCard } from './NodeCard';
import { Nodes, OtherNodes } from './OtherNodes';
import { lazyPart } from '../ui/lazy-part';
import { useBadges } from '@/lib/client/use-badges';
import { WaitingLane } from './WaitingLane';

// Rare: a node was removed while tasks were on it.
const GoneNodes = lazyPart(() => import('./GoneNodes').then((part) => part.GoneNodes));

/**
 * Where every task runs: tasks without a node above, the HAT's places in their order, further
 * nodes below. Where no node matches a place, all of them in the frame.
 */
export function Board({
  view,
  stale,
  past,
  notes,
}: {
  view: SwarmView;
  stale: boolean;
  /** Whether the board shows a past view. */
  past: boolean;
  /** In the strip beside the board's name. */
  notes: ReactNode;
}) {
  const { places, others } = boardPlaces(view);
  const { byNode, waiting } = useBoardTasks(view);
  return (
    <div
      className="board"
      data-board
      data-stale={stale || undefined}
      data-past={past ? '' : undefined}
    >
      <Hat name={places[0] ? undefined : 'Swarm'}>
        {notes}
        <WaitingLane tasks={waiting} />
        {places[0] ? (
          <Places count={places.length}>
            {places.map(({ name, port, node }) => (
              <Place key={port} port={port}>
                {node ? (
                  <NodeCard node={node} tasks={byNode.get(node.id)} />
                ) : (
                  <AbsentPlace name={name} port={port} />
                )}
              </Place>
            ))}
          </Places>
        ) : (
          <Nodes nodes={others} byNode={byNode} />
        )}
        {byNode.size > view.nodes.length && <GoneNodes view={view} byNode={byNode} />}
      </Hat>
      {places[0] && others[0] && <OtherNodes nodes={others} byNode={byNode} />}
    </div>
  );
}

function useBoardTasks(view: SwarmView): BoardTasks {
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
