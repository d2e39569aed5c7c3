import type { SwarmView, TaskView } from './view';

/** Minimum length of an id's prefix. */
const MIN_PREFIX = 4;

/** Finds a task by its id, its name (`goweb.2`: the newest of the slot) or the start of its id. */
export function findTask(
  { tasks }: Pick<SwarmView, 'tasks'>,
  wanted: string,
): TaskView | undefined {
  const exact = tasks.find(({ id }) => id === wanted) ?? tasks.find(({ name }) => name === wanted);
  if (exact || wanted.length < MIN_PREFIX) return exact;
  const begun = tasks.filter(({ id }) => id.startsWith(wanted));
  return begun.length === 1 ? begun[0] : undefined;
}
