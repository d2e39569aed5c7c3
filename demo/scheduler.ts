import type { Timer } from './clock';
import { NodeInfo, Pipeline } from './filters';
import { isPerNode } from './mode';
import type { NodeRecord, Store, TaskRecord } from './store';

/** Swarm schedules this long after the last write, in ms, but at most a second after the first. */
const DEBOUNCE_MS = 50;
const MAX_LATENCY_MS = 1000;
/** A node where a service failed this often within the window is used only if no other has fewer failures. */
const MAX_FAILURES = 5;
const FAILURE_WINDOW_MS = 5 * 60_000;

/**
 * Assigns a node to every pending task: the one with the fewest recent failures of the service
 * (from five on), then with the fewest tasks of the service, then with the fewest tasks. A task
 * that fits no node stays `pending` with the reason as its error. A global service's task already
 * has a node, which is only checked.
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
      // Every write postpones the tick, as in swarm.
      if (this.waiting.size > 0) this.arm();
    });
  }

  private watchTask(record: TaskRecord, before: string | undefined, action: string): void {
    const { Status, DesiredState, NodeID } = record.api;
    // A task with desired state `shutdown` is still assigned: its node then reports the shutdown.
    if (action === 'remove' || Status.State !== 'pending' || DesiredState === 'remove') {
      this.waiting.delete(record);
    } else {
      this.waiting.add(record);
    }
    const broke = Status.State === 'failed' || Status.State === 'rejected';
    if (broke && before !== Status.State && NodeID !== undefined && this.hasSlot(record)) {
      const key = failureKey(NodeID, record);
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

  /** Schedules all waiting tasks. */
  private tick(): void {
    const loads = new Map<string, NodeInfo>();
    for (const node of this.store.nodes.values()) loads.set(node.api.ID, new NodeInfo(node));
    for (const task of this.store.tasks.values()) {
      if (task.api.NodeID !== undefined) loads.get(task.api.NodeID)?.add(task);
    }
    for (const task of this.waiting) {
      if (task.api.NodeID === undefined) this.place(task, loads);
      else this.confirm(task, loads.get(task.api.NodeID));
    }
  }

  private confirm(task: TaskRecord, load: NodeInfo | undefined): void {
    if (!load) return;
    const pipeline = new Pipeline(task);
    if (!pipeline.passes(load)) return this.reject(task, pipeline.explain());
    this.assign(task, load, 'scheduler confirmed task can run on preassigned node');
  }

  private place(task: TaskRecord, loads: Map<string, NodeInfo>): void {
    const pipeline = new Pipeline(task);
    const fit = [...loads.values()].filter((load) => pipeline.passes(load));
    if (fit.length === 0) {
      const why = pipeline.explain();
      return this.reject(task, why === '' ? 'no suitable node' : `no suitable node (${why})`);
    }
    const branch = this.spread(task, fit, [...loads.values()]);
    const best = this.best(task, branch);
    if (best) this.assign(task, best, 'scheduler assigned task to node');
  }

  /** Applies `--placement-pref spread=node.labels.x`: keeps the nodes with the label value that has the fewest tasks. */
  private spread(task: TaskRecord, fit: NodeInfo[], all: NodeInfo[]): NodeInfo[] {
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

  private best(task: TaskRecord, loads: readonly NodeInfo[]): NodeInfo | undefined {
    let best: NodeInfo[] = [];
    let rank: readonly number[] = [];
    for (const load of loads) {
      const recent = this.recent(failureKey(load.node.api.ID, task)).length;
      const mine = [recent >= MAX_FAILURES ? recent : 0, load.ofService(task), load.active];
      const order = best.length === 0 ? -1 : compare(mine, rank);
      if (order < 0) [best, rank] = [[load], mine];
      else if (order === 0) best.push(load);
    }
    return this.store.random.pick(best);
  }

  private assign(task: TaskRecord, load: NodeInfo, message: string): void {
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

  private reject(task: TaskRecord, reason: string): void {
    if (task.api.DesiredState === 'shutdown') {
      // It fits no node and is to stop: it ends here, so that its replacement can start.
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

/** Failures are counted by version of the service's spec: every update resets them. */
function failureKey(nodeId: string, { api, specVersion }: TaskRecord): string {
  return `${nodeId}/${api.ServiceID}/${specVersion}`;
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
