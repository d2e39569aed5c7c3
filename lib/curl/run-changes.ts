import { changesBetween, type ChangeView } from '../swarm/changes';
import type { SwarmChange } from '../swarm/timeline-schemas';
import type { Mark, MarkKind } from './run';

/** The changes that a run marks; the others do not concern it. */
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

/** Changes between two views that concern a run: of its service, the service's tasks and all nodes. */
export function runChanges(before: ChangeView, after: ChangeView, serviceId: string): RunChange[] {
  return changesBetween(before, after).flatMap((change) => {
    const kind = MARKS[change.kind];
    const isOurs = change.serviceId === null || change.serviceId === serviceId;
    if (!kind || !isOurs) return [];
    const { text, taskId, nodeId, time } = change;
    return { kind, text, taskId, nodeId, time };
  });
}
