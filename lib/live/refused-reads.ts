import { EngineError, isEngineError } from '../engine';
import { isRefusal } from '../engine/errors';
import { swarmState } from '../engine/swarm-state';
import type { EngineInfo } from '../swarm/engine-json';
import { allRefused, type ReadSwitch } from '../swarm/refusals';

/** Time until a refused call is tried again (ms). */
const RETRY_MS = 10_000;

/** The lists without which there is nothing to show. */
const LISTS = ['NODES', 'SERVICES', 'TASKS'] as const;

/**
 * Which calls a proxy in front of the engine refuses. Each is read on its own, so that a refusal costs only what
 * depends on it; it is tried again every ten seconds, and after `expire`.
 */
export class RefusedReads {
  readonly #now: () => number;
  /** The error of each refused call, and when it was last tried. */
  readonly #refused = new Map<ReadSwitch, { error: EngineError; at: number }>();
  /** The same object until the set changes, so that callers can compare by identity. */
  #current: ReadonlySet<ReadSwitch> = new Set();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The refused calls. */
  get current(): ReadonlySet<ReadSwitch> {
    return this.#current;
  }

  /** The calls whose response is not a list. */
  get noLists(): ReadonlySet<ReadSwitch> {
    return new Set([...this.#refused].flatMap(([name, { error }]) => (error.noList ? name : [])));
  }

  /** Makes a call, unless it was refused a moment ago. Null if it is refused; throws any other error. */
  async attempt<T>(name: ReadSwitch, call: () => Promise<T>): Promise<T | null> {
    const before = this.#refused.get(name);
    // Absolute: a Pi without a hardware clock can set it back.
    if (before && Math.abs(this.#now() - before.at) < RETRY_MS) return null;
    try {
      const result = await call();
      this.record(name, null);
      return result;
    } catch (error) {
      const unread = isRefusal(error) || isNotFound(error) || isNoList(error);
      if (!unread) throw error;
      this.record(name, error);
      return null;
    }
  }

  /** Records that a call was refused with an error, or was not (null). */
  record(name: ReadSwitch, error: EngineError | null): void {
    if (error) this.#refused.set(name, { error, at: this.#now() });
    else this.#refused.delete(name);
    if (this.#current.has(name) !== (error !== null)) {
      this.#current = new Set(this.#refused.keys());
    }
  }

  /** Makes the next attempts call again, refused or not. */
  expire(): void {
    for (const refused of this.#refused.values()) refused.at = Number.NEGATIVE_INFINITY;
  }

  /**
   * Throws if every list is refused. `/info` can have the reason (the engine is no manager, or does not support swarms);
   * a program that returns 404 for every path is no engine.
   */
  throwIfUseless(info: EngineInfo | null): void {
    if (!LISTS.every((name) => this.#current.has(name))) return;
    const state = info && swarmState(info);
    if (state && state.state !== 'manager') throw state.error;
    const [first] = this.#refused.values();
    if (first?.error.noList) throw first.error;
    const knowsNone = !info && (first?.error.kind === 'not-an-engine' || isNotFound(first?.error));
    if (first && knowsNone) throw first.error;
    const { detail, next } = allRefused(this.#current);
    throw new EngineError('engine-refused', detail, next, { cause: first?.error, refused: true });
  }
}

function isNoList(error: unknown): error is EngineError {
  return isEngineError(error) && error.noList;
}

/** Engines serve every path that is read, so a 404 comes from a proxy or from another program. */
function isNotFound(error: unknown): error is EngineError {
  return isEngineError(error) && error.kind === 'not-found';
}
