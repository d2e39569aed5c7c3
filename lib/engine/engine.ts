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

/**
 * The only door to Docker: what the dashboard can ask of an engine. Every answer is parsed, every
 * failure is an `EngineError`, every call but `events` ends within its deadline.
 */
export interface Engine {
  /** The engine's address for people: `/var/run/docker.sock`. */
  readonly where: string;
  info(): Promise<EngineInfo>;
  version(): Promise<EngineVersion>;
  nodes(): Promise<EngineNode[]>;
  services(): Promise<EngineService[]>;
  tasks(): Promise<EngineTask[]>;
  /**
   * Asks for `replicas` of a service (by id or name). Only the number changes: the spec is read
   * afresh, and again when somebody else was faster. Scales of one service wait for each other.
   */
  scale(service: string, replicas: number): Promise<Scaled>;
  /** `docker swarm join --token … ADDRESS:2377` for a worker. Holds a secret: only on explicit request. */
  joinCommand(): Promise<string>;
  /** Calls `onEvent` for each swarm event until `signal` aborts; returns when the stream ends. Tasks make no events. */
  events(signal: AbortSignal, onEvent: (event: EngineEvent) => void): Promise<void>;
}
