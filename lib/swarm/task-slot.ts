import type { TaskView } from './view';

/**
 * Identifies a task's slot within its service, as docker's client does (docker/cli progress.go): the
 * number of its slot; for global services and global jobs each node is a slot.
 */
export function slotKey({ slot, nodeId }: Pick<TaskView, 'slot' | 'nodeId'>): number | string {
  return slot ?? nodeId ?? '';
}

/** Whether two tasks are attempts of one slot. */
export function isSameSlot(
  a: Pick<TaskView, 'serviceId' | 'slot' | 'nodeId'>,
  b: Pick<TaskView, 'serviceId' | 'slot' | 'nodeId'>,
): boolean {
  return a.serviceId === b.serviceId && slotKey(a) === slotKey(b);
}
