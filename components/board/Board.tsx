'use client';

import { useState, type ReactNode } from 'react';
import { useFromNow } from '@/lib/client/hooks';
import type { SwarmView } from '@/lib/swarm/view';
import { lazyPart } from '../ui/lazy-part';
import { AbsentPlace } from './AbsentPlace';
import { boardPlaces } from './board-places';
import { boardTasks, type BoardTask, type BoardTasks } from './board-tasks';
import { Hat, Place, Places } from './Hat';
import { NodeCard } from './NodeCard';
import { NodeCards } from './NodeCards';
import { WaitingLane } from './WaitingLane';

// A filter and pages, which most swarms never load.
const ManyNodes = lazyPart(() => import('./ManyNodes').then((part) => part.ManyNodes));

const NONE: readonly BoardTask[] = [];

/** Nodes beyond the HAT that are shown without a filter and pages. */
const FEW = 12;

/**
 * Where every task runs: tasks without a node above, the HAT's places in their order, further
 * nodes below.
 */
export function Board({
  view,
  stale,
  past,
}: {
  view: SwarmView;
  stale: boolean;
  /** The note on a board that shows the past. */
  past?: ReactNode;
}) {
  const { places, others } = boardPlaces(view);
  const { byNode, waiting } = useBoardTasks(view);
  return (
    <div
      className="transition-[filter,opacity] duration-300 data-stale:opacity-85 data-stale:saturate-15"
      data-board
      data-stale={stale || undefined}
      data-past={past ? '' : undefined}
    >
      <Hat outlined={Boolean(past)}>
        {past}
        <WaitingLane tasks={waiting} />
        <Places count={places.length}>
          {places.map(({ name, port, node }) => (
            <Place key={name} port={port}>
              {node ? (
                <NodeCard node={node} tasks={byNode.get(node.id) ?? NONE} />
              ) : (
                <AbsentPlace name={name} port={port} />
              )}
            </Place>
          ))}
        </Places>
      </Hat>
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
            <NodeCards
              nodes={others.map((node) => ({ node, tasks: byNode.get(node.id) ?? NONE }))}
            />
          )}
        </section>
      )}
    </div>
  );
}

function useBoardTasks(view: SwarmView): BoardTasks {
  // Only the removal of settled failures depends on the time: every 5 s is enough.
  const now = useFromNow((ms) => Math.floor(ms / 5000) * 5000);
  const [last, setLast] = useState(() => ({ view, now, tasks: boardTasks(view, now) }));
  if (last.view === view && last.now === now) return last.tasks;
  const tasks = boardTasks(view, now, last.tasks);
  setLast({ view, now, tasks });
  return tasks;
}
