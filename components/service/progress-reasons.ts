import { isGivenUp } from '@/lib/swarm/convergence';
import { runsOrFinished } from '@/lib/swarm/task-phase';
import type { TaskView } from '@/lib/swarm/view';
import type { ProgressRow } from './progress-rows';

/** Why some slots do not run; slots with the same reason are listed together. */
export interface Reason {
  /** `goweb.4`, `goweb.5` */
  names: string[];
  verb: 'waits' | 'failed' | 'ended';
  /** Our explanation, or the engine's error where we have none. */
  text: string;
  /** The id of the explanation's row in /help; null for an engine's error. */
  help: string | null;
  /** The engine's error where `text` is our explanation. */
  engine: string | null;
  /** Swarm starts no further attempt: the service's restart policy allows none. */
  final: boolean;
  /** The task that it is about, the first of several. */
  taskId: string;
  /** What can be done about it. */
  actions: TaskView['actions'];
}

const VERBS: Partial<Record<TaskView['phase'], Reason['verb']>> = {
  waiting: 'waits',
  finished: 'ended',
};

/** The reasons of all rows that do not run: their task's error, or that of the attempt before it. */
export function reasonsOf(rows: readonly ProgressRow[], tasks: readonly TaskView[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { name, task, leaving } of rows) {
    if (!task || leaving) continue;
    const final = isGivenUp(task);
    if (runsOrFinished(task.phase) && !final) continue;
    const cause = final || task.error !== '' ? task : previousAttempt(task, tasks);
    // The failure of an earlier spec, or of a job's earlier iteration, is no reason of this attempt.
    if (task.upToDate && cause?.upToDate === false) continue;
    if (!cause || (cause.error === '' && cause.hint === null && !final)) continue;
    const { hint, help, exitCode, phase, actions } = cause;
    const error = cause.error || `its program ended with exit code ${exitCode ?? 0}`;
    const key = `${hint ?? ''} ${error} ${final}`;
    const known = reasons.get(key);
    if (known) known.names.push(name);
    else {
      reasons.set(key, {
        names: [name],
        verb: VERBS[phase] ?? 'failed',
        text: hint ?? error,
        help,
        engine: hint === null ? null : error,
        final,
        taskId: cause.id,
        actions,
      });
    }
  }
  return [...reasons.values()];
}

/** The attempt of the same slot before a task. */
export function previousAttempt(
  { id }: TaskView,
  tasks: readonly TaskView[],
): TaskView | undefined {
  return tasks.find(({ nextTaskId }) => nextTaskId === id);
}
