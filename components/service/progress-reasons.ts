import { runsOrFinished } from '@/lib/swarm/task-phase';
import type { TaskView } from '@/lib/swarm/view';
import type { ProgressRow } from './progress-rows';

/** Why some slots do not run; slots with the same reason are listed together. */
export interface Reason {
  /** `goweb.4`, `goweb.5` */
  names: string[];
  verb: 'waits' | 'failed';
  /** Our explanation, or the engine's error where we have none. */
  text: string;
  /** The id of the explanation's row in /help; null for an engine's error. */
  help: string | null;
  /** The engine's error where `text` is our explanation. */
  engine: string | null;
}

/** The reasons of all rows that do not run: their task's error, or that of the attempt before it. */
export function reasonsOf(rows: readonly ProgressRow[], tasks: readonly TaskView[]): Reason[] {
  const reasons = new Map<string, Reason>();
  for (const { name, task, leaving } of rows) {
    if (!task || leaving || runsOrFinished(task.phase)) continue;
    const failed = task.error === '' ? previousAttempt(task, tasks) : task;
    if (!failed || failed.error === '') continue;
    const { hint, help, error, phase } = failed;
    const key = `${hint ?? ''} ${error}`;
    const known = reasons.get(key);
    if (known) known.names.push(name);
    else {
      reasons.set(key, {
        names: [name],
        verb: phase === 'waiting' ? 'waits' : 'failed',
        text: hint ?? error,
        help,
        engine: hint === null ? null : error,
      });
    }
  }
  return [...reasons.values()];
}

function previousAttempt({ id }: TaskView, tasks: readonly TaskView[]): TaskView | undefined {
  return tasks.find(({ nextTaskId }) => nextTaskId === id);
}
