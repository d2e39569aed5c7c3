import { isDeepStrictEqual } from 'node:util';
import { stateRank } from '@/lib/swarm/task-state';
import type { Timer } from '../clock';
import { isPerNode } from '../mode';
import { UPDATE_DEFAULTS } from '../spec/defaults';
import type { StoreChange, ServiceRecord, Store, TaskRecord } from '../store';
import type { ServiceSpec, UpdateConfig, UpdateState } from '../types';
import type { RestartSupervisor } from './restart';
import { fromNanos, hasEnded, isDirty, isWanted, MONITOR_MS, newTask, type Slot } from './tasks';

/** Runs at most one rolling update per service; a newer spec replaces a running update. */
export class UpdateSupervisor {
  private readonly updates = new Map<string, Update>();

  constructor(
    private readonly store: Store,
    private readonly restarts: RestartSupervisor,
  ) {}

  /** Updates `slots` to the service's current spec, step by step. */
  update(service: ServiceRecord, slots: Slot[]): void {
    const id = service.api.ID;
    const running = this.updates.get(id);
    if (running && isDeepStrictEqual(running.spec, service.api.Spec)) return;
    running?.cancel();
    const update = new Update(this.store, this.restarts, service, () => {
      if (this.updates.get(id) === update) this.updates.delete(id);
    });
    this.updates.set(id, update);
    update.run(slots);
  }

  cancel(serviceId: string): void {
    this.updates.get(serviceId)?.cancel();
    this.updates.delete(serviceId);
  }
}

/** One rolling update: `Parallelism` slots at a time, then one monitor window, then completed. */
class Update {
  readonly spec: ServiceSpec;
  private readonly rollingBack: boolean;
  private readonly config: UpdateConfig;
  private readonly monitorMs: number;
  private queue: Slot[] = [];
  private dirtyCount = 0;
  private busy = 0;
  /** Times at which the new tasks reached running, by id (0: not yet). */
  private readonly made = new Map<string, number>();
  private readonly failed = new Set<string>();
  private readonly waits = new Set<() => void>();
  private timers: Timer[] = [];
  private stopListening = () => {};
  private stopped = false;
  private over = false;

  constructor(
    private readonly store: Store,
    private readonly restarts: RestartSupervisor,
    private readonly service: ServiceRecord,
    private readonly onOver: () => void,
  ) {
    this.spec = service.api.Spec;
    this.rollingBack = service.api.UpdateStatus?.State === 'rollback_started';
    const given = this.rollingBack ? this.spec.RollbackConfig : this.spec.UpdateConfig;
    this.config = given ?? UPDATE_DEFAULTS;
    const monitorMs = this.config.Monitor ? fromNanos(this.config.Monitor) : MONITOR_MS;
    // As in swarmkit: an update does not complete before its delay has passed once more.
    const delayMs = fromNanos(this.config.Delay ?? 0);
    this.monitorMs = delayMs >= monitorMs ? delayMs + 1000 : monitorMs;
  }

  run(slots: Slot[]): void {
    const state = this.service.api.UpdateStatus?.State;
    if (state === 'paused' || state === 'rollback_paused') return this.end();
    this.queue = slots.filter(
      (slot) => slot.length > 1 || slot.some((task) => isDirty(this.store, this.service, task)),
    );
    this.dirtyCount = this.queue.length;
    if (this.dirtyCount === 0) {
      if (state === 'updating' || state === 'rollback_started') this.complete();
      return this.end();
    }
    if (state === undefined) {
      this.setStatus('updating', 'update in progress', { StartedAt: this.store.stamp() });
    }
    this.stopListening = this.store.onChange((change) => this.watch(change));
    const workers = this.config.Parallelism || this.dirtyCount;
    for (let i = 0; i < Math.min(workers, this.dirtyCount); i += 1) this.next();
  }

  cancel(): void {
    this.stopped = true;
    this.end();
  }

  private end(): void {
    if (this.over) return;
    this.over = true;
    this.stopListening();
    for (const timer of this.timers) this.store.clock.cancel(timer);
    this.waits.clear();
    this.onOver();
  }

  /** A worker continues with the next slot; the last worker to finish starts the monitor window. */
  private next(): void {
    if (this.over) return;
    const slot = this.stopped ? undefined : this.queue.shift();
    if (slot) {
      this.busy += 1;
      this.replace(slot, () => {
        const delay = this.config.Delay ? fromNanos(this.config.Delay) : 0;
        this.later(delay, () => {
          this.busy -= 1;
          this.next();
        });
      });
      return;
    }
    if (this.busy > 0) return;
    if (this.stopped) return this.end();
    this.later(this.monitorMs, () => {
      if (this.stopped) return;
      this.complete();
      this.end();
    });
  }

  private later(ms: number, run: () => void): void {
    this.timers.push(this.store.clock.after(ms, () => !this.over && run()));
  }

  private replace(slot: Slot, done: () => void): void {
    const clean = slot.filter((task) => !isDirty(this.store, this.service, task));
    const existing =
      clean.find((task) => task.api.DesiredState === 'running') ?? clean.find(isWanted);
    if (existing) return this.useExisting(slot, existing, done);
    const first = slot[0];
    if (!first || !this.store.services.has(this.service.api.ID)) return done();
    const startFirst = this.config.Order === 'start-first';
    if (!startFirst && slot.every((task) => this.isReplaced(task))) return done();
    const place = isPerNode(this.service.api.Spec)
      ? { nodeId: first.api.NodeID ?? '' }
      : { slot: first.api.Slot ?? 0 };
    const task = newTask(this.store, this.service, place, 'ready');
    this.made.set(task.api.ID, 0);
    const old = startFirst ? undefined : this.removeOld(slot);
    this.restarts.delayStart(old, task, 0, !startFirst, () => {
      this.when(
        () => !this.store.tasks.has(task.api.ID) || reached(task),
        () => {
          this.made.set(task.api.ID, this.store.clock.now());
          if (startFirst && task.api.Status.State === 'running') this.removeOld(slot);
          done();
        },
      );
    });
  }

  /** swarmkit `removeOldTasks`: what failed while its slot waited for its turn has a successor already. */
  private isReplaced(task: TaskRecord): boolean {
    if (!this.store.tasks.has(task.api.ID)) return true;
    return !isWanted(task) && this.restarts.shouldRestart(this.service, task);
  }

  private useExisting(slot: Slot, existing: TaskRecord, done: () => void): void {
    const old = this.removeOld(slot.filter((task) => task !== existing));
    if (existing.api.DesiredState === 'running') return done();
    this.restarts.delayStart(old, existing, 0, true, done);
  }

  private removeOld(slot: Slot): TaskRecord | undefined {
    let removed: TaskRecord | undefined;
    for (const task of slot) {
      if (!isWanted(task)) continue;
      this.store.setDesired(task, 'shutdown');
      removed = task;
    }
    return removed;
  }

  /** Calls `then` as soon as `ready` returns true; checked after every change. */
  private when(ready: () => boolean, then: () => void): void {
    if (this.over) return;
    if (ready()) return then();
    const check = () => {
      if (!ready()) return;
      this.waits.delete(check);
      then();
    };
    this.waits.add(check);
  }

  private watch(change: StoreChange): void {
    for (const check of this.waits) check();
    if (change.kind === 'task' && change.action === 'update') this.checkFailure(change.record);
  }

  /** Pauses or rolls back the update if too many of its tasks ended within the monitor window. */
  private checkFailure(task: TaskRecord): void {
    const id = task.api.ID;
    const since = this.made.get(id);
    if (this.stopped || this.config.FailureAction === 'continue') return;
    if (since === undefined || !hasEnded(task) || this.failed.has(id)) return;
    if (since !== 0 && this.store.clock.now() - since > this.monitorMs) return;
    this.failed.add(id);
    if (this.failed.size / this.dirtyCount <= this.config.MaxFailureRatio) return;
    this.stopped = true;
    const why = `due to failure or early termination of task ${id}`;
    if (this.config.FailureAction === 'rollback' && !this.rollingBack) {
      this.rollBack(`update rolled back ${why}`);
    } else {
      const paused = this.rollingBack ? 'rollback_paused' : 'paused';
      this.setStatus(paused, `${this.rollingBack ? 'rollback' : 'update'} paused ${why}`);
    }
    if (this.busy === 0) this.end();
  }

  private rollBack(message: string): void {
    const { service } = this;
    const previous = service.api.PreviousSpec;
    if (!previous || !this.store.services.has(service.api.ID)) return;
    service.specVersion = service.previousSpecVersion;
    this.store.updateService(service, (api) => {
      api.Spec = previous;
      delete api.PreviousSpec;
      api.UpdateStatus = { ...api.UpdateStatus, State: 'rollback_started', Message: message };
    });
  }

  private complete(): void {
    if (!this.service.api.UpdateStatus) return;
    const CompletedAt = this.store.stamp();
    if (this.rollingBack)
      this.setStatus('rollback_completed', 'rollback completed', { CompletedAt });
    else this.setStatus('completed', 'update completed', { CompletedAt });
  }

  private setStatus(
    State: UpdateState,
    Message: string,
    times: { StartedAt?: string; CompletedAt?: string } = {},
  ): void {
    if (!this.store.services.has(this.service.api.ID)) return;
    this.store.updateService(this.service, (api) => {
      api.UpdateStatus = { ...api.UpdateStatus, State, ...times, Message };
    });
  }
}

function reached(task: TaskRecord): boolean {
  return stateRank(task.api.Status.State) >= stateRank('running');
}
