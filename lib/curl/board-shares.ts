import type { TaskView } from '../swarm/view';
import type { Run, Share } from './run';

/**
 * The shares of answers that the board shows beside the nodes. Those of an active run; those of one that has ended only
 * while every task that ran at its end still runs: afterwards they describe an earlier swarm. Null: none.
 */
export function sharesOnBoard(
  run: Pick<Run, 'state' | 'shares'> | null | undefined,
  tasks: readonly Pick<TaskView, 'id' | 'phase'>[],
): readonly Share[] | null {
  if (!run) return null;
  if (run.state === 'running') return run.shares;
  const last = run.shares.filter(({ running }) => running);
  if (last.length === 0) return null;
  const running = new Set(tasks.flatMap(({ id, phase }) => (phase === 'running' ? id : [])));
  return last.every(({ taskId }) => taskId !== null && running.has(taskId)) ? run.shares : null;
}
