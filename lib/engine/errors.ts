import { plainText } from './plain-text';

/** Kinds of engine errors; stable, for programs. */
export type EngineErrorKind =
  | 'socket-missing'
  | 'socket-permission'
  | 'engine-stopped'
  | 'engine-timeout'
  | 'not-an-engine'
  | 'tls'
  | 'ssh'
  | 'not-a-manager'
  | 'no-swarm'
  | 'swarm-locked'
  | 'no-quorum'
  | 'swarm-error'
  | 'not-found'
  | 'not-scalable'
  | 'conflict'
  | 'out-of-sequence'
  | 'engine-refused'
  | 'engine-error';

/**
 * The only error of lib/engine: what is wrong, and what to do. Both sentences can quote an engine or ssh and reach a
 * terminal, so they are always plain text.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** One sentence on what to do about it. */
  readonly next?: string;

  constructor(
    readonly kind: EngineErrorKind,
    /** One sentence on what is wrong, for people. */
    message: string,
    next?: string,
    options?: ErrorOptions,
  ) {
    super(plainText(message), options);
    if (next !== undefined) this.next = plainText(next);
  }
}

/**
 * Whether a thrown value is an `EngineError`. By name and not by class: a page and a route can have their own
 * instances of this module, and so their own classes.
 */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === 'EngineError';
}
