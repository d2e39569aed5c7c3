import { isEngineError } from '../engine';
import { encodeMessage, getEngine, getFeed, type Source } from '../live';
import { encodeRun } from './encode';
import { createRunner, type Runner } from './runner';

/** Where the runner meets the feed; the rest of this room knows neither feed nor engine. */

const RUNNER = Symbol.for('clusterhat.runner');
// A page and a route can get different instances of a module: what must be one per process lives here.
const scope = globalThis as { [RUNNER]?: Runner };

/** The process's one runner. */
export function getRunner(): Runner {
  scope[RUNNER] ??= createRunner({
    view: () => getFeed().current().view,
    refresh: () => {
      getFeed().wake();
      return getFeed().fresh();
    },
    // A run that was started by a program has no viewer who would keep the picture live.
    hold: () => getFeed().subscribe(() => {}),
    hands: {
      async setAvailability(nodeId, availability, onlyFrom) {
        try {
          await getEngine().setAvailability(nodeId, availability, onlyFrom);
          return true;
        } catch (error) {
          if (isEngineError(error) && error.kind === 'not-found') return false;
          throw error;
        } finally {
          getFeed().wake();
        }
      },
      async killContainer(container) {
        try {
          await getEngine().killContainer(container);
        } finally {
          getFeed().wake();
        }
      },
    },
  });
  return scope[RUNNER];
}

/** Tells one viewer the present run as it goes, on arrival its newest 200 answers. */
export function runSource(): Source {
  const take = encodeRun(getRunner());
  return {
    subscribe: (notify) => getRunner().subscribe(notify),
    take() {
      const json = take();
      return json === null ? null : encodeMessage('run', json);
    },
  };
}
