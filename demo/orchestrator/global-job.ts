import { nodeMatches } from '../constraints';
import type { NodeRecord, ServiceRecord, Store } from '../store';
import type { RestartSupervisor } from './restart';
import { hasEnded, isInvalid, isOfIteration, isWanted, newTask } from './tasks';

/**
 * Starts a global job's task on every active node that satisfies its constraints and joined before
 * the iteration began, restarts those that failed, and removes all tasks of earlier iterations.
 */
export function reconcileGlobalJob(
  store: Store,
  restarts: RestartSupervisor,
  service: ServiceRecord,
): void {
  const tasks = store.tasksOfService(service.api.ID);
  const current = tasks.filter((task) => isOfIteration(service, task) && isWanted(task));
  const nodesWithTask = new Set(current.map((task) => task.api.NodeID));

  for (const node of store.nodes.values()) {
    if (nodesWithTask.has(node.api.ID) || !isCandidate(service, node)) continue;
    newTask(store, service, { nodeId: node.api.ID }, 'complete');
  }
  for (const task of current) {
    const node = store.nodes.get(task.api.NodeID ?? '')?.api;
    if (hasEnded(task)) {
      if (task.api.Status.State !== 'complete') restarts.restart(service, task);
    } else if (isInvalid(node)) {
      store.setDesired(task, 'shutdown');
    }
  }
  for (const task of tasks) {
    if (!isOfIteration(service, task)) store.setDesired(task, 'remove');
  }
}

function isCandidate(service: ServiceRecord, { api }: NodeRecord): boolean {
  const { Spec, JobStatus } = service.api;
  return (
    api.Status.State === 'ready' &&
    api.Spec.Availability === 'active' &&
    nodeMatches(Spec.TaskTemplate.Placement?.Constraints, api) &&
    Date.parse(api.CreatedAt) < Date.parse(JobStatus?.LastExecution ?? '')
  );
}
