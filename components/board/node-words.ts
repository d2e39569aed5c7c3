import type { HelpId } from '@/lib/swarm/hints/troubleshooting';
import type { NodeView } from '@/lib/swarm/view';

/** `926 MiB`, `3.8 GiB`: the units of `docker info`. */
export function memoryWords(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib < 1024 ? `${Math.round(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

/** How the board shows a node's state and availability; `words`, `next` and `help` explain a problem. */
export interface NodeCondition {
  tone: 'ok' | 'warn' | 'bad';
  words: string | null;
  next: string | null;
  help: HelpId | null;
}

/** The colour of a node's condition. */
export const CONDITION_TONES: Record<NodeCondition['tone'], string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  bad: 'text-bad',
};

/** The node's condition; its state matters more than its availability. `hasLiveTasks`: some have not ended. */
export function nodeCondition(
  {
    state,
    message,
    availability,
    listed,
  }: Pick<NodeView, 'state' | 'message' | 'availability' | 'listed'>,
  hasLiveTasks = false,
): NodeCondition {
  const reason = message ? ` · ${message}` : '';
  if (state === 'down') {
    return {
      tone: 'bad',
      words: `down${reason}`,
      next: `${hasLiveTasks ? 'Its tasks may still be running; swarm cannot tell. ' : ''}Check its power and network.`,
      help: 'node-down',
    };
  }
  if (state !== 'ready') {
    const help = listed ? 'node-down' : 'engine-refused';
    return { tone: 'warn', words: `${state}${reason}`, next: null, help };
  }
  if (availability === 'drain') {
    return {
      tone: 'warn',
      words: 'drain',
      next: `Takes no tasks${hasLiveTasks ? ': swarm moves them to other nodes' : ''}.`,
      help: 'node-drained',
    };
  }
  if (availability === 'pause') {
    return {
      tone: 'warn',
      words: 'pause',
      next: hasLiveTasks ? 'Keeps its tasks and takes no new ones.' : 'Takes no new tasks.',
      help: 'node-drained',
    };
  }
  return { tone: 'ok', words: null, next: null, help: null };
}

/** The node's role in the swarm: `leader`, `manager (unreachable)`, `worker`. */
export function roleWords({ role, leader, reachability }: NodeView): string {
  if (leader) return 'leader';
  if (role === 'worker') return 'worker';
  return reachability && reachability !== 'reachable' ? `manager (${reachability})` : 'manager';
}
