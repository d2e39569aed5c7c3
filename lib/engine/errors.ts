import type { Change } from '../swarm/refusals';
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
  | 'swarm-certificate'
  | 'not-found'
  | 'not-scalable'
  | 'no-previous-spec'
  | 'conflict'
  | 'out-of-sequence'
  | 'engine-refused'
  | 'engine-error';

/** A change that was refused, with the names of the switches that allow it. */
export interface RefusedChange {
  readonly change: Change;
  readonly switches: readonly string[];
}

/**
 * The only error of lib/engine: what is wrong, and what to do. Both sentences can quote an engine or ssh and reach a
 * terminal, so they are always plain text.
 */
export class EngineError extends Error {
  override readonly name = 'EngineError';
  /** One sentence on what to do about it. */
  readonly next?: string;
  /**
   * The request itself was refused (status 401, 403, 404 or 405, or any that no engine would answer with), by a proxy or
   * plugin in front of the engine: another request may be allowed. Of a change: which one, and the switches of a socket proxy that allow it.
   */
  readonly refused: boolean | RefusedChange;
  /** The answer is JSON, but not a list as expected. Other paths may still return lists. */
  readonly noList: boolean;

  constructor(
    readonly kind: EngineErrorKind,
    /** One sentence on what is wrong, for people. */
    message: string,
    next?: string,
    {
      refused = false,
      noList = false,
      ...options
    }: ErrorOptions & Partial<Pick<EngineError, 'refused' | 'noList'>> = {},
  ) {
    super(plainText(message), options);
    this.refused = refused;
    this.noList = noList;
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

/** Thrown by the caller of a change, so that nothing is written: no failure of the engine. */
export class ChangeRejected extends Error {
  override readonly name = 'ChangeRejected';
}

/** Whether a thrown value is an `EngineError` of a refused request. */
export function isRefusal(error: unknown): error is EngineError {
  return isEngineError(error) && error.refused !== false;
}
