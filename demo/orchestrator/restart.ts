import type { Timer } from '../clock';
import { isPerNode, modeOf } from '../mode';
import type { ServiceRecord, Store, TaskRecord } from '../store';
import {
  fromNanos,
  hasEnded,
  isWanted,
  newTask,
  RESTART_DELAY_MS,
  restartCondition,
  type Slot,
} from './tasks';

/** How long a new task waits for its predecessor to stop, in ms. */
const OLD_TASK_TIMEOUT_MS = 60_000;

interface Delay {
  timers: Timer[];
  stopWatching: () => void;
  whenOver: (() => void)[];
  cancelled: boolean;
}

interface History {
  specVersion: number;
  restarts: number[];
}

/** Replaces tasks that have ended, by the service's restart policy and after its delay. */
export class RestartSupervisor {
  private readonly delays = new Map<string, Delay>();
  private readonly history = new Map<string, History>();

  constructor(private readonly store: Store) {}

  /** Shuts `task` down and, if the policy allows, creates its replacement in the same slot. */
  restart(service: ServiceRecord, task: TaskRecord): void {
    const pending = this.delays.get(task.api.ID);
    if (pending) {
      // It failed while it was waiting to start: wait for that delay first, to avoid a tight loop.
      pending.whenOver.push(() => {
        if (this.isCurrent(service, task) && isWanted(task)) this.restart(service, task);
      });
      return;
    }
    this.store.setDesired(task, 'shutdown');
    if (!this.shouldRestart(service, task)) return;
    const node = this.store.nodes.get(task.api.NodeID ?? '')?.api;
    const place = isPerNode(service.api.Spec)
      ? { nodeId: task.api.NodeID ?? '' }
      : { slot: task.api.Slot ?? 0 };
    const replacement = newTask(this.store, service, place, 'ready');
    this.record(service, replacement);
    const drained = node?.Spec.Availability === 'drain';
    const policyDelay = task.api.Spec.RestartPolicy?.Delay;
    const delay = policyDelay === undefined ? RESTART_DELAY_MS : fromNanos(policyDelay);
    const waitStop = node?.Status.State !== 'down' && !hasEnded(task);
    this.delayStart(task, replacement, drained ? 0 : delay, waitStop);
  }

  /** Whether the policy allows another attempt in this task's slot. */
  shouldRestart(service: ServiceRecord, task: TaskRecord): boolean {
    const policy = task.api.Spec.RestartPolicy;
    const condition = restartCondition(policy);
    if (condition === 'none') return false;
    if (condition === 'on-failure' && task.api.Status.State === 'complete') return false;
    const most = policy?.MaxAttempts ?? 0;
    if (most === 0) return true;
    // Swarmkit looks the attempts of a global job up where it has not stored them (measured on
    // 20.10.24: a limit of one attempt is ignored).
    if (modeOf(service.api.Spec) === 'global-job') return true;
    const known = this.history.get(slotKey(service, task));
    if (!known || known.specVersion !== task.specVersion) return true;
    const window = policy?.Window ?? 0;
    const since = window === 0 ? -Infinity : task.appliedAt - fromNanos(window);
    return known.restarts.filter((at) => at > since && at < task.appliedAt).length < most;
  }

  private record(service: ServiceRecord, replacement: TaskRecord): void {
    if ((replacement.api.Spec.RestartPolicy?.MaxAttempts ?? 0) === 0) return;
    const key = slotKey(service, replacement);
    const known = this.history.get(key);
    const at = this.store.clock.now();
    if (known?.specVersion === replacement.specVersion) known.restarts.push(at);
    else this.history.set(key, { specVersion: replacement.specVersion, restarts: [at] });
  }

  /**
   * Lets `task` start after the delay and, with `waitStop`, after `old` has stopped or its node has
   * gone down. Calls `done` then.
   */
  delayStart(
    old: TaskRecord | undefined,
    task: TaskRecord,
    delayMs: number,
    waitStop: boolean,
    done: () => void = () => {},
  ): void {
    this.cancel(task.api.ID);
    const { store } = this;
    const delay: Delay = { timers: [], stopWatching() {}, whenOver: [done], cancelled: false };
    this.delays.set(task.api.ID, delay);
    const finish = () => {
      if (delay.cancelled) return;
      this.release(task.api.ID);
      store.setDesired(task, task.api.JobIteration ? 'complete' : 'running');
      for (const over of delay.whenOver) over();
    };
    const stopped = () =>
      !old ||
      hasEnded(old) ||
      !store.tasks.has(old.api.ID) ||
      (old.api.NodeID !== undefined &&
        (store.nodes.get(old.api.NodeID)?.api.Status.State ?? 'down') === 'down');
    const afterDelay = () => {
      if (!waitStop || stopped()) return finish();
      delay.timers.push(store.clock.after(OLD_TASK_TIMEOUT_MS - delayMs, finish));
      delay.stopWatching = store.onChange(() => {
        if (stopped()) finish();
      });
    };
    delay.timers.push(store.clock.after(delayMs, afterDelay));
  }

  /** The tasks of a slot that an update considers: those meant to run, or else the last one if it is not restarted. */
  updatable(service: ServiceRecord, slot: Slot): Slot {
    const wanted = slot.filter(isWanted);
    if (wanted.length > 0) return wanted;
    if (service.api.UpdateStatus?.State === 'rollback_started') return [];
    const newest = slot.reduce((a, b) => (b.appliedAt > a.appliedAt ? b : a));
    return this.shouldRestart(service, newest) ? [] : [newest];
  }

  /** Cancels a delayed start. */
  cancel(taskId: string): void {
    const delay = this.delays.get(taskId);
    if (!delay) return;
    delay.cancelled = true;
    this.release(taskId);
  }

  /** Forgets the restart history of a removed service. */
  forget(serviceId: string): void {
    for (const key of this.history.keys()) {
      if (key.startsWith(`${serviceId}/`)) this.history.delete(key);
    }
  }

  private release(taskId: string): void {
    const delay = this.delays.get(taskId);
    this.delays.delete(taskId);
    for (const timer of delay?.timers ?? []) this.store.clock.cancel(timer);
    delay?.stopWatching();
  }

  private isCurrent(service: ServiceRecord, task: TaskRecord): boolean {
    return this.store.services.has(service.api.ID) && this.store.tasks.has(task.api.ID);
  }
}

function slotKey(service: ServiceRecord, task: TaskRecord): string {
  return `${service.api.ID}/${isPerNode(service.api.Spec) ? task.api.NodeID : (task.api.Slot ?? 0)}`;
}
