import type {
  EngineEvent,
  EngineInfo,
  EngineNode,
  EngineService,
  EngineTask,
  EngineVersion,
} from '../swarm/engine-json';

/** What a scale asked the engine for. */
export interface Scaled {
  from: number;
  to: number;
}

/** What swarm may do with a node: give it tasks, leave it its tasks, or empty it. */
export type Availability = 'active' | 'pause' | 'drain';

/** What a change of availability asked the engine for. */
export interface MadeAvailable {
  from: Availability;
  to: Availability;
}

/** What else goes with a change of availability. */
export interface AvailabilityOptions {
  /** Only while it has that one; else the availability stays as it is. */
  onlyFrom?: Availability;
  /** The node's labels that are set in the same update, whatever becomes of the availability; null takes one away. */
  labels?: Readonly<Record<string, string | null>>;
}

/**
 * The only door to Docker: what the dashboard can ask of an engine. Every answer is parsed, every
 * failure is an `EngineError`, every call but `events` ends within its deadline.
 */
export interface Engine {
  /** The engine's address for people: `unix:///var/run/docker.sock`. */
  readonly where: string;
  /** Whether anything answers within `withinMs`, whatever it is; never throws. */
  ping(withinMs: number): Promise<boolean>;
  /** These six end early, with an error, when `signal` aborts. */
  info(signal?: AbortSignal): Promise<EngineInfo>;
  version(signal?: AbortSignal): Promise<EngineVersion>;
  nodes(signal?: AbortSignal): Promise<EngineNode[]>;
  services(signal?: AbortSignal): Promise<EngineService[]>;
  tasks(signal?: AbortSignal): Promise<EngineTask[]>;
  /**
   * Ids of the tasks that need no replacement to follow their service, by the engine's own rule. It
   * compares facts that `/tasks` does not show (published ports, for one) and spares tasks that
   * satisfy new constraints. Docker's client uses the same filter for its progress.
   */
  upToDateTasks(signal?: AbortSignal): Promise<string[]>;
  /**
   * Asks for `replicas` of a service (by id or name). Only the number changes: the spec is read
   * afresh, and again when somebody else was faster. Scales of one service wait for each other.
   */
  scale(service: string, replicas: number): Promise<Scaled>;
  /**
   * Sets a node's availability (by id or name), and of its spec nothing else but what `options` say;
   * read afresh, and again when somebody else was faster. `to` is what it has then.
   */
  setAvailability(
    node: string,
    availability: Availability,
    options?: AvailabilityOptions,
  ): Promise<MadeAvailable>;
  /** `docker kill` of a container on the engine's own node, by its id or the beginning of it. */
  killContainer(id: string): Promise<void>;
  /** `docker swarm join --token … ADDRESS:2377` for a worker. Holds a secret: only on explicit request. */
  joinCommand(): Promise<string>;
  /**
   * Calls `onEvent` for each swarm event until `signal` aborts. Returns when the stream ends, also
   * because another engine has taken this one's socket file. Tasks make no events.
   */
  events(signal: AbortSignal, onEvent: (event: EngineEvent) => void): Promise<void>;
}
