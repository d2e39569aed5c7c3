import { stateRank } from '@/lib/swarm/task-state';
import type { Timer } from '../clock';
import { isJob } from '../mode';
import type { ServiceRecord, Store, TaskRecord } from '../store';
import { hasEnded, isOnNode } from './tasks';

/** Tasks kept per slot, including the current one (swarm's `--task-history-limit`). */
export const TASK_HISTORY = 5;
const BATCH_MS = 250;

/** Deletes tasks that have stopped and are to be removed, and history beyond five tasks per slot. */
export class TaskReaper {
  private readonly dirty = new Map<string, TaskRecord>();
  private readonly gone = new Set<TaskRecord>();
  private timer: Timer | undefined;

  constructor(private readonly store: Store) {
    store.onChange((change) => {
      if (change.kind !== 'task' || change.action === 'remove') return;
      if (change.action === 'create') this.dirty.set(slotKey(change.record), change.record);
      if (isSpent(change.record)) this.gone.add(change.record);
      this.timer ??= store.clock.after(BATCH_MS, () => this.tick());
    });
  }

  private tick(): void {
    this.timer = undefined;
    for (const task of this.gone) this.store.remove(task);
    this.gone.clear();
    const slots = new Map<string, Map<string, TaskRecord[]>>();
    for (const [key, { api }] of this.dirty) {
      const service = this.store.services.get(api.ServiceID);
      if (!service) this.dirty.delete(key);
      else if (!slots.has(api.ServiceID)) slots.set(api.ServiceID, this.slotsOf(service));
      const slot = slots.get(api.ServiceID)?.get(key) ?? [];
      if (service && this.prune(service, slot)) this.dirty.delete(key);
    }
  }

  private slotsOf(service: ServiceRecord): Map<string, TaskRecord[]> {
    const slots = new Map<string, TaskRecord[]>();
    for (const task of this.store.tasksOfService(service.api.ID)) {
      const slot = slots.get(slotKey(task));
      if (slot) slot.push(task);
      else slots.set(slotKey(task), [task]);
    }
    return slots;
  }

  /** Returns whether the slot is done, or has to be pruned again on the next tick. */
  private prune(service: ServiceRecord, slot: readonly TaskRecord[]): boolean {
    // Swarmkit keeps every task of a job.
    if (isJob(service.api.Spec)) return true;
    const attempts = service.api.Spec.TaskTemplate.RestartPolicy?.MaxAttempts ?? 0;
    let surplus = slot.length - (attempts > 0 ? attempts + 1 : TASK_HISTORY);
    if (surplus <= 0) return true;
    let running = 0;
    for (const task of [...slot].sort((a, b) => a.appliedAt - b.appliedAt)) {
      if (surplus === 0) break;
      if (hasEnded(task) || neverRuns(task)) {
        this.store.remove(task);
        surplus -= 1;
      } else {
        running += 1;
      }
    }
    return running <= 1;
  }
}

function isSpent(task: TaskRecord): boolean {
  return task.api.DesiredState === 'remove' && !isOnNode(task);
}

function neverRuns(task: TaskRecord): boolean {
  return (
    stateRank(task.api.Status.State) < stateRank('assigned') &&
    stateRank(task.api.DesiredState) > stateRank('running')
  );
}

function slotKey({ api }: TaskRecord): string {
  return `${api.ServiceID}/${api.Slot ?? api.NodeID}`;
}
