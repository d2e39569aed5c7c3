import { nodeMatches } from '../constraints';
import { modeOf } from '../mode';
import type { StoreChange, NodeRecord, ServiceRecord, Store, TaskRecord } from '../store';
import type { RestartSupervisor } from './restart';
import { hasEnded, isDirty, isInvalid, isWanted, newTask, removeTasksOf, type Slot } from './tasks';
import type { UpdateSupervisor } from './updater';

/** Keeps one task of each global service on every node that satisfies its constraints. */
export class GlobalOrchestrator {
  constructor(
    private readonly store: Store,
    private readonly restarts: RestartSupervisor,
    private readonly updates: UpdateSupervisor,
  ) {
    store.onChange((change) => this.handle(change));
  }

  private handle(change: StoreChange): void {
    if (change.kind === 'service' && isGlobal(change.record)) this.handleService(change);
    if (change.kind === 'node') this.handleNode(change.record, change.action);
    if (change.kind === 'task' && change.action !== 'remove') this.handleTask(change.record);
  }

  private handleService(change: StoreChange & { kind: 'service' }): void {
    const { record } = change;
    if (change.action !== 'remove') return this.reconcile(record);
    this.updates.cancel(record.api.ID);
    this.restarts.forget(record.api.ID);
    removeTasksOf(this.store, record.api.ID);
  }

  private reconcile(service: ServiceRecord): void {
    const { store } = this;
    if (!store.services.has(service.api.ID)) return;
    const byNode = new Map<string, Slot>();
    for (const task of store.tasksOfService(service.api.ID)) {
      const id = task.api.NodeID ?? '';
      byNode.set(id, [...(byNode.get(id) ?? []), task]);
    }
    const toUpdate: Slot[] = [];
    for (const node of store.nodes.values()) {
      if (isInvalid(node.api)) continue;
      const all = byNode.get(node.api.ID) ?? [];
      byNode.delete(node.api.ID);
      const tasks = all.length > 0 ? this.restarts.updatable(service, all) : [];
      if (!this.fits(service, node)) this.shutDown(tasks);
      else if (node.api.Spec.Availability === 'pause') continue;
      else if (tasks.length > 0) toUpdate.push(tasks);
      else newTask(store, service, { nodeId: node.api.ID });
    }
    // The remaining tasks are on nodes that are drained, down or removed.
    for (const tasks of byNode.values()) this.shutDown(tasks);
    if (toUpdate.length > 0) this.updates.update(service, toUpdate);
  }

  private handleNode(node: NodeRecord, action: string): void {
    const { store } = this;
    const mine = store.tasksOnNode(node.api.ID);
    for (const service of store.services.values()) {
      if (!isGlobal(service)) continue;
      const tasks = mine.filter((task) => task.api.ServiceID === service.api.ID);
      if (action === 'remove' || isInvalid(node.api)) this.shutDown(tasks);
      else if (node.api.Spec.Availability === 'active') this.fitNode(service, node, tasks);
    }
  }

  private fitNode(service: ServiceRecord, node: NodeRecord, all: Slot): void {
    if (!this.fits(service, node)) return;
    const tasks = all.length > 0 ? this.restarts.updatable(service, all) : [];
    const dirty = tasks.filter((task) => isDirty(this.store, service, task));
    if (dirty.length === tasks.length) newTask(this.store, service, { nodeId: node.api.ID });
    this.shutDown(dirty);
  }

  private handleTask(task: TaskRecord): void {
    const service = this.store.services.get(task.api.ServiceID);
    if (!service || !isGlobal(service) || !isWanted(task) || !hasEnded(task)) return;
    const node = this.store.nodes.get(task.api.NodeID ?? '');
    if (!node || isInvalid(node.api)) return;
    if (node.api.Spec.Availability === 'pause' || !this.fits(service, node)) this.shutDown([task]);
    else this.restarts.restart(service, task);
  }

  private fits(service: ServiceRecord, node: NodeRecord): boolean {
    return nodeMatches(service.api.Spec.TaskTemplate.Placement?.Constraints, node.api);
  }

  private shutDown(tasks: Slot): void {
    for (const task of tasks) this.store.setDesired(task, 'shutdown');
  }
}

function isGlobal(service: ServiceRecord): boolean {
  return modeOf(service.api.Spec) === 'global';
}
