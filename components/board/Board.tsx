'use client';

import type { ReactNode } from 'react';
import type { SwarmView } from '@/lib/swarm/view';
import { AbsentPlace } from './AbsentPlace';
import { boardPlaces } from './board-places';
import { Hat, Place, Places } from './Hat';
import { pausedWords } from '../service/paused-words';
import { NodeCard } from './NodeCard';
import { Nodes, OtherNodes } from './OtherNodes';
import { lazyPart } from '../ui/lazy-part';
import { useBoardTasks } from './use-board-tasks';
import { WaitingLane } from './WaitingLane';

const PausedUpdates = lazyPart(() => import('./PausedUpdates').then((part) => part.PausedUpdates));
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
      <Hat
        name={places[0] ? undefined : 'Swarm'}
        strip={
          <>
            {notes}
            <div className="lane">
              {!past && view.services.some(pausedWords) && (
                <PausedUpdates services={view.services} />
              )}
              <WaitingLane tasks={waiting} />
              {byNode.size > view.nodes.length && <GoneNodes view={view} byNode={byNode} />}
            </div>
          </>
        }
      >
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
      </Hat>
      {places[0] && others[0] && <OtherNodes nodes={others} byNode={byNode} />}
    </div>
  );
}
