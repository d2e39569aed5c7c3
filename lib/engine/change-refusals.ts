import { CHANGES, type Change, type Refusals } from '../swarm/refusals';
import type { ChangedSpec, Engine, MadeAvailable, Scaled } from './engine';
import { isEngineError } from './errors';

/** Lifetime of a refusal (ms): the proxy may be reconfigured, and only another attempt can show it. */
const FORGOTTEN_MS = 5 * 60_000;

/** Changes that one switch allows together. */
const TOGETHER: Readonly<Record<string, readonly Change[]>> = {
  POST: CHANGES.filter((change) => change !== 'join'),
  ALLOW_SCALE: ['scale', 'update'],
  ALLOW_DRILL: ['drain', 'node', 'kill'],
};

interface Refusal {
  switches: readonly string[];
  at: number;
  /** The change that was refused: it itself, or another one that the same switch allows. */
  from: Change;
}

/**
 * Which changes are refused, known from the last attempt of each: a trial would change the swarm. Refusals are forgotten
 * after five minutes, and when the connection to the engine ends, because its proxy may restart with other switches.
 */
export class ChangeRefusals {
  readonly #refused = new Map<Change, Refusal>();
  /** Changes that succeeded since the last refusal: the refusal of another change does not apply to them. */
  readonly #worked = new Set<Change>();
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** The refused changes with the switches that allow them. */
  current(): Refusals['changes'] {
    for (const [change, { at }] of this.#refused) {
      // Absolute: a Pi without a hardware clock can set it back.
      if (Math.abs(this.#now() - at) >= FORGOTTEN_MS) this.#refused.delete(change);
    }
    return new Map([...this.#refused].map(([change, { switches }]) => [change, switches]));
  }

  /** Clears all that is known. */
  forget(): void {
    this.#refused.clear();
    this.#worked.clear();
  }

  /** Returns the engine with its changes wrapped, so that their outcomes are recorded. */
  watch(engine: Engine): Engine {
    return {
      ...engine,
      scale: (...args) => this.#record('scale', engine.scale(...args)),
      setAvailability: (...args) => this.#record('drain', engine.setAvailability(...args)),
      createService: (spec) => this.#record('create', engine.createService(spec)),
      changeService: (...args) => this.#record('update', engine.changeService(...args)),
      rollbackService: (...args) => this.#record('update', engine.rollbackService(...args)),
      restartService: (...args) => this.#record('update', engine.restartService(...args)),
      removeService: (...args) => this.#record('create', engine.removeService(...args)),
      changeNode: (...args) => this.#record('node', engine.changeNode(...args)),
      removeNode: (...args) => this.#record('remove-node', engine.removeNode(...args)),
      rotateJoinToken: (role) => this.#record('rotate', engine.rotateJoinToken(role)),
      killContainer: (id) => this.#record('kill', engine.killContainer(id)),
      joinCommand: (role) => this.#record('join', engine.joinCommand(role)),
    };
  }

  async #record<T>(change: Change, made: Promise<T>): Promise<T> {
    try {
      const result = await made;
      if (isWritten(result)) {
        this.#worked.add(change);
        for (const [other, { from }] of this.#refused) {
          if (other === change || from === change) this.#refused.delete(other);
        }
      }
      return result;
    } catch (error) {
      if (isEngineError(error) && typeof error.refused === 'object') {
        this.#add(error.refused.change, error.refused.switches);
      }
      throw error;
    }
  }

  #add(change: Change, switches: readonly string[]): void {
    const at = this.#now();
    this.#worked.delete(change);
    this.#refused.set(change, { switches, at, from: change });
    const [only = '', ...more] = switches;
    if (more.length > 0 || !Object.hasOwn(TOGETHER, only)) return;
    for (const other of TOGETHER[only] ?? []) {
      if (other === change) continue;
      if (!this.#worked.has(other)) this.#refused.set(other, { switches, at, from: change });
    }
  }
}

/** Whether a change was written: scaling to the current number, for example, sends no write. */
function isWritten(result: unknown): boolean {
  const { from, to, written } = (result ?? {}) as Partial<(Scaled | MadeAvailable) & ChangedSpec>;
  return written ?? (from === undefined || from !== to);
}
