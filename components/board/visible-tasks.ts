import type { BoardTask } from './board-tasks';

/** Tasks that a node or the waiting lane shows without a click. */
const MAX_VISIBLE = 40;

/** At most `max` tasks in their order; those that are not running go before running ones. */
export function visibleTasks(tasks: readonly BoardTask[], max = MAX_VISIBLE): readonly BoardTask[] {
  if (tasks.length <= max) return tasks;
  const problems = tasks.filter(({ task }) => task.phase !== 'running').length;
  let problemsLeft = Math.min(problems, max);
  let runningLeft = max - problemsLeft;
  return tasks.filter(({ task }) =>
    task.phase === 'running' ? runningLeft-- > 0 : problemsLeft-- > 0,
  );
}
