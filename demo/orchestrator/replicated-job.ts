import type { ServiceRecord, Store } from '../store';
import type { RestartSupervisor } from './restart';
import { hasEnded, isOfIteration, isWanted, newTask } from './tasks';

/**
 * Starts the tasks that a replicated job still needs, at most `MaxConcurrent` at a time, restarts
 * those that failed, and removes running tasks of earlier iterations. Each completion has a slot of
 * its own, from 0 to `TotalCompletions - 1`.
 *
 * A slot whose task failed for good is free again, so a later call fills it with a new task
 * (measured: with restart condition `none`, a job of two failing tasks makes a third one).
 */
export function reconcileReplicatedJob(
  store: Store,
  restarts: RestartSupervisor,
  service: ServiceRecord,
): void {
  const { MaxConcurrent = 1, TotalCompletions = 1 } = service.api.Spec.Mode.ReplicatedJob ?? {};
  const tasks = store.tasksOfService(service.api.ID);
  const current = tasks.filter((task) => isOfIteration(service, task));
  const completed = current.filter((task) => task.api.Status.State === 'complete');
  const active = current.filter((task) => task.api.Status.State !== 'complete' && isWanted(task));

  const taken = new Set([...completed, ...active].map((task) => task.api.Slot ?? 0));
  const missing = TotalCompletions - completed.length - active.length;
  const count = Math.min(MaxConcurrent - active.length, missing);
  for (let slot = 0, made = 0; made < count && slot < TotalCompletions; slot += 1) {
    if (taken.has(slot)) continue;
    newTask(store, service, { slot }, 'complete');
    made += 1;
  }
  for (const task of active) if (hasEnded(task)) restarts.restart(service, task);
  for (const task of tasks) {
    if (!isOfIteration(service, task) && !hasEnded(task)) store.setDesired(task, 'remove');
  }
}
