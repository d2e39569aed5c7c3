import { nodeMatches } from '../constraints';
import type { Store } from '../store';
import { isOnNode, isWanted } from './tasks';

/** Rejects tasks on an active node whose labels or role no longer satisfy their constraints. */
export function enforceConstraints(store: Store): void {
  store.onChange((change) => {
    if (change.kind !== 'node' || change.action === 'remove') return;
    const node = change.record.api;
    if (node.Spec.Availability !== 'active') return;
    for (const task of store.tasksOnNode(node.ID)) {
      if (!isWanted(task) || !isOnNode(task)) continue;
      if (nodeMatches(task.api.Spec.Placement?.Constraints, node)) continue;
      store.updateTask(task, (api) => {
        api.Status = {
          ...api.Status,
          Timestamp: store.stamp(),
          State: 'rejected',
          Message: 'task rejected by constraint enforcer',
          Err: 'assigned node no longer meets constraints',
        };
      });
    }
  });
}
