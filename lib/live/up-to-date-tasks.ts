import { isEngineError, type Engine } from '../engine';
import type { EngineErrorKind } from '../engine/errors';
import type { Snapshot } from '../swarm/snapshot';
import { elapsed } from './elapsed';

type Lists = Pick<Snapshot, 'nodes' | 'services' | 'tasks'>;

/** Errors of the engine as a whole: the read fails. With any other one the lists are still worth showing. */
const AWAY: ReadonlySet<EngineErrorKind> = new Set([
  'socket-missing',
  'socket-permission',
  'engine-stopped',
  'engine-timeout',
  'tls',
  'ssh',
  'not-a-manager',
  'no-swarm',
  'swarm-locked',
  'no-quorum',
  'swarm-error',
  'swarm-certificate',
]);

/** Errors of an engine or proxy that does not know or allow this query: not repeated until something changes. */
const REFUSED: ReadonlySet<EngineErrorKind> = new Set([
  'engine-refused',
  'not-found',
  'not-an-engine',
]);

/** The query is aborted after this time, well before the read counts as stalled (ms). */
const LIMIT_MS = 2000;

/** Time until a failed query is repeated (ms). */
const RETRY_MS = 5000;

/**
 * The engine's answer to which tasks are up to date, requested again only when it may have changed:
 * a service or node has a new version, or a task is new. It depends on nothing else that can be seen
 * (a task's own spec never changes), so a swarm at rest costs no further request.
 */
export class UpToDateTasks {
  readonly #engine: Engine;
  readonly #now: () => number;
  #versions = '';
  /** Ids of the tasks that the answer covers. */
  #covered: ReadonlySet<string> = new Set();
  #answer: ReadonlySet<string> | null = null;
  #failedAt = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, now: () => number) {
    this.#engine = engine;
    this.#now = now;
  }

  /**
   * Ids of the tasks that are up to date; null when the engine refuses the query. While the query fails, the last answer
   * holds, and tasks created since count as up to date.
   */
  async of({ nodes, services, tasks }: Lists, signal: AbortSignal): Promise<Snapshot['upToDate']> {
    const versions = [...services, ...nodes]
      // 0: the version could not be read.
      .map((one) => `${one.ID}:${one.Version.Index || one.UpdatedAt}`)
      .join();
    if (versions === this.#versions && tasks.every(({ ID }) => this.#covered.has(ID))) {
      return this.#answer;
    }
    const ids =
      elapsed(this.#failedAt, this.#now()) >= RETRY_MS ? await this.#request(signal) : undefined;
    if (ids === undefined) {
      const created = tasks.filter(({ ID }) => !this.#covered.has(ID)).map(({ ID }) => ID);
      return this.#answer && new Set([...this.#answer, ...created]);
    }
    this.#answer = ids && new Set(ids);
    this.#covered = new Set([...tasks.map(({ ID }) => ID), ...(ids ?? [])]);
    this.#versions = versions;
    return this.#answer;
  }

  /** Null: the engine or a proxy refuses the query. Undefined: it failed this time. */
  async #request(signal: AbortSignal): Promise<string[] | null | undefined> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), LIMIT_MS);
    try {
      return await this.#engine.upToDateTasks(AbortSignal.any([signal, late.signal]));
    } catch (error) {
      const isLate = late.signal.aborted && !signal.aborted;
      if (!isEngineError(error) || (AWAY.has(error.kind) && !isLate)) throw error;
      if (REFUSED.has(error.kind)) return null;
      this.#failedAt = this.#now();
      return undefined;
    } finally {
      clearTimeout(timer);
    }
  }
}
