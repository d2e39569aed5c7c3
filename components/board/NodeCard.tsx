'use client';

import { memo, useId } from 'react';
import { hasEnded } from '@/lib/swarm/task-phase';
import type { NodeView } from '@/lib/swarm/view';
import { lazyPart } from '../ui/lazy-part';
import { Led } from '../ui/Led';
import { Tag } from '../ui/Tag';
import { Term } from '../ui/Term';
import type { BoardTask } from './board-tasks';
import { memoryWords, nodeCondition, roleWords } from './node-words';
import { NodeNotes } from './NodeNotes';
import { TaskList } from './TaskList';

// Usually empty at first, so it can load after the board is shown.
const NodeAnswers = lazyPart(() => import('./NodeAnswers').then((part) => part.NodeAnswers));

// The same array each time, for `memo`.
const NONE: readonly BoardTask[] = [];

/** One node: its state and facts, its tasks, and what they answered. Its height does not depend on its state. */
export const NodeCard = memo(function NodeCard({
  node,
  tasks = NONE,
}: {
  node: NodeView;
  tasks?: readonly BoardTask[] | undefined;
}) {
  const id = useId();
  const condition = nodeCondition(
    node,
    tasks.some(({ task }) => !hasEnded(task.phase)),
  );
  const isManager = node.role === 'manager';
  const noted = condition.words !== null || node.clock !== null || node.avoided.length > 0;
  return (
    <article
      className="node-card"
      aria-labelledby={id}
      data-node={node.name}
      data-id={node.id}
      data-state={node.state}
      data-availability={node.availability}
    >
      <div className="flex min-h-6 items-center gap-x-2">
        <Led tone={condition.tone} />
        <h3 id={id} className="min-w-0 text-[15px] wrap-anywhere">
          <button type="button" data-details aria-haspopup="dialog">
            {node.name}
          </button>
        </h3>
        {(isManager || node.here) && (
          <Tag className="ml-auto">
            {isManager && <Term id={node.leader ? 'leader' : 'manager'}>{roleWords(node)}</Term>}
            {isManager && node.here && ' · '}
            {node.here && 'this node'}
          </Tag>
        )}
      </div>
      <div className="node-facts" data-noted={noted || undefined}>
        {node.listed && <NodeFacts node={node} noted={noted} />}
        {noted && <NodeNotes node={node} condition={condition} />}
      </div>
      {tasks.length > 0 ? (
        <TaskList tasks={tasks} label={`tasks on ${node.name}`} />
      ) : (
        <p className="tasks content-center justify-center text-center text-xs text-dim">
          {node.idle}
        </p>
      )}
      <div className="node-foot min-h-5">
        <NodeAnswers nodeId={node.id} />
      </div>
    </article>
  );
});

/** `noted`: a note stands below them, on narrow pages in their place. */
function NodeFacts({ node, noted }: { node: NodeView; noted: boolean }) {
  const facts: readonly (readonly [label: string, value: string | null | false])[] = [
    ['role', node.role],
    ['architecture', node.arch],
    ['CPUs', node.cpus > 0 && `${node.cpus} cpu`],
    ['memory', node.memoryBytes > 0 && memoryWords(node.memoryBytes)],
    ['engine version', node.engineVersion],
    ['address', node.address],
  ];
  return (
    <ul className={`flex flex-wrap gap-x-2.5 ${noted ? 'max-wide:hidden' : ''}`}>
      {facts.map(
        ([label, value]) =>
          value && (
            <li key={label} className="wrap-anywhere" title={label}>
              <span className="sr-only">{label} </span>
              {value}
            </li>
          ),
      )}
    </ul>
  );
}
