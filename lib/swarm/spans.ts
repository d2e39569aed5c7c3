import { hasEnded } from './task-phase';
import type { Span } from './timeline-schemas';
import type { TaskView } from './view';

/** The open spans. They follow from the view, so only ended ones have to be stored. */
export function openSpans(tasks: readonly TaskView[]): Span[] {
  return tasks.flatMap((task) => {
    const span = openSpan(task);
    return span ? [span] : [];
  });
}

/** A task's open span; null when it has no node or has ended. */
function openSpan(task: TaskView): Span | null {
  const { id: taskId, name, serviceId, slot, nodeId, seenAt } = task;
  if (nodeId === null || seenAt === null || hasEnded(task.phase)) return null;
  return { taskId, name, serviceId, slot, nodeId, from: seenAt, to: null, end: endOf(task) };
}

/** The spans of `tasks` that end at `at`: the task has ended or is missing in `after` (by id). */
export function endedSpans(
  tasks: readonly TaskView[],
  after: ReadonlyMap<string, TaskView>,
  at: number,
): Span[] {
  return tasks.flatMap((task) => {
    const now = after.get(task.id);
    const span = openSpan(task);
    if (!span || (now && !hasEnded(now.phase))) return [];
    return [{ ...span, to: at, end: now ? endOf(now) : ('stopped' as const) }];
  });
}

function endOf(task: TaskView): Span['end'] {
  const { phase } = task;
  if (phase === 'lost' || phase === 'failed') return phase;
  if (phase === 'finished') return 'completed';
  if (hasEnded(phase)) return 'stopped';
  return task.state === 'running' ? 'running' : 'starting';
}
