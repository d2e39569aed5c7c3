import { setTimeout } from 'node:timers/promises';
import type { KnownTask } from '@/lib/curl/identify';
import { isFailure } from '@/lib/curl/run';
import { engineProblemFor, isEngineError, type Engine } from '../engine';
import { encodeMessage, getEngine, getFeed, type Feed, type Source } from '../live';
import { log, logChange } from '../log';
import { countRequest } from '../observe/counters';
import { encodeRun } from './encode';
import { bringBackForgotten, DRILL_LABEL } from './forgotten';
import { loggedDrillActions } from './logged-drill-actions';
import { createRunner, type RunEngine, type RunnerHooks } from './runner';

/** Where the runner meets the feed; the rest of this room knows neither feed nor engine. */

const RUNNER = Symbol.for('clusterhat.runner');
// A page and a route can get different instances of a module: what must be one per process lives here.
const scope = globalThis as { [RUNNER]?: RunEngine };

/** Stands for the slot and the node of a container that no task is known for. */
const UNKNOWN = 'unknown';

/** Tasks of global services have no slot, only a node. */
function slotLabel(by: KnownTask | undefined): string {
  return by ? String(by.slot ?? '') : UNKNOWN;
}

/** What a runner gets from a feed and its engine. */
export function runnerHooks(
  feed: Pick<Feed, 'current' | 'fresh' | 'wake' | 'subscribe'>,
  engine: Pick<Engine, 'setAvailability' | 'killContainer'>,
): RunnerHooks {
  /** Does it unless the node is gone, and has the picture follow. */
  const change = async (...args: Parameters<typeof engine.setAvailability>) => {
    try {
      await engine.setAvailability(...args);
      return true;
    } catch (error) {
      if (isEngineError(error) && error.kind === 'not-found') return false;
      throw publicError(error);
    } finally {
      feed.wake();
    }
  };
  return {
    view: () => feed.current().view,
    refresh: () => {
      feed.wake();
      return feed.fresh();
    },
    // A run that was started by a program has no viewer who would keep the picture live.
    hold: (look) => feed.subscribe(look),
    answered(service, { ms, error }, by) {
      const node = feed.current().view?.nodes.find(({ id }) => id === by?.nodeId);
      countRequest({
        service,
        outcome: error ?? 'answered',
        seconds: ms / 1000,
        by: isFailure(error)
          ? null
          : { slot: slotLabel(by), node: node?.name ?? by?.nodeId ?? UNKNOWN },
      });
    },
    hands: loggedDrillActions(
      {
        takeOut: (nodeId, was) => change(nodeId, 'drain', { labels: { [DRILL_LABEL]: was } }),
        async bringBack(nodeId, was) {
          await change(nodeId, was, { onlyFrom: 'drain', labels: { [DRILL_LABEL]: null } });
        },
        async killContainer(container) {
          try {
            await engine.killContainer(container);
          } catch (error) {
            throw publicError(error);
          } finally {
            feed.wake();
          }
        },
      },
      {
        write: (change) => logChange({ ...change, role: 'drill', client: '' }),
        nodeName: (id) => feed.current().view?.nodes.find((node) => node.id === id)?.name ?? id,
        errorKind: (error) => {
          const cause = error instanceof Error ? (error.cause ?? error) : error;
          return isEngineError(cause) ? cause.kind : 'defect';
        },
      },
    ),
  };
}

/** A drill's problem is part of the run, which all viewers receive: without details of the host. */
function publicError(error: unknown): unknown {
  if (!isEngineError(error)) return error;
  return new Error(engineProblemFor(error, 'public').detail, { cause: error });
}

/** The process's one runner. */
export function getRunner(): RunEngine {
  scope[RUNNER] ??= createRunner(runnerHooks(getFeed(), getEngine()));
  return scope[RUNNER];
}

/** Between two tries to ask an engine that is not there yet (ms), and how many there are. */
const RETRY_MS = 5000;
const TRIES = 60;

/** At the server's start: brings back what a drill of the last one left drained, and logs it. */
export async function bringBackNodes(): Promise<void> {
  const drilled = (nodeId: string) =>
    getRunner()
      .list()
      .some(({ drill }) => drill?.nodeId === nodeId && !['done', 'failed'].includes(drill.state));
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const said = await bringBackForgotten(getEngine(), drilled);
      for (const message of said) log('warn', 'bring back', { message });
      return;
    } catch {
      await setTimeout(RETRY_MS, undefined, { ref: false });
    }
  }
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
