'use client';

import { memo, useId } from 'react';
import { shortAge } from '@/lib/client/age';
import { useFromNow } from '@/lib/client/hooks';
import { hasEnded } from '@/lib/swarm/task-phase';
import type { NodeView } from '@/lib/swarm/view';
import { Help } from '../ui/Help';
import { lazyPart } from '../ui/lazy-part';
import { Led } from '../ui/Led';
import { Tag } from '../ui/Tag';
import { Term } from '../ui/Term';
import type { BoardTask } from './board-tasks';
import { memoryWords, nodeCondition, roleWords } from './node-words';
import { TaskList } from './TaskList';

// Empty at first, most often, so it can load after the board is shown.
const NodeFoot = lazyPart(() => import('./NodeFoot').then((part) => part.NodeFoot));

/** From this number of tasks on, a node shows them compactly. */
const CROWDED = 7;

// The same array each time, for `memo`.
const NONE: readonly BoardTask[] = [];

const TONES = { ok: 'text-ok', warn: 'text-warn', bad: 'text-bad' };

/** One node: its state and facts, its tasks, and what they answered. */
export const NodeCard = memo(function NodeCard({
  node,
  tasks = NONE,
}: {
  node: NodeView;
  tasks?: readonly BoardTask[] | undefined;
}) {
  const id = useId();
  const { tone, words, next, help } = nodeCondition(
    node,
    tasks.some(({ task }) => !hasEnded(task.phase)),
  );
  const age = useFromNow(
    (now) => node.listed && node.state !== 'ready' && shortAge(now - node.stateSince),
  );
  const isManager = node.role === 'manager';
  return (
    <article
      className="node-card"
      aria-labelledby={id}
      data-node={node.name}
      data-id={node.id}
      data-state={node.state}
      data-availability={node.availability}
    >
      <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
        <Led tone={tone} />
        <h3 id={id} className="min-w-0 text-[15px] wrap-anywhere">
          {node.name}
        </h3>
        {words && (
          <span className={`text-xs ${TONES[tone]}`}>
            {help === 'node-drained' ? (
              <Term id={words === 'drain' ? words : 'availability'}>{words}</Term>
            ) : (
              words
            )}
          </span>
        )}
        {(isManager || node.here) && (
          <Tag className="ml-auto">
            {isManager && <Term id={node.leader ? 'leader' : 'manager'}>{roleWords(node)}</Term>}
            {isManager && node.here && ' · '}
            {node.here && 'this node'}
          </Tag>
        )}
      </div>
      {node.listed && <NodeFacts node={node} />}
      {help && (
        <p className="text-xs text-dim">
          {next} <Help id={help} about={`${node.name} ${words}`} />
        </p>
      )}
      {age && <p className="text-xs text-warn">State unknown for {age}</p>}
      {node.clock && (
        <p className="text-xs text-warn">
          {node.clock} <Help id="node-clock" about={`clock of ${node.name}`} />
        </p>
      )}
      {tasks.length > 0 ? (
        <TaskList
          tasks={tasks}
          layout={tasks.length >= CROWDED ? 'compact' : 'list'}
          label={`tasks on ${node.name}`}
        />
      ) : (
        <p className="m-auto text-xs text-dim">{node.idle}</p>
      )}
      <NodeFoot node={node} />
    </article>
  );
});

function NodeFacts({ node }: { node: NodeView }) {
  const facts: readonly (readonly [label: string, value: string | null | false])[] = [
    ['role', node.role],
    ['architecture', node.arch],
    ['CPUs', node.cpus > 0 && `${node.cpus} cpu`],
    ['memory', node.memoryBytes > 0 && memoryWords(node.memoryBytes)],
    ['engine version', node.engineVersion],
    ['address', node.address],
  ];
  return (
    <ul className="node-facts">
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
