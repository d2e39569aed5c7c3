import { isEngineError, type Engine } from '../engine';
import type { EngineErrorKind } from '../engine/errors';
import type { Snapshot } from '../swarm/snapshot';

type Lists = Pick<Snapshot, 'nodes' | 'services' | 'tasks'>;

/**
 * Errors of an engine or proxy that is reachable and does not answer this query: the lists are still
 * worth showing. Others, such as timeouts, are errors of the whole read.
 */
const NO_ANSWER: ReadonlySet<EngineErrorKind> = new Set([
  'engine-refused',
  'not-found',
  'not-an-engine',
]);

/**
 * The engine's answer to which tasks are up to date, requested again only when it may have changed:
 * a service or node has a new version, or a task is new. It depends on nothing else that can be seen
 * (a task's own spec never changes), so a swarm at rest costs no further request.
 */
export class UpToDateTasks {
  readonly #engine: Engine;
  #versions = '';
  /** Ids of the tasks that the answer covers. */
  #covered: ReadonlySet<string> = new Set();
  #answer: ReadonlySet<string> | null = null;

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  /** Ids of the tasks that are up to date; null when the engine does not answer that. */
  async of({ nodes, services, tasks }: Lists, signal: AbortSignal): Promise<Snapshot['upToDate']> {
    const versions = [...services, ...nodes].map((one) => `${one.ID}:${one.Version.Index}`).join();
    if (versions === this.#versions && tasks.every(({ ID }) => this.#covered.has(ID))) {
      return this.#answer;
    }
    const ids = await this.#request(signal);
    this.#answer = ids && new Set(ids);
    this.#covered = new Set([...tasks.map(({ ID }) => ID), ...(ids ?? [])]);
    this.#versions = versions;
    return this.#answer;
  }

  async #request(signal: AbortSignal): Promise<string[] | null> {
    try {
      return await this.#engine.upToDateTasks(signal);
    } catch (error) {
      if (isEngineError(error) && NO_ANSWER.has(error.kind)) return null;
      throw error;
    }
  }
}
