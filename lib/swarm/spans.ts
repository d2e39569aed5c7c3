import * as z from 'zod/mini';
import { isBroken, isEnded } from './task-state';
import type { TaskView } from './view';

/** One task's time on one node, for the swimlanes. Times are milliseconds by the dashboard's clock. */
export const spanSchema = z.object({
  taskId: z.string(),
  name: z.string(),
  serviceId: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.string(),
  /** When it was first seen there. */
  from: z.number(),
  /** When it was seen to have ended; null while it has not. */
  to: z.nullable(z.number()),
  end: z.enum(['running', 'starting', 'failed', 'stopped', 'lost']),
});
export type Span = z.infer<typeof spanSchema>;

/** The spans that last, which are the view said in another way: only what has ended has to be kept. */
export function openSpans(tasks: readonly TaskView[]): Span[] {
  return tasks.flatMap((task) => {
    const span = openSpan(task);
    return span ? [span] : [];
  });
}

/** A task's time on its node as long as it lasts; null when it has none, or its time is over. */
function openSpan(task: TaskView): Span | null {
  const { id: taskId, name, serviceId, slot, nodeId, seenAt } = task;
  if (nodeId === null || seenAt === null || isEnded(task.state)) return null;
  return { taskId, name, serviceId, slot, nodeId, from: seenAt, to: null, end: endOf(task) };
}

/** The spans of `tasks` that are over at `at`, being ended or gone in what came `after` (by id). */
export function endedSpans(
  tasks: readonly TaskView[],
  after: ReadonlyMap<string, TaskView>,
  at: number,
): Span[] {
  return tasks.flatMap((task) => {
    const now = after.get(task.id);
    const span = openSpan(task);
    if (!span || (now && !isEnded(now.state))) return [];
    return [{ ...span, to: at, end: now ? endOf(now) : ('stopped' as const) }];
  });
}

function endOf(task: TaskView): Span['end'] {
  if (task.lost) return 'lost';
  if (isBroken(task.state)) return 'failed';
  if (isEnded(task.state)) return 'stopped';
  return task.state === 'running' ? 'running' : 'starting';
}
