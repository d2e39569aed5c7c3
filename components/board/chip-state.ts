import { shortAge } from '@/lib/client/age';
import type { BoardTask } from './board-tasks';
import { isBroken, isEnded, isStarting, stateRank } from '@/lib/swarm/task-state';

/** How a chip says its task's state: always in words, the look only repeats them. */
export interface ChipState {
  /** `running 14 m`, `failed 2 m ago`. */
  words: string;
  look: 'ok' | 'moving' | 'stopping' | 'broken' | 'lost' | 'ended';
}

/** A task's state in a few words with its age at `now` (ms). */
export function chipState(
  { task, lostAt }: Pick<BoardTask, 'task' | 'lostAt'>,
  now: number,
): ChipState {
  const age = shortAge(now - task.stateAt);
  if (task.lost) {
    const since = lostAt === null ? '' : ` since ${shortAge(now - lostAt)} ago`;
    return { words: `unknown${since}`, look: 'lost' };
  }
  if (isBroken(task.state)) return { words: `${task.state} ${age} ago`, look: 'broken' };
  if (isEnded(task.state)) return { words: `${task.state} ${age} ago`, look: 'ended' };
  if (stateRank(task.desired) > stateRank('running')) {
    return { words: 'stopping', look: 'stopping' };
  }
  if (isStarting(task.state)) return { words: `${task.state} ${age}`, look: 'moving' };
  return { words: `${task.state} ${age}`, look: task.state === 'running' ? 'ok' : 'moving' };
}

/** What stands under the name: the container, or why there is none yet. */
export function chipContainer({ task }: Pick<BoardTask, 'task'>): string {
  if (task.container) return task.container;
  if (isEnded(task.state)) return 'never had a container';
  if (task.nodeId === null) return 'no node yet';
  if (task.desired === 'ready') return 'waits for the restart delay';
  return 'no container yet';
}

/**
 * The task's name on the board. A global service's tasks are named after a node's id, 25 letters
 * that say nothing beside the node that they stand on.
 */
export function chipName({ task, service }: Pick<BoardTask, 'task' | 'service'>): string {
  return task.slot === null ? service : task.name;
}
