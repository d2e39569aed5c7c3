import type { BoardTask } from './board-tasks';

/** Tasks that a node, or the waiting lane, shows before it asks whether to show them all. */
export const FOLD_AT = 40;

/**
 * The `most` tasks that are worth the room, in their order: those that do not simply run come
 * first, so that no trouble is ever folded away behind what is well.
 */
export function foldTasks(tasks: readonly BoardTask[], most = FOLD_AT): readonly BoardTask[] {
  if (tasks.length <= most) return tasks;
  const troubled = tasks.filter(({ task }) => !task.counts).length;
  let calm = Math.max(0, most - troubled);
  let bad = Math.min(troubled, most);
  return tasks.filter(({ task }) => (task.counts ? calm-- > 0 : bad-- > 0));
}
