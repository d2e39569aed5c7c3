import { EngineError, type Engine } from '@/lib/engine';
import type {
  EngineEvent,
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
} from '@/lib/swarm/engine-json';

import { ScriptedLogs } from './logs';

/** A scripted engine for unit tests of the feed: one manager, one service. */

/** Creation time of everything (ms): where a test's clock should start. */
export const TIME = Date.UTC(2026, 0, 1);

/** The `/info` of a manager. */
export const INFO: EngineInfo = {
  Name: 'ctrl',
  ServerVersion: '29.7.0',
  OperatingSystem: 'Debian GNU/Linux 12 (bookworm)',
  OSType: 'linux',
  InitBinary: 'docker-init',
  SecurityOptions: ['name=seccomp,profile=default'],
  BuildahVersion: '',
  Labels: [],
  Swarm: {
    NodeID: 'id-ctrl',
    NodeAddr: '10.0.0.1',
    LocalNodeState: 'active',
    ControlAvailable: true,
    Error: '',
    RemoteManagers: [],
  },
};
const VERSION: EngineVersion = { Version: '29.7.0', ApiVersion: '1.55' };
/** The only node. */
export const NODE: EngineNode = {
  ID: 'id-ctrl',
  Version: { Index: 1 },
  CreatedAt: TIME,
  UpdatedAt: TIME,
  Spec: { Labels: {}, Role: 'manager', Availability: 'active' },
  Status: { State: 'ready', Message: '', Addr: '10.0.0.1' },
};
/** The only service. */
export const SERVICE: EngineService = {
  ID: 'id-goweb',
  Version: { Index: 2 },
  CreatedAt: TIME,
  UpdatedAt: TIME,
  Spec: {
    Name: 'goweb',
    Labels: {},
    TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
    Mode: { Replicated: { Replicas: 1 } },
  },
};

/** A running task `goweb.SLOT` on it. */
export function anEngineTask(slot: number, over: Partial<EngineTask> = {}): EngineTask {
  return {
    ID: `task-${slot}`,
    Version: { Index: 10 + slot },
    CreatedAt: TIME,
    UpdatedAt: TIME,
    ServiceID: 'id-goweb',
    Slot: slot,
    NodeID: 'id-ctrl',
    Spec: SERVICE.Spec.TaskTemplate,
    Status: { Timestamp: TIME, State: 'running', Message: 'started', Err: '' },
    DesiredState: 'running',
    ...over,
  };
}

/** An update of the service, without a time. */
export function anEvent(over: Partial<EngineEvent> = {}): EngineEvent {
  return {
    Type: 'service',
    Action: 'update',
    Actor: { ID: 'id-goweb', Attributes: {} },
    timeNano: 0,
    ...over,
  };
}

function refusal(): EngineError {
  return new EngineError('engine-refused', 'forbidden', undefined, { refused: true });
}

/** An engine with scripted responses; counts its calls, and those that are pending. */
export class ScriptedEngine {
  calls: string[] = [];
  tasks: EngineTask[] = [anEngineTask(1)];
  nodes: EngineNode[] = [NODE];
  services: EngineService[] = [SERVICE];
  /** Milliseconds until the response; `Infinity` for none. */
  latency = 0;
  /** If set, calls fail with it. */
  error: EngineError | null = null;
  /** Names of calls that never get a response. */
  stuck: string[] = [];
  /** Pending calls of any kind; and of those for tasks the pending ones and the maximum. */
  pending = 0;
  /** Pending calls for tasks, and their maximum so far. */
  pendingTasks = 0;
  maxPendingTasks = 0;
  streams: { end: () => void; event: (event?: Partial<EngineEvent>) => void }[] = [];
  /** What the engine returns as past events. */
  past: EngineEvent[] = [];
  /** If set, event streams are refused. */
  rejectEvents = false;
  /** Names of calls that a proxy refuses; `events` too. */
  refused: ReadonlySet<string> = new Set();
  /** Its log streams. */
  readonly logs = new ScriptedLogs();

  count(name: string): number {
    return this.calls.filter((call) => call === name).length;
  }

  async #answer<T>(name: string, value: () => T, signal?: AbortSignal): Promise<T> {
    this.calls.push(name);
    if (name === 'tasks')
      this.maxPendingTasks = Math.max(this.maxPendingTasks, ++this.pendingTasks);
    this.pending++;
    try {
      const latency = this.stuck.includes(name) ? Infinity : this.latency;
      if (latency > 0) {
        await new Promise<void>((resolve, reject) => {
          if (latency !== Infinity) setTimeout(resolve, latency);
          signal?.addEventListener('abort', () =>
            reject(new EngineError('engine-timeout', 'The Docker engine did not answer in time.')),
          );
        });
      }
      if (this.refused.has(name)) throw refusal();
      if (this.error) throw this.error;
      return structuredClone(value());
    } finally {
      this.pending--;
      if (name === 'tasks') this.pendingTasks--;
    }
  }

  readonly engine: Engine = {
    where: '/docker.sock',
    ping: (withinMs) =>
      new Promise((resolve) => {
        this.calls.push('ping');
        if (this.latency <= withinMs) setTimeout(() => resolve(true), this.latency);
        else setTimeout(() => resolve(false), withinMs);
      }),
    pingAllowed: (signal) => this.#answer('pingAllowed', () => undefined, signal),
    info: (signal) => this.#answer('info', () => INFO, signal),
    version: (signal) => this.#answer('version', () => VERSION, signal),
    nodes: (signal) => this.#answer('nodes', () => this.nodes, signal),
    services: (signal) => this.#answer('services', () => this.services, signal),
    tasks: (signal) => this.#answer('tasks', () => this.tasks, signal),
    upToDateTasks: (signal) =>
      this.#answer('upToDateTasks', () => this.tasks.map(({ ID }) => ID), signal),
    scale: () => Promise.reject(new Error('not scripted')),
    setAvailability: () => Promise.reject(new Error('not scripted')),
    inspectService: () => Promise.reject(new Error('not scripted')),
    inspectNode: () => Promise.reject(new Error('not scripted')),
    inspectTask: () => Promise.reject(new Error('not scripted')),
    createService: () => Promise.reject(new Error('not scripted')),
    changeService: () => Promise.reject(new Error('not scripted')),
    rollbackService: () => Promise.reject(new Error('not scripted')),
    restartService: () => Promise.reject(new Error('not scripted')),
    removeService: () => Promise.reject(new Error('not scripted')),
    changeNode: () => Promise.reject(new Error('not scripted')),
    removeNode: () => Promise.reject(new Error('not scripted')),
    distribution: () => Promise.reject(new Error('not scripted')),
    networkName: () => Promise.resolve(null),
    rotateJoinToken: () => Promise.reject(new Error('not scripted')),
    killContainer: () => Promise.reject(new Error('not scripted')),
    joinCommand: () => Promise.reject(new Error('not scripted')),
    events: (signal, onEvent, onOpen) => {
      this.calls.push('events');
      if (this.rejectEvents || this.refused.has('events')) return Promise.reject(refusal());
      onOpen?.();
      return new Promise((resolve) => {
        signal.addEventListener('abort', () => resolve());
        this.streams.push({
          end: resolve,
          event: (event = {}) => onEvent({ ...anEvent(), ...event }),
        });
      });
    },
    logs: (target, options, signal, onOpen) => this.logs.read(target, options, signal, onOpen),
    pastEvents: (_since, _until, signal) => this.#answer('pastEvents', () => this.past, signal),
  };
}
