import { randomBytes } from 'node:crypto';
import { compareRuns } from '@/lib/curl/compare';
import { dial } from '@/lib/curl/dial';
import { allEntries } from '@/lib/curl/entry-turns';
import { planDrill } from '@/lib/curl/drill';
import { planOf } from '@/lib/curl/plan';
import type { Run } from '@/lib/curl/run';
import { Seconds } from '@/lib/curl/seconds';
import { drillEnded, drillStarted, runEnded, runStarted } from '@/lib/curl/timeline-actions';
import { ActiveRun } from './active-run';
import { exportAnswers } from './answer-rows';
import { AnswerStore } from './answer-store';
import { systemClock, type MonotonicClock } from './clock';
import {
  LIMITS,
  type Drilled,
  type DrillRefusal,
  type RunEngine,
  type RunnerHooks,
  type RunnerLimits,
  type Started,
} from './run-engine';
import { activeRunOf, measured, runOf, type StoredRun } from './stored-run';

/** Creates a runner; tests pass a clock and tighter limits. */
export function createRunner(
  hooks: RunnerHooks,
  limits: RunnerLimits = LIMITS,
  clock: MonotonicClock = systemClock,
): RunEngine {
  const subscribers = new Set<() => void>();
  /** Oldest first; the current run is included from its start. */
  const runs = new Map<string, StoredRun>();
  const remembered = new Map<string, string>();
  let current: StoredRun | null = null;
  /** The last batch: the run as it was then, and how many answers it had. */
  let batch: { run: Run; answers: number; rev: number } | null = null;
  let rev = 0;
  let batchAt = -Infinity;
  let cancelBatch: (() => void) | null = null;
  let cancelUnwatchedStop: (() => void) | null = null;
  let unwatchedSince = -Infinity;
  let release = () => {};
  let over = false;

  const publish = (stored: StoredRun) => {
    cancelBatch?.();
    cancelBatch = null;
    rev += 1;
    batchAt = clock.now();
    batch = { run: runOf(stored), answers: stored.answers.length, rev };
    for (const notify of subscribers) notify();
  };

  const publishSoon = () => {
    if (cancelBatch || !current || !activeRunOf(current)) return;
    const wait = batchAt + limits.batchMs - clock.now();
    cancelBatch = clock.after(Math.max(0, wait), () => {
      cancelBatch = null;
      if (!current) return;
      activeRunOf(current)?.applyLatestView();
      if (activeRunOf(current)) publish(current);
    });
  };

  const onChange = (stored: StoredRun) => {
    if (activeRunOf(stored)?.running) publishSoon();
    // After the run's end only its drill can change.
    else if (!activeRunOf(stored) && stored === current) publish(stored);
  };

  const onEnd = (stored: StoredRun) => {
    stored.now = runOf(stored);
    hooks.onAction?.(runEnded(stored.now));
    cancelUnwatchedStop?.();
    cancelUnwatchedStop = null;
    release();
    release = () => {};
    publish(stored);
  };

  const stopWhenUnwatched = () => {
    const active = current && activeRunOf(current);
    if (!active) return;
    cancelUnwatchedStop = clock.after(limits.unwatchedMs, () => active.stop('nobody watching'));
  };

  const store = (stored: StoredRun) => {
    runs.set(stored.id, stored);
    for (const [id, { drill }] of runs) {
      if (runs.size <= limits.keptRuns) break;
      // Kept while its drill still has a node to restore.
      if (drill?.isOver ?? true) runs.delete(id);
    }
  };

  const refuseStart = (): Started | null => {
    if (!over && !(current && activeRunOf(current))) return null;
    const why = over
      ? { detail: 'The dashboard is shutting down.', next: 'Try again in a moment.' }
      : {
          detail: 'A run is in progress already.',
          next: 'Watch it, wait for its end, or stop it.',
        };
    return { ok: false, why: { kind: 'run-in-progress', ...why } };
  };

  const find = (id: string): Run | null => {
    const stored = runs.get(id);
    return stored ? runOf(stored) : null;
  };

  return {
    start(request, view, by = 'operator') {
      const refused = refuseStart();
      if (refused) return refused;
      const dialled = dial(view, request, hooks.engineHost?.());
      if (!dialled.ok) return dialled;

      const { target } = dialled;
      const entryNodeIds = allEntries(target).map((entry) => entry.nodeId);
      const answers = new AnswerStore(planOf(request).planned, entryNodeIds);
      const seconds = new Seconds();
      const id = randomBytes(6).toString('hex');
      const active = new ActiveRun({
        id,
        request,
        target,
        view,
        clock,
        limits,
        reach: { remembered, ...hooks.reach },
        currentView: () => hooks.view(),
        refresh: () => hooks.refresh(),
        onAnswer: (answer) => {
          answers.push(answer);
          seconds.add(answer);
          const by = answer.taskId === null ? undefined : active.tasks.get(answer.taskId);
          hooks.answered?.(target.serviceName, answer, by);
          publishSoon();
        },
        onSkip: (at) => seconds.skip(at),
        onChange: () => onChange(next),
        onEnd: () => onEnd(next),
      });
      const next: StoredRun = {
        id,
        by,
        now: active,
        drill: null,
        tasks: active.tasks,
        answers,
        seconds,
      };
      current = next;
      release = hooks.keepPolling?.(() => activeRunOf(next)?.onSwarmRead()) ?? release;
      store(next);
      hooks.onAction?.(runStarted(runOf(next)));
      publish(next);
      // The tab can have closed while its request was on the way.
      const justLeft = clock.now() - unwatchedSince < limits.unwatchedMs;
      if (subscribers.size === 0 && justLeft) stopWhenUnwatched();
      active.start();
      return { ok: true, run: runOf(next) };
    },

    stop(id) {
      const stored = runs.get(id);
      if (stored) activeRunOf(stored)?.stop('stopped');
      return find(id);
    },

    startedBy: (id) => runs.get(id)?.by ?? null,
    active: () => current !== null && activeRunOf(current) !== null,

    get: find,

    list: () => [...runs.values()].map(runOf).toReversed(),

    answers(id) {
      const stored = runs.get(id);
      if (!stored) return null;
      const nodes = new Map(hooks.view()?.nodes.map((node) => [node.id, node.name]));
      return exportAnswers(runOf(stored), stored.answers.slice(0, Infinity), {
        task: (taskId) => stored.tasks.get(taskId),
        node: (nodeId) => nodes.get(nodeId) ?? null,
      });
    },

    seconds: (id) => runs.get(id)?.seconds.since(0) ?? null,

    compare(id, other) {
      const [before, after] = [runs.get(other), runs.get(id)];
      return before && after ? compareRuns(measured(before), measured(after)) : null;
    },

    drill(id, order, view) {
      const stored = runs.get(id);
      const busy = [...runs.values()].some(({ drill }) => drill?.isOver === false);
      if (!stored) return noDrill('not-found');
      const active = activeRunOf(stored);
      if (!active) return noDrill('run-ended');
      if (busy) return noDrill('drill-in-progress');
      if (!hooks.drillActions) return noDrill('not-drillable');
      const planned = planDrill(view, runOf(stored).request, order);
      if (!planned.ok) return planned;
      const drill = active.drill(planned.plan, hooks.drillActions);
      stored.drill = drill;
      hooks.onAction?.(drillStarted(drill.state()));
      void drill.over.then(() => hooks.onAction?.(drillEnded(drill.state())));
      publishSoon();
      return { ok: true, run: runOf(stored) };
    },

    endDrill(id) {
      runs.get(id)?.drill?.end();
      return find(id);
    },

    subscribe(notify) {
      const subscriber = () => notify();
      subscribers.add(subscriber);
      cancelUnwatchedStop?.();
      cancelUnwatchedStop = null;
      return () => {
        if (!subscribers.delete(subscriber) || subscribers.size > 0) return;
        unwatchedSince = clock.now();
        stopWhenUnwatched();
      };
    },

    news(since) {
      if (!batch || !current || since?.rev === batch.rev) return null;
      const { run } = batch;
      const same = since?.id === run.id ? since : null;
      const from = same?.answers ?? -Infinity;
      const reset = batch.answers - from > limits.lateAnswers;
      const first = reset ? batch.answers - limits.lateAnswers : from;
      const { answers, seconds } = current;
      return {
        message: {
          run,
          answers: answers.slice(first, batch.answers),
          seconds: seconds.since(reset ? 0 : (same?.seconds ?? 0)),
          reset,
        },
        cursor: { id: run.id, rev: batch.rev, answers: batch.answers, seconds: seconds.rev },
      };
    },

    async shutdown() {
      over = true;
      if (current) activeRunOf(current)?.stop('shutdown');
      await Promise.all([...runs.values()].flatMap(({ drill }) => drill?.over ?? []));
    },
  };
}

/** What is wrong and what to do, for each refusal. */
const NO_DRILL = {
  'not-found': {
    detail: 'No run has this id.',
    next: 'Only the last 20 runs since the dashboard started are kept.',
  },
  'run-ended': { detail: 'The run has ended.', next: 'Start a run, and the drill during it.' },
  'drill-in-progress': {
    detail: 'A drill is in progress already.',
    next: 'Wait for its end, or end it.',
  },
  'not-drillable': {
    detail: 'This dashboard cannot change the swarm.',
    next: 'Use docker node update, or docker kill.',
  },
} as const satisfies Record<DrillRefusal, { detail: string; next: string }>;

function noDrill(kind: DrillRefusal): Drilled {
  return { ok: false, why: { kind, ...NO_DRILL[kind] } };
}
