import type { TaskView } from '@/lib/swarm/view';
import { isStarting } from '@/lib/swarm/task-phase';
import { previousAttempt } from '../service/progress-reasons';

const isExplained = ({ error, hint }: TaskView) => error !== '' || hint !== null;

/**
 * The task whose error explains why this one does not run: it itself, or, of one that has just been started again, the
 * attempt before it. Null where nothing is wrong.
 */
export function causeOf(task: TaskView, tasks: readonly TaskView[]): TaskView | null {
  if (isExplained(task)) return task;
  if (!isStarting(task.phase)) return null;
  const before = previousAttempt(task, tasks);
  const broke = before?.phase === 'failed' || before?.phase === 'finished';
  return before && broke && isExplained(before) ? before : null;
}

/** The heading above the explanation. */
export function whyTitle(task: TaskView, cause: TaskView): string {
  if (cause !== task) return 'Why it starts again';
  if (task.phase === 'waiting') return 'Why it waits';
  if (task.phase === 'finished') return 'Why it ended';
  if (task.phase !== 'failed') return 'Error';
  return task.state === 'rejected' ? 'Why it was rejected' : 'Why it failed';
}
