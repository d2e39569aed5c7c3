'use client';

import { useEffect, useRef, useState, type ReactNode } from 'react';
import { FixedNow } from '@/lib/client/clock';
import { useConnection, usePast, useView } from '@/lib/client/hooks';
import { findNode } from '@/lib/swarm/find-entity';
import { clockTime } from '@/lib/swarm/duration';
import { findTask } from '@/lib/swarm/find-task';
import type { SwarmView, TaskView } from '@/lib/swarm/view';
import { lazyPart } from '../ui/lazy-part';
import type { DetailsTarget } from './details-link';
import { clickedTarget, closeDetails, focusAfter, openDetails } from './details-store';
import { GoneNodeDetails, NodeDetails, NodeTitle } from './NodeDetails';
import { DetailsSheet } from './DetailsSheet';
import { TaskDetails, TaskTitle } from './TaskDetails';

const OutcomeNote = lazyPart(() =>
  import('../actions/OutcomeNote').then((part) => part.OutcomeNote),
);

/** The details of one task or node, as it is or, in the past view, as it was. */
export function DetailsDrawer({ target }: { target: DetailsTarget }) {
  const live = useView();
  const past = usePast();
  const connection = useConnection();
  const view = past?.view ?? live;
  const latest = useRef(target);
  useEffect(() => {
    latest.current = target;
  });
  // After the sheet has closed, which returns the focus to what had it when it opened.
  useEffect(() => () => focusAfter(latest.current)?.focus({ preventScroll: true }), []);
  const lastTask = useLastTask(target, past ? null : live);
  const { title, content } = view
    ? contentOf(target, view, live ?? view, past?.at ?? null, lastTask)
    : { title: 'Details', content: <p className="text-dim">No data of the swarm yet.</p> };
  return (
    <FixedNow value={past?.at ?? null}>
      <DetailsSheet
        title={title}
        subject={`${target.kind} ${target.id}`}
        onClose={closeDetails}
        onOutside={(under) => {
          const next = clickedTarget(under);
          if (next) openDetails(next.target, next.opener);
          else closeDetails();
        }}
      >
        {past && (
          <p className="rounded-lg border border-warn px-3 py-1.5 text-xs text-warn">
            As it was at {clockTime(past.at)}
          </p>
        )}
        {content}
        {/* Over the lower end, as it comes by itself: nothing moves under a pointer. */}
        {!past && connection.state === 'stale' && (
          <p className="sticky bottom-0 -mx-4 -mb-4 border-t border-line bg-panel px-4 py-3 text-warn sm:-mx-5 sm:px-5">
            {`Not live. ${connection.problem?.detail ?? ''}`}
          </p>
        )}
        <OutcomeNote />
      </DetailsSheet>
    </FixedNow>
  );
}

/** The task of the details as it was last seen: swarm removes the tasks of a slot that is scaled away. */
function useLastTask(target: DetailsTarget, view: SwarmView | null): TaskView | null {
  const task = target.kind === 'task' && view ? findTask(view, target.id) : undefined;
  const [last, setLast] = useState(task);
  if (task && task !== last) setLast(task);
  return last && view && target.kind === 'task' && last.id === target.id ? last : null;
}

function contentOf(
  { kind, id }: DetailsTarget,
  view: SwarmView,
  live: SwarmView,
  at: number | null,
  lastTask: TaskView | null,
): { title: ReactNode; content: ReactNode } {
  const inEntity = { view, live, at };
  if (kind === 'task') {
    const task = findTask(view, id);
    const shown = task ?? lastTask;
    if (!shown && view.refused.reads.includes('TASKS')) {
      return {
        title: 'Details',
        content: <p>The tasks are unknown: a proxy in front of the engine refuses TASKS.</p>,
      };
    }
    if (!shown) return unknown('task', id, at !== null && findTask(live, id) !== undefined);
    return {
      title: <TaskTitle task={shown} view={view} removed={!task} />,
      content: <TaskDetails key={shown.id} task={shown} removed={!task} {...inEntity} />,
    };
  }
  const node = findNode(view, id);
  if (node === 'ambiguous') {
    return {
      title: id,
      content: <p>More than one node has this name. Open the details from the board.</p>,
    };
  }
  if (node) {
    return {
      title: <NodeTitle node={node} view={view} />,
      content: <NodeDetails key={node.id} node={node} {...inEntity} />,
    };
  }
  const gone = view.goneNodes.find((one) => one.id === id || one.name === id);
  if (gone) return { title: gone.name, content: <GoneNodeDetails node={gone} {...inEntity} /> };
  const known = findNode(live, id);
  return unknown('node', id, at !== null && known !== undefined);
}

function unknown(kind: 'task' | 'node', id: string, later: boolean) {
  const command = kind === 'task' ? 'docker service ps' : 'docker node ls';
  return {
    title: <span className="font-mono">{id.slice(0, 64)}</span>,
    content: later ? (
      <p>{`This ${kind} was not in the swarm at that time.`}</p>
    ) : (
      <>
        <p className="text-warn">{`No ${kind} of the swarm has this name or id.`}</p>
        <p className="text-dim">
          {kind === 'task'
            ? 'Swarm keeps only the last few tasks of each slot. '
            : 'It may have left the swarm. '}
          <code className="font-mono">{command}</code> lists those that there are.
        </p>
      </>
    ),
  };
}
