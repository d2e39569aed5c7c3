import { isEngineError, type Engine } from '../engine';
import { encodeMessage, getEngine, getFeed, type Feed, type Source } from '../live';
import { encodeRun } from './encode';
import { createRunner, type Runner, type RunnerHooks } from './runner';

/** Where the runner meets the feed; the rest of this room knows neither feed nor engine. */

const RUNNER = Symbol.for('clusterhat.runner');
// A page and a route can get different instances of a module: what must be one per process lives here.
const scope = globalThis as { [RUNNER]?: Runner };

/** What a runner gets from a feed and its engine. */
export function runnerHooks(
  feed: Pick<Feed, 'current' | 'fresh' | 'wake' | 'subscribe'>,
  engine: Pick<Engine, 'setAvailability' | 'killContainer'>,
): RunnerHooks {
  return {
    view: () => feed.current().view,
    refresh: () => {
      feed.wake();
      return feed.fresh();
    },
    // A run that was started by a program has no viewer who would keep the picture live.
    hold: (look) => feed.subscribe(look),
    hands: {
      async setAvailability(nodeId, availability, onlyFrom) {
        try {
          await engine.setAvailability(nodeId, availability, onlyFrom);
          return true;
        } catch (error) {
          if (isEngineError(error) && error.kind === 'not-found') return false;
          throw error;
        } finally {
          feed.wake();
        }
      },
      async killContainer(container) {
        try {
          await engine.killContainer(container);
        } finally {
          feed.wake();
        }
      },
    },
  };
}

/** The process's one runner. */
export function getRunner(): Runner {
  scope[RUNNER] ??= createRunner(runnerHooks(getFeed(), getEngine()));
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
