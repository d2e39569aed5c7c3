import type { Change } from '@/lib/swarm/refusals';
import type { Action } from './action-store';

const CHANGES: Partial<Record<Action['kind'], Change>> = {
  create: 'create',
  update: 'update',
  restart: 'update',
  rollback: 'update',
  'change-service': 'update',
  // A proxy allows both together.
  remove: 'create',
  node: 'node',
  labels: 'node',
  'remove-node': 'remove-node',
  join: 'join',
};

/** The change of the engine that an action makes, which a proxy may have refused; undefined: it only reads. */
export function refusedBy({ kind }: Action): Change | undefined {
  return CHANGES[kind];
}
