'use client';

import { useState, type CSSProperties } from 'react';
import { boardPlaces, boardTasks, type BoardTask } from '@/lib/swarm/board';
import type { SwarmView } from '@/lib/swarm/view';
import { useFromNow } from '../live/hooks';
import { keepSame } from '../live/keep-same';
import { AbsentPlace } from './AbsentPlace';
import { NodeCard } from './NodeCard';
import { WaitingLane } from './WaitingLane';

const NONE: readonly BoardTask[] = [];

/**
 * Where every task runs. The HAT as it lies on the table: the controller, then ports P1 …, each
 * in its place whether it is there or not; what waits stands above, further nodes below.
 */
export function Board({ view, stale }: { view: SwarmView; stale: boolean }) {
  const { places, others } = boardPlaces(view);
  const { byNode, waiting } = useBoardTasks(view);
  return (
    <div className="board" data-stale={stale || undefined}>
      <section
        className="hat"
        aria-label="ClusterHAT"
        style={{ '--places': places.length } as CSSProperties}
      >
        <h2 className="silk hat-name">ClusterHAT</h2>
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
          <div className="others">
            {others.map((node) => (
              <NodeCard key={node.id} node={node} tasks={byNode.get(node.id) ?? NONE} />
            ))}
          </div>
        </section>
      )}
    </div>
  );
}

/** `boardTasks`, every list and item the same object until something in it changes. */
function useBoardTasks(view: SwarmView): {
  byNode: ReadonlyMap<string, readonly BoardTask[]>;
  waiting: readonly BoardTask[];
} {
  // Only the leaving of settled failures depends on the clock: looked at every five seconds.
  const now = useFromNow((ms) => Math.floor(ms / 5000) * 5000);
  const [keep] = useState(keeper);
  const { byNode, waiting } = boardTasks(view, now);
  const kept = keep({ '': waiting, ...Object.fromEntries(byNode) });
  return { byNode: new Map(Object.entries(kept)), waiting: kept[''] ?? NONE };
}

/** Remembers the last lists and gives them again as far as the next ones are equal. */
function keeper() {
  let last: Record<string, readonly BoardTask[]> = {};
  return (next: typeof last) => (last = keepSame(last, next));
}
