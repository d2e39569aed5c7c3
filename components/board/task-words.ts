import { shortAge } from '@/lib/client/age';
import { hasEnded, type TaskPhase } from '@/lib/swarm/task-phase';
import type { BoardTask } from './board-tasks';

/** A task's state with its age at `now` (ms): `running 14 m`, `failed 2 m ago`. */
export function stateWords(
  { task, lostAt }: Pick<BoardTask, 'task' | 'lostAt'>,
  now: number,
): string {
  if (task.phase === 'lost') {
    return lostAt === null ? 'unknown' : `unknown for ${shortAge(now - lostAt)}`;
  }
  if (task.phase === 'leaving') return 'stopping';
  return `${task.state} ${shortAge(now - task.stateAt)}${hasEnded(task.phase) ? ' ago' : ''}`;
}

/** How a chip looks. Its text has the same meaning. */
export type ChipLook = 'ok' | 'moving' | 'stopping' | 'broken' | 'lost' | 'ended';

export const CHIP_LOOKS: Record<TaskPhase, ChipLook> = {
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

/** The colour of a task's state. */
export const STATE_TONES: Record<ChipLook, string> = {
  ok: 'text-ok',
  moving: 'text-warn',
  stopping: 'text-dim',
  broken: 'text-bad',
  lost: 'text-dim',
  ended: 'text-dim',
};

/** Docker's error without what every error begins with, for one line: `non-zero exit (137)`. */
export function errorLine(error: string): string {
  return error.replace(/^task: /, '');
}

/** As `errorLine`, for less room: `exit code 137`. */
export function shortError(error: string): string {
  return errorLine(error).replace(/^non-zero exit \((\d+)\)/, 'exit code $1');
}

/** The id of a task's container, or why it has none. */
export function containerWords({ container, phase, nodeId, state }: TaskContainer): string {
  if (container) return container;
  if (hasEnded(phase)) return 'never had a container';
  if (nodeId === null) return 'no node yet';
  if (state === 'ready') return 'in the restart delay';
  return 'no container yet';
}

type TaskContainer = Pick<BoardTask['task'], 'container' | 'phase' | 'nodeId' | 'state'>;

/** A task's name on its node, without the node's id that docker gives tasks without a slot and those of slot 0. */
export function taskName({ task, service }: Pick<BoardTask, 'task' | 'service'>): string {
  return task.slot === null ? service : `${service}.${task.slot}`;
}
