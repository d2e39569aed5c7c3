import { setTimeout } from 'node:timers/promises';
import type { KnownTask } from '@/lib/curl/identify';
import { isDrillActive, isFailure } from '@/lib/curl/run';
import { dockerNode } from '@/lib/swarm/hat/unique-names';
import type { NodeView } from '@/lib/swarm/view';
import { engineProblemFor, isEngineError, type Engine } from '../engine';
import { engineHost } from '../engine/engine-host';
import { encodeMessage, getEngine, getFeed, type Feed, type Source } from '../live';
import { log, logChange } from '../log';
import { countRequest } from '../observe/counters';
import { getSettings } from '../settings';
import { encodeRun } from './encode-run';
import { DRILL_LABEL } from '../swarm/drill-label';
import { restoreDrainedNodes } from './restore-nodes';
import { loggedDrillActions } from './logged-drill-actions';
import type { RunEngine, RunnerHooks } from './run-engine';
import { createRunner } from './runner';

/** Connects the runner to the feed and the engine; the other files here import neither. */

const RUNNER = Symbol.for('clusterhat.runner');
// A page and a route can get different instances of a module: one per process needs `globalThis`.
const scope = globalThis as { [RUNNER]?: RunEngine };

/** Label for the slot and node of a container that belongs to no known task. */
const UNKNOWN = 'unknown';

/** Tasks of global services have no slot, only a node. */
function slotLabel(by: KnownTask | undefined): string {
  return by ? String(by.slot ?? '') : UNKNOWN;
}

/** Runner hooks that use a feed and its engine. */
export function runnerHooks(
  feed: Pick<Feed, 'current' | 'fresh' | 'wake' | 'subscribe' | 'addAction'>,
  engine: Pick<Engine, 'setAvailability' | 'killContainer'>,
  host?: NonNullable<RunnerHooks['engineHost']>,
): RunnerHooks {
  /** Changes a node's availability and wakes the feed; returns the resulting one, null when the node does not exist. */
  const change = async (...args: Parameters<typeof engine.setAvailability>) => {
    try {
      return (await engine.setAvailability(...args)).to;
    } catch (error) {
      if (isEngineError(error) && error.kind === 'not-found') return null;
      throw publicError(error);
    } finally {
      feed.wake();
    }
  };
  return {
    view: () => feed.current().view,
    ...(host && { engineHost: host }),
    refresh: () => {
      feed.wake();
      return feed.fresh();
    },
    // A run started by a program has no viewer that keeps the feed polling.
    keepPolling: (onRead) => feed.subscribe(onRead),
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
    onAction: (action) => feed.addAction(action),
    drillActions: loggedDrillActions(
      {
        async drainNode(nodeId, was) {
          return (await change(nodeId, 'drain', { labels: { [DRILL_LABEL]: was } })) !== null;
        },
        restoreNode: (nodeId, was) =>
          change(nodeId, was, {
            onlyFrom: 'drain',
            onlyLabelled: DRILL_LABEL,
            labels: { [DRILL_LABEL]: null },
          }),
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
        nodeName: (id) => nodesOf(feed).find((node) => node.id === id)?.name ?? id,
        dockerNode(id) {
          const nodes = nodesOf(feed);
          const node = nodes.find((one) => one.id === id);
          return node ? dockerNode(nodes, node) : id;
        },
        errorKind: (error) => {
          const cause = error instanceof Error ? (error.cause ?? error) : error;
          return isEngineError(cause) ? cause.kind : 'defect';
        },
      },
    ),
  };
}

function nodesOf(feed: Pick<Feed, 'current'>): readonly NodeView[] {
  return feed.current().view?.nodes ?? [];
}

/** A drill's problem is sent to all viewers, so it must not contain details of the host. */
function publicError(error: unknown): unknown {
  if (!isEngineError(error)) return error;
  return new Error(engineProblemFor(error, 'public').detail, { cause: error });
}

/** The runner of this process. */
export function getRunner(): RunEngine {
  scope[RUNNER] ??= createRunner(
    runnerHooks(getFeed(), getEngine(), engineHost(getSettings().engine)),
  );
  return scope[RUNNER];
}

/** Ends the drills that have drained a node: somebody has chosen another availability for it. */
export function endDrillsOf(nodeId: string): void {
  const runner = getRunner();
  for (const { id, drill } of runner.list()) {
    if (drill?.nodeId === nodeId && isDrillActive(drill)) runner.endDrill(id);
  }
}

/** Wait between two tries while the engine is unreachable (ms), and how many tries. */
const RETRY_MS = 5000;
const TRIES = 60;

/** At the server's start: restores nodes that a drill of the previous process left drained, and logs each. */
export async function restoreNodesAtStart(): Promise<void> {
  const drilled = (nodeId: string) =>
    getRunner()
      .list()
      .some(({ drill }) => drill?.nodeId === nodeId && isDrillActive(drill));
  for (let tries = 0; tries < TRIES; tries++) {
    try {
      const messages = await restoreDrainedNodes(getEngine(), drilled);
      for (const message of messages) log('warn', 'bring back', { message });
      return;
    } catch {
      await setTimeout(RETRY_MS, undefined, { ref: false });
    }
  }
}

/** Live messages of the current run for one viewer; the first has the newest `ANSWERS_SHOWN` answers. */
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
