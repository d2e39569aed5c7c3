import type { Timer } from './clock';
import { NodeLoad, Pipeline } from './filters';
import { isPerNode } from './mode';
import type { NodeRecord, Store, TaskRecord } from './store';

/** Swarm waits this long after the last write before it schedules, at most a second in all. */
const DEBOUNCE_MS = 50;
const MAX_LATENCY_MS = 1000;
/** A node on which a service failed this often of late is only used when others are as bad. */
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 5 * 60_000;

/**
 * Finds a node for every pending task: by fewest recent failures of the service (from five on),
 * then fewest of the service's tasks, then fewest tasks. What it can not place keeps `pending`
 * with the reason as its error. A task that comes with a node (global) is only checked.
 */
export class Scheduler {
  private readonly waiting = new Set<TaskRecord>();
  private readonly failures = new Map<string, number[]>();
  private timer: Timer | undefined;
  private since = 0;

  constructor(private readonly store: Store) {
    store.onChange((change) => {
      if (change.kind === 'task') {
        this.watchTask(change.record, change.before?.Status.State, change.action);
      }
      // A write of any kind pushes the tick back, as in swarm; without waiting tasks none is due.
      if (this.waiting.size > 0) this.arm();
    });
  }

  private watchTask(record: TaskRecord, before: string | undefined, action: string): void {
    const { Status, DesiredState, NodeID, ServiceID } = record.api;
    // A task that is to shut down goes on to its node all the same, which then reports it so.
    if (action === 'remove' || Status.State !== 'pending' || DesiredState === 'remove') {
      this.waiting.delete(record);
    } else {
      this.waiting.add(record);
    }
    const broke = Status.State === 'failed' || Status.State === 'rejected';
    if (broke && before !== Status.State && NodeID !== undefined && this.hasSlot(record)) {
      const key = `${NodeID}/${ServiceID}`;
      this.failures.set(key, [...this.recent(key), this.store.clock.now()]);
    }
  }

  private hasSlot({ api }: TaskRecord): boolean {
    const service = this.store.services.get(api.ServiceID);
    return service !== undefined && !isPerNode(service.api.Spec);
  }

  private recent(key: string): number[] {
    const since = this.store.clock.now() - FAILURE_WINDOW_MS;
    return (this.failures.get(key) ?? []).filter((at) => at > since);
  }

  private arm(): void {
    const { clock } = this.store;
    if (this.timer) {
      if (clock.now() - this.since > MAX_LATENCY_MS) return;
      clock.cancel(this.timer);
    } else {
      this.since = clock.now();
    }
    this.timer = clock.after(DEBOUNCE_MS, () => {
      this.timer = undefined;
      this.tick();
    });
  }

  /** One round over everything that waits. */
  private tick(): void {
    const loads = new Map<string, NodeLoad>();
    for (const node of this.store.nodes.values()) loads.set(node.api.ID, new NodeLoad(node));
    for (const task of this.store.tasks.values()) {
      if (task.api.NodeID !== undefined) loads.get(task.api.NodeID)?.add(task);
    }
    for (const task of this.waiting) {
      if (task.api.NodeID === undefined) this.place(task, loads);
      else this.confirm(task, loads.get(task.api.NodeID));
    }
  }

  private confirm(task: TaskRecord, load: NodeLoad | undefined): void {
    if (!load) return;
    const pipeline = new Pipeline(task);
    if (!pipeline.passes(load)) return this.refuse(task, pipeline.explain());
    this.assign(task, load, 'scheduler confirmed task can run on preassigned node');
  }

  private place(task: TaskRecord, loads: Map<string, NodeLoad>): void {
    const pipeline = new Pipeline(task);
    const fit = [...loads.values()].filter((load) => pipeline.passes(load));
    if (fit.length === 0) {
      const why = pipeline.explain();
      return this.refuse(task, why === '' ? 'no suitable node' : `no suitable node (${why})`);
    }
    const branch = this.spread(task, fit, [...loads.values()]);
    const best = this.best(task, branch);
    if (best) this.assign(task, best, 'scheduler assigned task to node');
  }

  /** Follows `--placement-pref spread=node.labels.x`: into the branch with the fewest tasks. */
  private spread(task: TaskRecord, fit: NodeLoad[], all: NodeLoad[]): NodeLoad[] {
    let branch = fit;
    let everyone = all;
    for (const preference of task.api.Spec.Placement?.Preferences ?? []) {
      const descriptor = preference.Spread?.SpreadDescriptor;
      if (descriptor === undefined) continue;
      let least: string | undefined;
      let count = Infinity;
      for (const value of new Set(branch.map((load) => labelOf(load.node, descriptor)))) {
        const inBranch = everyone.filter((load) => labelOf(load.node, descriptor) === value);
        const tasks = inBranch.reduce((sum, load) => sum + load.ofService(task), 0);
        if (tasks < count) [least, count] = [value, tasks];
      }
      if (least === undefined) return branch;
      branch = branch.filter((load) => labelOf(load.node, descriptor) === least);
      everyone = everyone.filter((load) => labelOf(load.node, descriptor) === least);
    }
    return branch;
  }

  private best(task: TaskRecord, loads: readonly NodeLoad[]): NodeLoad | undefined {
    let best: NodeLoad[] = [];
    let rank: readonly number[] = [];
    for (const load of loads) {
      const recent = this.recent(`${load.node.api.ID}/${task.api.ServiceID}`).length;
      const mine = [recent >= MAX_FAILURES ? recent : 0, load.ofService(task), load.active];
      const order = best.length === 0 ? -1 : compare(mine, rank);
      if (order < 0) [best, rank] = [[load], mine];
      else if (order === 0) best.push(load);
    }
    return this.store.random.pick(best);
  }

  private assign(task: TaskRecord, load: NodeLoad, message: string): void {
    this.waiting.delete(task);
    this.store.updateTask(task, (api) => {
      api.NodeID = load.node.api.ID;
      const { Err: _, ...status } = api.Status;
      api.Status = {
        ...status,
        Timestamp: this.store.stamp(),
        State: 'assigned',
        Message: message,
      };
    });
    load.add(task);
  }

  private refuse(task: TaskRecord, reason: string): void {
    if (task.api.DesiredState === 'shutdown') {
      // Nowhere to go and not wanted any more: over, so that its replacement can start.
      this.waiting.delete(task);
      this.store.updateTask(task, (api) => {
        const { Err: _, ...status } = api.Status;
        api.Status = { ...status, Timestamp: this.store.stamp(), State: 'shutdown' };
      });
      return;
    }
    if (task.api.Status.Err === reason) return;
    this.store.updateTask(task, (api) => {
      api.Status = { ...api.Status, Timestamp: this.store.stamp(), Err: reason };
    });
  }
}

function labelOf(node: NodeRecord, descriptor: string): string {
  const [, kind, name] = /^(node|engine)\.labels\.(.+)$/.exec(descriptor) ?? [];
  if (kind === 'engine') return node.api.Description.Engine.Labels?.[name ?? ''] ?? '';
  return node.api.Spec.Labels[name ?? ''] ?? '';
}

function compare(a: readonly number[], b: readonly number[]): number {
  for (const [i, value] of a.entries()) {
    const difference = value - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
