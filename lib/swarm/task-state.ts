/**
 * Every state that a task can be in, in the order in which swarmkit numbers them
 * (swarmkit/api/types.proto, `TaskState`): a later state is further along, and everything after
 * `running` is an end. `allocated` is swarmkit's own word for what the API calls pending.
 */
export const TASK_STATES = [
  'new',
  'allocated',
  'pending',
  'assigned',
  'accepted',
  'preparing',
  'ready',
  'starting',
  'running',
  'complete',
  'shutdown',
  'failed',
  'rejected',
  'remove',
  'orphaned',
] as const;

/** A task's state; `unknown` is what we show for one that this version has no word for. */
export type TaskState = (typeof TASK_STATES)[number] | 'unknown';

/** A state's place in swarmkit's order; an unknown state comes before all others. */
export function stateRank(state: TaskState): number {
  return (TASK_STATES as readonly string[]).indexOf(state);
}

/**
 * Whether a task with this desired state should run. A job's tasks have the desired state
 * `complete` from the start (measured), every other task that may run has `running` or an earlier one.
 */
export function mayRun(desired: TaskState): boolean {
  return stateRank(desired) <= stateRank('complete');
}

/**
 * How many of the nine cells of docker's progress bar a task has filled (docker/cli
 * `progress.go`, `numberedStates`): 1 for new up to 9 for running, 0 for anything else.
 */
export function progressCells(state: TaskState): number {
  const rank = stateRank(state);
  return rank >= 0 && rank <= stateRank('running') ? rank + 1 : 0;
}
