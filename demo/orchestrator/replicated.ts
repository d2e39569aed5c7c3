import { modeOf } from '../mode';
import type { StoreChange, ServiceRecord, Store, TaskRecord } from '../store';
import type { RestartSupervisor } from './restart';
import { hasEnded, isInvalid, isWanted, newTask, removeTasksOf, type Slot } from './tasks';
import type { UpdateSupervisor } from './updater';

/** Keeps a task in as many slots as a replicated service has replicas. */
export class ReplicatedOrchestrator {
  constructor(
    private readonly store: Store,
    private readonly restarts: RestartSupervisor,
    private readonly updates: UpdateSupervisor,
  ) {
    store.onChange((change) => this.handle(change));
  }

  private handle(change: StoreChange): void {
    if (change.kind === 'service' && isReplicated(change.record)) this.handleService(change);
    if (change.kind === 'node') this.handleNode(change.record.api.ID, change.action);
    if (change.kind !== 'task') return;
    if (change.action === 'remove') this.handleRemoval(change.record);
    else this.handleTask(change.record);
  }

  private handleService(change: StoreChange & { kind: 'service' }): void {
    const { record } = change;
    if (change.action !== 'remove') return this.reconcile(record);
    this.updates.cancel(record.api.ID);
    this.restarts.forget(record.api.ID);
    removeTasksOf(this.store, record.api.ID);
  }

  private handleNode(id: string, action: string): void {
    if (action !== 'remove' && !isInvalid(this.store.nodes.get(id)?.api)) return;
    for (const task of this.store.tasksOnNode(id)) {
      const service = this.serviceOf(task);
      if (service && isWanted(task)) this.restarts.restart(service, task);
    }
  }

  private handleRemoval(task: TaskRecord): void {
    this.restarts.cancel(task.api.ID);
    const service = this.serviceOf(task);
    if (service && isWanted(task)) this.reconcile(service);
  }

  private handleTask(task: TaskRecord): void {
    if (!isWanted(task)) return;
    const service = this.serviceOf(task);
    if (!service) return;
    const { NodeID } = task.api;
    const misplaced = NodeID !== undefined && isInvalid(this.store.nodes.get(NodeID)?.api);
    if (hasEnded(task) || misplaced) this.restarts.restart(service, task);
  }

  private serviceOf(task: TaskRecord): ServiceRecord | undefined {
    const service = this.store.services.get(task.api.ServiceID);
    return service && isReplicated(service) ? service : undefined;
  }

  /** Adds, updates or removes slots until the service has its number of replicas. */
  private reconcile(service: ServiceRecord): void {
    const { store, updates } = this;
    if (!store.services.has(service.api.ID)) return;
    const bySlot = new Map<number, Slot>();
    for (const task of store.tasksOfService(service.api.ID)) {
      const slot = bySlot.get(task.api.Slot ?? 0);
      if (slot) slot.push(task);
      else bySlot.set(task.api.Slot ?? 0, [task]);
    }
    const live = new Map<number, Slot>();
    const dead = new Map<number, Slot>();
    for (const [slot, tasks] of bySlot) {
      const updatable = this.restarts.updatable(service, tasks);
      if (updatable.length > 0) live.set(slot, updatable);
      else dead.set(slot, tasks);
    }
    const wanted = service.api.Spec.Mode.Replicated?.Replicas ?? 1;
    if (wanted >= live.size) {
      updates.update(service, [...live.values()]);
      for (const slot of this.fill(service, live, wanted)) dead.delete(slot);
    } else {
      const order = byKeepPriority([...live.values()]);
      updates.update(service, order.slice(0, wanted));
      for (const task of order.slice(wanted).flat()) store.setDesired(task, 'remove');
    }
    for (const task of [...dead.values()].flat()) store.remove(task);
  }

  private fill(service: ServiceRecord, live: Map<number, Slot>, wanted: number): number[] {
    const filled: number[] = [];
    for (let slot = 1; live.size + filled.length < wanted; slot += 1) {
      if (live.has(slot)) continue;
      newTask(this.store, service, { slot });
      filled.push(slot);
    }
    return filled;
  }
}

function isReplicated(service: ServiceRecord): boolean {
  return modeOf(service.api.Spec) === 'replicated';
}

/**
 * Slots in the order in which a scale-down keeps them: the first task of the service on each node
 * before the second, running before not running, low slot numbers before high.
 */
function byKeepPriority(slots: Slot[]): Slot[] {
  const number = (slot: Slot) => slot[0]?.api.Slot ?? 0;
  const running = (slot: Slot) => slot.some((task) => task.api.Status.State === 'running');
  const sorted = [...slots].sort(
    (a, b) => Number(running(b)) - Number(running(a)) || number(a) - number(b),
  );
  const perNode = new Map<string, number>();
  const nth = new Map<Slot, number>();
  for (const slot of sorted) {
    const node = slot.length === 1 ? slot[0]?.api.NodeID : undefined;
    const count = node === undefined ? Infinity : (perNode.get(node) ?? 0) + 1;
    if (node !== undefined) perNode.set(node, count);
    nth.set(slot, count);
  }
  const rank = (slot: Slot) => nth.get(slot) ?? Infinity;
  return sorted.sort((a, b) => (rank(a) === rank(b) ? 0 : rank(a) - rank(b)));
}
