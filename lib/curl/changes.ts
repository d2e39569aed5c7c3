import { changesBetween, type SwarmChange, type ChangeView } from '../swarm/changes';
import type { Mark, MarkKind } from './run';

/** What happened to the swarm between two pictures, as far as it can matter to a run. */

/** Of all that can happen, what a run marks. */
const MARKS: Partial<Record<SwarmChange['kind'], MarkKind>> = {
  scaled: 'scale',
  updated: 'update',
  'rolled back': 'rollback',
  drained: 'drain',
  paused: 'pause',
  activated: 'activate',
  'task failed': 'task failed',
  'node down': 'node down',
  'node left': 'node down',
  'node up': 'node up',
  'node joined': 'node up',
};

/** One change that a run marks. */
export type RunChange = Pick<Mark, 'kind' | 'text' | 'taskId' | 'nodeId'> &
  Pick<SwarmChange, 'time'>;

/** The changes from one picture to the next: the service's own, its tasks', every node's. */
export function runChanges(before: ChangeView, after: ChangeView, serviceId: string): RunChange[] {
  return changesBetween(before, after).flatMap((change) => {
    const kind = MARKS[change.kind];
    const isOurs = change.serviceId === null || change.serviceId === serviceId;
    if (!kind || !isOurs) return [];
    const { text, taskId, nodeId, time } = change;
    return { kind, text, taskId, nodeId, time };
  });
}
