import { shortAge } from '@/lib/client/age';
import type { BoardTask } from './board-tasks';
import { hasEnded, type TaskPhase } from '@/lib/swarm/task-phase';

/** How a chip says its task's state: always in words, the look only repeats them. */
export interface ChipState {
  /** `running 14 m`, `failed 2 m ago`. */
  words: string;
  look: 'ok' | 'moving' | 'stopping' | 'broken' | 'lost' | 'ended';
}

const LOOKS: Record<TaskPhase, ChipState['look']> = {
  waiting: 'moving',
  starting: 'moving',
  unknown: 'moving',
  running: 'ok',
  leaving: 'stopping',
  lost: 'lost',
  failed: 'broken',
  finished: 'ended',
  stopped: 'ended',
};

/** A task's state in a few words with its age at `now` (ms). */
export function chipState(
  { task, lostAt }: Pick<BoardTask, 'task' | 'lostAt'>,
  now: number,
): ChipState {
  const age = shortAge(now - task.stateAt);
  const look = LOOKS[task.phase];
  if (task.phase === 'lost') {
    const since = lostAt === null ? '' : ` since ${shortAge(now - lostAt)} ago`;
    return { words: `unknown${since}`, look };
  }
  if (task.phase === 'leaving') return { words: 'stopping', look };
  return { words: `${task.state} ${age}${hasEnded(task.phase) ? ' ago' : ''}`, look };
}

/** What stands under the name: the container, or why there is none yet. */
export function chipContainer({ task }: Pick<BoardTask, 'task'>): string {
  if (task.container) return task.container;
  if (hasEnded(task.phase)) return 'never had a container';
  if (task.nodeId === null) return 'no node yet';
  if (task.state === 'ready') return 'waits for the restart delay';
  return 'no container yet';
}

/**
 * The task's name on the board. A global service's tasks are named after a node's id, 25 letters
 * that say nothing beside the node that they stand on.
 */
export function chipName({ task, service }: Pick<BoardTask, 'task' | 'service'>): string {
  return task.slot === null ? service : task.name;
}
