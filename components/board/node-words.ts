import type { HelpId } from '@/lib/swarm/troubleshooting';
import type { NodeView } from '@/lib/swarm/view';

/** `926 MiB`, `3.8 GiB`: as docker prints memory. */
export function memoryWords(bytes: number): string {
  const mib = bytes / 2 ** 20;
  return mib < 1024 ? `${Math.round(mib)} MiB` : `${(mib / 1024).toFixed(1)} GiB`;
}

/** What a node's lamp shows, the sentence beside it and its row of /help; null when all is well. */
export function nodeCondition({
  state,
  message,
  availability,
}: Pick<NodeView, 'state' | 'message' | 'availability'>): {
  tone: 'ok' | 'warn' | 'bad';
  words: string | null;
  next: string | null;
  help: HelpId | null;
} {
  const because = message ? ` · ${message}` : '';
  if (state === 'down') {
    return {
      tone: 'bad',
      words: `down${because}`,
      next: 'Its tasks may still run: nobody can tell. Check its power and network.',
      help: 'node-down',
    };
  }
  if (state !== 'ready') {
    return { tone: 'warn', words: `${state}${because}`, next: null, help: 'node-down' };
  }
  if (availability === 'drain') {
    return {
      tone: 'warn',
      words: 'drain',
      next: 'Takes no tasks: swarm moves them elsewhere.',
      help: 'node-drained',
    };
  }
  if (availability === 'pause') {
    return {
      tone: 'warn',
      words: 'pause',
      next: 'Keeps its tasks, takes no new ones.',
      help: 'node-drained',
    };
  }
  return { tone: 'ok', words: null, next: null, help: null };
}

/** The node's part in the swarm: `leader`, `manager (unreachable)`, `worker`. */
export function roleWords({ role, leader, reachability }: NodeView): string {
  if (leader) return 'leader';
  if (role === 'worker') return 'worker';
  return reachability && reachability !== 'reachable' ? `manager (${reachability})` : 'manager';
}
