import type {
  EngineEvent,
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
  Inspected,
} from '../swarm/engine-json';
import type { ImageLookup } from '../swarm/image-lookup';
import type { LogEntry } from '../swarm/logs/lines';
import type { LogTarget } from '../swarm/logs/target';
import type { OddList } from '../swarm/read-list';
import type { Change } from '../swarm/refusals';
import type { RawSpec } from '../swarm/spec/raw-spec';
import type { Availability } from '../swarm/view';
import type { LogOptions } from './logs';

/** The replicas before and after a scale. */
export interface Scaled {
  from: number;
  to: number;
}

/** The availability before and after a change. */
export interface MadeAvailable {
  from: Availability;
  to: Availability;
}

/** Options of a change of availability. */
export interface AvailabilityOptions {
  /** Changes the availability only if it is this one. */
  onlyFrom?: Availability;
  /** Changes nothing without this label. */
  onlyLabelled?: string;
  /** Labels set in the same update, even if the availability stays; null removes one. */
  labels?: Readonly<Record<string, string | null>>;
}

/** Returns a changed copy of a spec. It can run several times, each time with the spec of that moment; it may throw. */
export type SpecChange = (spec: RawSpec, now: Inspected) => RawSpec;

/** Options of a change of a spec. */
export interface ChangeOptions {
  /** Named if a proxy refuses the change. */
  as: Change;
  /** Throws if the entity is not as its sender expected; runs before each attempt. */
  check?: ((now: Inspected) => void) | undefined;
  /** Whether a spec that stays the same is written too: that continues a paused update. */
  sendSame?: (now: Inspected) => boolean;
}

/** The outcome of a change of a spec. */
export interface ChangedSpec {
  /** As it was read for the attempt that succeeded. */
  before: Inspected;
  /** The whole spec that was written. */
  spec: RawSpec;
  /** False if nothing was different, so that nothing was written. */
  written: boolean;
  /** The engine's own. */
  warnings: readonly string[];
}

/** A new service. */
export interface CreatedService {
  id: string;
  warnings: readonly string[];
}

/** Roles that a node can join with; each has a token. */
export type JoinRole = 'worker' | 'manager';

/**
 * The only access to Docker. Every response is parsed, every failure is an `EngineError`, every call except `events`
 * and `logs` has a timeout.
 */
export interface Engine {
  /** The engine's address for people: `unix:///var/run/docker.sock`. */
  readonly where: string;
  /** Whether anything responds within `timeoutMs`, a refusal included; never throws. */
  ping(timeoutMs: number): Promise<boolean>;
  /**
   * The following seven reject when `signal` aborts. `onOdd` is called with what could not be read of the answer, and is
   * left out of the result. `pingAllowed` rejects if the ping is refused: `ping` then shows only that a proxy responds.
   */
  pingAllowed(signal?: AbortSignal): Promise<void>;
  info(signal?: AbortSignal, onOdd?: (parts: readonly string[]) => void): Promise<EngineInfo>;
  version(signal?: AbortSignal, onOdd?: (parts: readonly string[]) => void): Promise<EngineVersion>;
  nodes(signal?: AbortSignal, onOdd?: (odd: OddList) => void): Promise<EngineNode[]>;
  services(signal?: AbortSignal, onOdd?: (odd: OddList) => void): Promise<EngineService[]>;
  tasks(signal?: AbortSignal, onOdd?: (odd: OddList) => void): Promise<EngineTask[]>;
  /**
   * Ids of the tasks that need no replacement to follow their service, by the engine's own rule: it compares facts
   * that `/tasks` does not have (published ports, for one), and keeps tasks that satisfy new constraints. Docker's
   * client uses the same filter for its progress. Null if the answer cannot be read.
   */
  upToDateTasks(signal?: AbortSignal): Promise<string[] | null>;
  /**
   * Sets the replicas of a service (by id or name). Only the number changes: the spec is read first, and again
   * after a conflict. Scales of one service wait for each other.
   */
  scale(service: string, replicas: number, check?: ChangeOptions['check']): Promise<Scaled>;
  /**
   * Sets a node's availability (by id or name), and nothing else of its spec except `options`; it is read first, and
   * again after a conflict. `to` is the resulting availability.
   */
  setAvailability(
    node: string,
    availability: Availability,
    options?: AvailabilityOptions,
  ): Promise<MadeAvailable>;
  /** A service as the engine has it, by name or id. */
  inspectService(service: string, signal?: AbortSignal): Promise<Inspected>;
  /** A node as the engine has it, by hostname or id. */
  inspectNode(node: string, signal?: AbortSignal): Promise<Inspected>;
  /** A task as the engine has it, by its id. */
  inspectTask(task: string, signal?: AbortSignal): Promise<Inspected>;
  /** Creates a service with this spec, complete as docker's client sends it. */
  createService(spec: RawSpec): Promise<CreatedService>;
  /**
   * Changes the spec of a service (by id or name): it is read as a whole, changed and written as a whole, with the
   * version that was read, and again after a conflict. All changes of one service wait for each other.
   */
  changeService(
    service: string,
    change: SpecChange,
    options?: Partial<ChangeOptions>,
  ): Promise<ChangedSpec>;
  /**
   * Restores the spec before the last change of any kind; a second rollback undoes the first. A change that
   * arrives in between is a conflict, as the rollback would undo that instead.
   */
  rollbackService(service: string, options?: Partial<ChangeOptions>): Promise<ChangedSpec>;
  /** Replaces every task of a service, with the same spec. */
  restartService(service: string, options?: Partial<ChangeOptions>): Promise<ChangedSpec>;
  /** Removes a service, after the changes before. Returns it as it was. */
  removeService(service: string, options?: Partial<ChangeOptions>): Promise<Inspected>;
  /** The same as `changeService` for a node (by id or hostname). */
  changeNode(
    node: string,
    change: SpecChange,
    options?: Partial<ChangeOptions>,
  ): Promise<ChangedSpec>;
  /** Removes a worker that is down from the swarm. Returns it as it was. */
  removeNode(node: string, options?: Partial<ChangeOptions>): Promise<Inspected>;
  /** What the registry of an image says about it, read by the engine. Never rejects. */
  distribution(image: string, signal?: AbortSignal): Promise<ImageLookup>;
  /** The name of a network by its id; null where the engine has none or does not allow the question. */
  networkName(id: string, signal?: AbortSignal): Promise<string | null>;
  /** Makes the token that nodes join with invalid, and a new one. Nodes that have joined stay. */
  rotateJoinToken(role: JoinRole): Promise<void>;
  /** `docker kill` of a container on the engine's own node, by its id or a prefix of it. */
  killContainer(id: string): Promise<void>;
  /** `docker swarm join --token … ADDRESS:PORT`, for a worker by default. Contains a secret: only on explicit request. */
  joinCommand(role?: JoinRole): Promise<string>;
  /**
   * Calls `onEvent` for each swarm event until `signal` aborts, and `onOpen` once the stream is accepted. Resolves when
   * the stream ends, also because another engine's socket file has replaced this one's. Tasks cause no events.
   */
  events(
    signal: AbortSignal,
    onEvent: (event: EngineEvent) => void,
    onOpen?: () => void,
  ): Promise<void>;
  /**
   * The log of a service or task, by its id, in pieces as they arrive and only as fast as they are taken. Each task's
   * lines are in order; those of several tasks are not. `onOpen` is called when the engine has accepted the request.
   * Ends quietly when `signal` aborts.
   */
  logs(
    target: LogTarget,
    options: LogOptions,
    signal: AbortSignal,
    onOpen?: () => void,
  ): AsyncIterable<LogEntry[]>;
  /** The swarm events of a past time (ms, the manager's clock), oldest first; an engine keeps its last 256. */
  pastEvents(since: number, until: number, signal?: AbortSignal): Promise<EngineEvent[]>;
}
