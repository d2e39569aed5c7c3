'use client';

import { memo, useId } from 'react';
import type { BoardTask } from './board-tasks';
import type { NodeView } from '@/lib/swarm/view';
import { shortAge } from '@/lib/client/age';
import { useFromNow } from '@/lib/client/hooks';
import { Help } from '../ui/Help';
import { lazyPart } from '../ui/lazy-part';
import { Chips } from './Chips';
import { memoryWords, nodeCondition, roleWords } from './node-words';
import { Led } from '../ui/Led';
import { Tag } from '../ui/Tag';

// Shows nothing before the first run, so it can come after the first picture.
const NodeShare = lazyPart(() => import('./NodeShare').then((part) => part.NodeShare));

/** From this many tasks on, a node shows them compactly. */
const CROWDED = 7;

/** One node with everything swarm says about it, and its tasks. */
export const NodeCard = memo(function NodeCard({
  node,
  tasks,
}: {
  node: NodeView;
  tasks: readonly BoardTask[];
}) {
  const id = useId();
  const { tone, words, next, help } = nodeCondition(node);
  const ago = useFromNow((now) => node.state !== 'ready' && shortAge(now - node.stateSince));
  const tags = [node.role === 'manager' && roleWords(node), node.here && 'this node'].filter(
    Boolean,
  );
  const facts: readonly (readonly [label: string, value: string])[] = [
    ['role', node.role],
    ['architecture', node.arch],
    ['CPUs', `${node.cpus} cpu`],
    ['memory', memoryWords(node.memoryBytes)],
    ['engine version', node.engineVersion],
    ['address', node.address ?? ''],
  ];
  return (
    <article
      className="node"
      aria-labelledby={id}
      data-node={node.name}
      data-state={node.state}
      data-availability={node.availability}
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Led tone={tone} />
        <h3 id={id} className="min-w-0 text-[15px] wrap-anywhere">
          {node.name}
        </h3>
        {words && <span className={`text-xs text-${tone}`}>{words}</span>}
        {tags.length > 0 && <Tag className="ml-auto">{tags.join(' · ')}</Tag>}
      </div>
      <ul className="facts">
        {facts.map(
          ([label, value]) =>
            value && (
              <li key={label} title={label}>
                <span className="sr-only">{label} </span>
                {value}
              </li>
            ),
        )}
      </ul>
      {help && (
        <p className="text-xs text-dim">
          {next} <Help id={help} about={`${node.name} ${words}`} />
        </p>
      )}
      {ago && <p className="text-xs text-warn">Unknown since {ago} ago.</p>}
      {tasks.length > 0 ? (
        <Chips tasks={tasks} compact={tasks.length >= CROWDED} label={`tasks on ${node.name}`} />
      ) : (
        <p className="idle">no tasks</p>
      )}
      <NodeShare nodeId={node.id} />
    </article>
  );
});
