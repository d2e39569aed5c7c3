import { mayRun } from '@/lib/swarm/task-state';
import { rfc3339Nano, type Timer } from './clock';
import { canPull, containerExit } from './container-exit';
import type { Faults } from './faults';
import type { HatNode } from './hat';
import { findImage } from './images';
import { fromNanos, hasEnded, isOnNode } from './orchestrator/tasks';
import type { Store, TaskRecord } from './store';
import type { ContainerStatus, Port, State } from './types';

/** The container status of a task that never had a container. */
const NO_CONTAINER: ContainerStatus = { ContainerID: '', PID: 0, ExitCode: 0 };

/** Linux's range of ports that programs can leave to the system, from which Docker chooses too. */
const FIRST_HOST_PORT = 32_768;
const LAST_HOST_PORT = 60_999;

/** What a node does for one task. */
interface Work {
  timer: Timer | undefined;
  /** Asked to stop, or ending: nothing more starts. */
  stopping: boolean;
  container: ContainerStatus | undefined;
}

/** A change of a container, for the routing mesh and the event log. */
export interface ContainerMove {
  task: TaskRecord;
  container: string;
  move: 'create' | 'start' | 'stopping' | 'kill' | 'die';
  exitCode?: number;
}

/**
 * The engine of one node. It brings its tasks to their desired state: assigned → accepted →
 * preparing → ready → starting → running, with the delays measured on real engines (1.2 s in all),
 * and stops them. A node without power does nothing and reports nothing.
 */
export class Agent {
  private readonly works = new Map<TaskRecord, Work>();
  private readonly pulled = new Set<string>();
  private powered = true;
  private connected = true;
  private unsent: (() => void)[] = [];
  private pid = 900;
  private hostPort = FIRST_HOST_PORT;
  /** How far this node's clock is ahead of the manager's, milliseconds. */
  skewMs = 0;

  constructor(
    private readonly store: Store,
    private readonly faults: Faults,
    private readonly hardware: HatNode,
    private readonly nodeId: string,
    private readonly onMove: (move: ContainerMove) => void,
  ) {}

  /** Handles a task that was assigned to this node or whose desired state changed. */
  handle(task: TaskRecord): void {
    if (!this.powered || !this.connected) return;
    const { Status, DesiredState } = task.api;
    if (hasEnded(task)) return;
    const work = this.works.get(task);
    if (!mayRun(DesiredState)) return this.stop(task, work);
    if (!work && Status.State === 'assigned') return this.accept(task);
    if (work && Status.State === 'ready' && mayStart(task) && !work.stopping) {
      this.start(task, work);
    }
  }

  /** Takes over a task that is already running, as those a demo starts with. */
  adopt(task: TaskRecord): void {
    const container = task.api.Status.ContainerStatus;
    this.works.set(task, { timer: undefined, stopping: false, container });
    if (container) this.onMove({ task, container: container.ContainerID, move: 'start' });
  }

  /** Kills a running task's container; the task has failed after 0.2 to 0.42 s. Returns whether it was running. */
  kill(task: TaskRecord, exitCode = 137): boolean {
    const work = this.works.get(task);
    if (!work?.container || task.api.Status.State !== 'running' || work.stopping) return false;
    this.emit(task, work, 'kill');
    this.exit(task, work, exitCode, this.store.random.between(200, 420));
    return true;
  }

  /** Ends a task's container at once, because the task itself is being removed. */
  evict(task: TaskRecord): void {
    const work = this.works.get(task);
    if (!work) return;
    this.store.clock.cancel(work.timer);
    this.works.delete(task);
    this.emit(task, work, 'die', 137);
  }

  /** Power is lost: every container ends and nothing is reported. */
  powerOff(): void {
    this.powered = false;
    for (const [task, work] of this.works) {
      this.store.clock.cancel(work.timer);
      this.emit(task, work, 'die', 137);
    }
    this.works.clear();
    this.unsent = [];
  }

  /** The node has booted. Its containers are gone: tasks that should still run have failed. */
  powerOn(): void {
    this.powered = true;
    this.resume((task) => {
      const wanted = mayRun(task.api.DesiredState);
      const status = task.api.Status;
      if (wanted && status.State === 'assigned') return this.accept(task);
      const container = status.ContainerStatus && { ...status.ContainerStatus, PID: 0 };
      if (!wanted) this.report(task, 'shutdown', 'shutdown', undefined, container);
      else if (container) {
        const lost = { ...container, ExitCode: 255 };
        this.report(task, 'failed', 'started', 'task: non-zero exit (255)', lost);
      } else this.report(task, 'failed', status.Message, 'task: the node lost power', container);
    });
  }

  /** The link to the manager is cut (`false`) or restored. Tasks continue; their reports wait for it. */
  connect(connected: boolean): void {
    this.connected = connected;
    if (!connected) return;
    const unsent = this.unsent;
    this.unsent = [];
    for (const send of unsent) send();
    this.resume((task) => this.handle(task));
  }

  /** Restores power and link. */
  restore(): void {
    if (!this.connected) this.connect(true);
    if (!this.powered) this.powerOn();
  }

  get hasPower(): boolean {
    return this.powered;
  }

  get isRunning(): boolean {
    return this.powered && this.connected;
  }

  private resume(handle: (task: TaskRecord) => void): void {
    for (const task of this.store.tasksOnNode(this.nodeId)) if (isOnNode(task)) handle(task);
  }

  private accept(task: TaskRecord): void {
    const { random } = this.store;
    const work: Work = { timer: undefined, stopping: false, container: undefined };
    this.works.set(task, work);
    this.later(work, random.between(80, 140), () => {
      this.report(task, 'accepted', 'accepted');
      // Reports are sent in batches, so `accepted` is rarely visible.
      this.later(work, random.between(1, 3), () => this.prepare(task, work));
    });
  }

  private prepare(task: TaskRecord, work: Work): void {
    const { random } = this.store;
    this.report(task, 'preparing', 'preparing');
    const reference = task.api.Spec.ContainerSpec.Image;
    const image = this.faults.pullFails(reference) ? undefined : findImage(reference);
    if (!image || !canPull(image, this.hardware)) {
      this.later(work, random.between(500, 900), () => {
        this.works.delete(task);
        const shown = reference.replace(/@.*$/, '');
        this.report(task, 'rejected', 'preparing', `No such image: ${shown}`, NO_CONTAINER);
      });
      return;
    }
    const pull = this.pulled.has(reference) ? 0 : random.logNormal(image.pullMs, 0.2);
    this.later(work, pull + random.between(180, 380), () => {
      this.pulled.add(reference);
      work.container = { ContainerID: random.hex(64), PID: 0, ExitCode: 0 };
      this.emit(task, work, 'create');
      this.report(task, 'ready', 'prepared');
      if (mayStart(task)) this.start(task, work);
    });
  }

  private start(task: TaskRecord, work: Work): void {
    const { random } = this.store;
    this.report(task, 'starting', 'starting', undefined, work.container);
    this.later(work, random.between(400, 800), () => {
      const running = { ContainerID: work.container?.ContainerID ?? '', PID: this.nextPid() };
      work.container = { ...running, ExitCode: 0 };
      task.hostPorts = this.publish(task);
      this.emit(task, work, 'start');
      this.report(task, 'running', 'started', undefined, work.container);
      const exit = containerExit(task.api.Spec.ContainerSpec, this.hardware, this.faults);
      if (exit) this.exit(task, work, exit.code, exit.afterMs);
    });
  }

  private exit(task: TaskRecord, work: Work, code: number, afterMs: number): void {
    this.later(work, afterMs, () => {
      this.works.delete(task);
      work.stopping = true;
      this.emit(task, work, 'die', code);
      const ended = work.container && { ...work.container, PID: 0, ExitCode: code };
      if (code === 0) this.report(task, 'complete', 'finished', undefined, ended);
      else this.report(task, 'failed', 'started', `task: non-zero exit (${code})`, ended);
    });
  }

  private stop(task: TaskRecord, work: Work | undefined): void {
    if (work?.stopping) return;
    const ending = work ?? { timer: undefined, stopping: false, container: undefined };
    ending.stopping = true;
    this.works.set(task, ending);
    this.store.clock.cancel(ending.timer);
    if (ending.container) this.emit(task, ending, 'stopping');
    const graceMs = ending.container ? stopGrace(task) : 0;
    this.later(ending, graceMs + this.store.random.between(120, 280), () => {
      this.works.delete(task);
      this.emit(task, ending, 'die', graceMs > 0 ? 137 : 0);
      const ended = ending.container && { ...ending.container, PID: 0 };
      this.report(task, 'shutdown', 'shutdown', undefined, ended);
    });
  }

  private later(work: Work, ms: number, run: () => void): void {
    work.timer = this.store.clock.after(ms, run);
  }

  private emit(task: TaskRecord, work: Work, move: ContainerMove['move'], exitCode?: number): void {
    const container = work.container?.ContainerID;
    if (container === undefined) return;
    this.onMove({ task, container, move, ...(exitCode === undefined ? {} : { exitCode }) });
  }

  /** Reports a state with this node's own time, once the manager can be reached. */
  private report(
    task: TaskRecord,
    State: State,
    Message: string,
    Err?: string,
    ContainerStatus?: ContainerStatus,
  ): void {
    const Timestamp = rfc3339Nano(this.store.clock.now() + this.skewMs);
    const send = () =>
      this.store.updateTask(task, (api) => {
        api.Status = {
          Timestamp,
          State,
          Message,
          ...(Err === undefined ? {} : { Err }),
          ...(ContainerStatus ? { ContainerStatus } : {}),
          PortStatus:
            State === 'running' && task.hostPorts?.length ? { Ports: [...task.hostPorts] } : {},
        };
      });
    if (this.connected) send();
    else this.unsent.push(send);
  }

  /** A task's ports in host mode; where its service leaves the port open, a free one. */
  private publish(task: TaskRecord): Port[] {
    const ports =
      task.endpointSpec?.Ports?.filter(({ PublishMode }) => PublishMode === 'host') ?? [];
    return ports.map(({ Protocol, TargetPort, PublishedPort, PublishMode }) => ({
      Protocol,
      TargetPort,
      PublishedPort: PublishedPort || this.nextHostPort(),
      PublishMode,
    }));
  }

  private nextHostPort(): number {
    const port = this.hostPort;
    this.hostPort = port === LAST_HOST_PORT ? FIRST_HOST_PORT : port + 1;
    return port;
  }

  private nextPid(): number {
    this.pid += 1 + this.store.random.int(60);
    return this.pid;
  }
}

/** Signals that a process ignores unless it handles them. */
const IGNORED_SIGNALS = /^(SIG)?(CHLD|CONT|URG|WINCH)$/i;
/** Docker's default time between the stop signal and SIGKILL. */
const STOP_GRACE_MS = 10_000;

/** Time between the stop signal and the container's end: 0, or the grace period if it ignores the signal. */
function stopGrace({ api: { Spec } }: TaskRecord): number {
  const { StopSignal, StopGracePeriod } = Spec.ContainerSpec;
  if (typeof StopSignal !== 'string' || !IGNORED_SIGNALS.test(StopSignal)) return 0;
  return typeof StopGracePeriod === 'number' ? fromNanos(StopGracePeriod) : STOP_GRACE_MS;
}

/** Whether the container may start now; a desired state before `running` holds it back. */
function mayStart({ api: { DesiredState } }: TaskRecord): boolean {
  return DesiredState === 'running' || DesiredState === 'complete';
}
