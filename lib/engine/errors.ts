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

/** Everything that goes wrong at the engine's door, as one type: what happened, and what to do. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly kind: EngineErrorKind,
    /** One sentence on what is wrong, for people. */
    message: string,
    /** One sentence on what to do about it. */
    readonly next?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/**
 * Whether something thrown is an `EngineError`. By name and not by class: a page and a route can
 * have instances of their own of this module, and so classes of their own.
 */
export function isEngineError(error: unknown): error is EngineError {
  return error instanceof Error && error.name === 'EngineError';
}
