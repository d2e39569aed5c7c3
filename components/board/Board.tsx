'use client';

import { useState, type CSSProperties, type ReactNode } from 'react';
import { useFromNow } from '@/lib/client/hooks';
import type { SwarmView } from '@/lib/swarm/view';
import { lazyPart } from '../ui/lazy-part';
import { AbsentPlace } from './AbsentPlace';
import { boardPlaces } from './board-places';
import { boardTasks, type BoardTask, type BoardTasks } from './board-tasks';
import { NodeCard } from './NodeCard';
import { WaitingLane } from './WaitingLane';

// More than a handful of further nodes need a filter and pages: code that most swarms never load.
const ManyNodes = lazyPart(() => import('./ManyNodes').then((part) => part.ManyNodes));

const NONE: readonly BoardTask[] = [];

/** Up to so many nodes beyond the HAT are simply shown. */
const FEW = 12;

/**
 * Where every task runs. The HAT as it lies on the table: the controller, then ports P1 …, each
 * in its place whether it is there or not; what waits stands above, further nodes below.
 */
export function Board({
  view,
  stale,
  past,
}: {
  view: SwarmView;
  stale: boolean;
  /** It is not the present: what to say about that. */
  past?: ReactNode;
}) {
  const { places, others } = boardPlaces(view);
  const { byNode, waiting } = useBoardTasks(view);
  return (
    <div
      data-board
      className="board"
      data-stale={stale || undefined}
      data-past={past ? '' : undefined}
    >
      <section
        className="hat"
        aria-label="ClusterHAT"
        style={{ '--places': places.length } as CSSProperties}
      >
        <h2 className="silk hat-name">ClusterHAT</h2>
        {past}
        <WaitingLane tasks={waiting} />
        <div className="places" data-many={places.length > 6 || undefined}>
          {places.map(({ name, port, node }) => (
            <div key={name} className="place">
              <span aria-hidden className="silk port">
                {port ?? 'GPIO'}
              </span>
              {node ? (
                <NodeCard node={node} tasks={byNode.get(node.id) ?? NONE} />
              ) : (
                <AbsentPlace name={name} port={port} />
              )}
            </div>
          ))}
        </div>
      </section>
      {others.length > 0 && (
        <section aria-label="Other nodes" className="mt-4">
          <h2 className="mb-2 text-sm">
            Other nodes <span className="font-normal text-dim">{others.length} beyond the HAT</span>
          </h2>
          {others.length > FEW ? (
            <ManyNodes
              nodes={others}
              byNode={byNode}
              fallback={<div className="min-h-200" aria-busy="true" />}
            />
          ) : (
            <div className="others">
              {others.map((node) => (
                <NodeCard key={node.id} node={node} tasks={byNode.get(node.id) ?? NONE} />
              ))}
            </div>
          )}
        </section>
      )}
    </div>
  );
}

function useBoardTasks(view: SwarmView): BoardTasks {
  // Only the removal of settled failures depends on the time: every 5 s is enough.
  const now = useFromNow((ms) => Math.floor(ms / 5000) * 5000);
  const [remembered, remember] = useState({ view, now, tasks: boardTasks(view, now) });
  if (remembered.view === view && remembered.now === now) return remembered.tasks;
  const tasks = boardTasks(view, now, remembered.tasks);
  remember({ view, now, tasks });
  return tasks;
}
