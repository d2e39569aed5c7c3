import { plainText } from './plain-text';

/** Why the engine did not do what was asked; stable, for programs. */
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
 * Everything that goes wrong at the engine's door, as one type: what happened, and what to do. Both
 * can quote an engine or ssh and reach a terminal, so they are plain text, wherever they come from.
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
 * Whether something thrown is an `EngineError`. By name and not by class: a page and a route can
 * have instances of their own of this module, and so classes of their own.
 */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === 'EngineError';
}
