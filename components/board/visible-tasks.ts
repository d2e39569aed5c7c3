import { runsOrFinished } from '@/lib/swarm/task-phase';
import type { BoardTask } from './board-tasks';

/** At most `max` tasks in their order; those that should run and do not go first. */
export function visibleTasks(tasks: readonly BoardTask[], max: number): readonly BoardTask[] {
  if (tasks.length <= max) return tasks;
  const problems = tasks.filter(({ task }) => !runsOrFinished(task.phase)).length;
  let problemsLeft = Math.min(problems, max);
  let othersLeft = max - problemsLeft;
  return tasks.filter(({ task }) =>
    runsOrFinished(task.phase) ? othersLeft-- > 0 : problemsLeft-- > 0,
  );
}

/** The tasks that fit `max` places: one less when some are left out, as their number needs a place. */
export function foldedTasks(tasks: readonly BoardTask[], max: number): readonly BoardTask[] {
  return tasks.length > max ? visibleTasks(tasks, max - 1) : tasks;
}
