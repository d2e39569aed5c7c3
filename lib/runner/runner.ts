import { randomBytes } from 'node:crypto';
import type { AnswerRow } from '@/lib/curl/answer-table';
import { dial, type NoDial } from '@/lib/curl/dial';
import type { KnownTask, TaskIndex } from '@/lib/curl/identify';
import { planDrill, type DrillOrder, type NoDrill } from '@/lib/curl/drill';
import { planOf } from '@/lib/curl/plan';
import {
  ANSWERS_SHOWN,
  type Answer,
  type FullRunRequest,
  type Run,
  type Second,
} from '@/lib/curl/run';
import { Seconds } from '@/lib/curl/seconds';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';
import type { SwarmView } from '@/lib/swarm/view';
import { AnswerStore } from './answer-store';
import { systemClock, type MonotonicClock } from './clock';
import type { DrillActions, FailureDrill } from './drill';
import { exportAnswers } from './answer-rows';
import { ActiveRun, type ActiveRunLimits } from './active-run';

/** How the runner reads and changes the swarm; it has no engine of its own. */
export interface RunnerHooks {
  /** The latest view; null before the first. Called for every slot: must be cheap. */
  view(): SwarmView | null;
  /** Reads the swarm now, for an answer from a container that the view does not have. */
  refresh(): Promise<SwarmView | null>;
  /**
   * Called when a run starts: keeps polling until the returned function is called, and calls
   * `onRead` after each read of the swarm, whether or not it has changed.
   */
  keepPolling?(onRead: () => void): () => void;
  /** Called for each finished request; `by` is the task that answered, if known. */
  answered?(service: string, answer: Answer, by: KnownTask | undefined): void;
  /** How a failure drill changes the swarm; without it drills are refused. */
  drillActions?: DrillActions;
}

/** Every bound of the runner. */
export interface RunnerLimits extends ActiveRunLimits {
  /** Minimum time between two messages of one run, in ms; the last is sent at once. */
  readonly batchMs: number;
  /** How long a run continues without viewers, in ms. */
  readonly unwatchedMs: number;
  /** How many runs are kept, the current one included. */
  readonly keptRuns: number;
  /** How many of the newest answers a late subscriber receives. */
  readonly lateAnswers: number;
}

/** The bounds from the curl panel's specification. */
export const LIMITS: RunnerLimits = {
  bodyBytes: 4096,
  headerBytes: 8192,
  refreshMs: 1000,
  refreshGapMs: 500,
  batchMs: 250,
  unwatchedMs: 3000,
  keptRuns: 20,
  lateAnswers: ANSWERS_SHOWN,
};

/** The current run and what is new; with `reset`, `answers` and `seconds` replace earlier ones. */
export interface RunMessage {
  readonly run: Run;
  readonly answers: Answer[];
  /** Of the last 60 seconds those that changed; with `reset` all of them. */
  readonly seconds: Second[];
  readonly reset: boolean;
}

/** How much of a run one subscriber has received. */
interface RunCursor {
  readonly id: string;
  /** Rises with every batch of every run. */
  readonly rev: number;
  /** How many of the run's answers it has received. */
  readonly answers: number;
  /** The revision of the seconds it has received. */
  readonly seconds: number;
}

/** Role of whoever started a run: guests may stop only guests' runs. */
type Starter = 'guest' | 'operator';

/** A started run, or why there is none; then nothing was sent. */
type Started =
  | { readonly ok: true; readonly run: Run }
  | {
      readonly ok: false;
      readonly why: Omit<NoDial, 'kind'> & { readonly kind: NoDial['kind'] | 'run-in-progress' };
    };

/** A run with its drill, or why there is no drill; then nothing was changed. */
type Drilled =
  | { readonly ok: true; readonly run: Run }
  | {
      readonly ok: false;
      readonly why: Omit<NoDrill, 'kind'> & {
        readonly kind: NoDrill['kind'] | keyof typeof NO_DRILL;
      };
    };

/** Executes runs, one at a time for the whole dashboard, and notifies all subscribers. */
export interface RunEngine {
  /** Starts a run against a view that was read for it. */
  start(request: FullRunRequest, view: SwarmView, by?: Starter): Started;
  /** Who started a run; null for an unknown id. */
  startedBy(id: string): Starter | null;
  /** Stops a run if it is active. Returns the run, or null for an unknown id. */
  stop(id: string): Run | null;
  /** Whether a run is active. */
  active(): boolean;
  /** A run by its id, one of the last 20; null for any other. */
  get(id: string): Run | null;
  /** The last 20 runs, newest first. */
  list(): Run[];
  /** All answers of a run so far, by number; null for an unknown id. */
  answers(id: string): AnswerRow[] | null;
  /** The last 60 seconds of a run, oldest first; null for an unknown id. */
  seconds(id: string): Second[] | null;
  /** Starts a failure drill in an active run, against a view that was read for it. */
  drill(id: string, order: DrillOrder, view: SwarmView): Drilled;
  /** Ends a run's drill now. Returns the run, or null for an unknown id. */
  endDrill(id: string): Run | null;
  /**
   * Calls `notify` after each batch: at most every 250 ms, and at once when a run starts or ends.
   * The run ends 3 s after the last subscriber has left; so does a run that starts within these 3 s.
   */
  subscribe(notify: () => void): () => void;
  /**
   * What a subscriber has not received yet, and its next cursor; null when there is nothing new.
   * Nothing is queued: without a cursor, for a new run, and for a subscriber that is more than
   * `lateAnswers` behind, it is the newest `lateAnswers`.
   */
  news(since: RunCursor | null): { message: RunMessage; cursor: RunCursor } | null;
  /**
   * Ends the run and refuses new ones. Resolves when no node is left drained by a drill.
   */
  shutdown(): Promise<void>;
}

/** A stored run: once it has ended, its final state and its answers, at most about 170 kB. */
interface StoredRun {
  readonly id: string;
  readonly by: Starter;
  /** The active run; once it has ended, its final state. */
  now: ActiveRun | Run;
  drill: FailureDrill | null;
  readonly tasks: TaskIndex;
  readonly answers: AnswerStore;
  readonly seconds: Seconds;
}

/** The active run; null once it has ended. */
function activeRunOf({ now }: StoredRun): ActiveRun | null {
  return now instanceof ActiveRun ? now : null;
}

/** A stored run as it is now. Its drill can still be restoring a node after the run's end. */
function runOf({ now, drill }: StoredRun): Run {
  if (now instanceof ActiveRun && now.running) return now.run();
  const run = now instanceof ActiveRun ? now.run() : { ...now, drill: drill?.state() ?? null };
  return { ...run, story: storyOf(run, clockTime) };
}

/** Creates a runner; tests pass a clock and tighter limits. */
export function createRunner(
  hooks: RunnerHooks,
  limits: RunnerLimits = LIMITS,
  clock: MonotonicClock = systemClock,
): RunEngine {
  const subscribers = new Set<() => void>();
  /** Oldest first; the current run is included from its start. */
  const runs = new Map<string, StoredRun>();
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
      const dialled = dial(view, request);
      if (!dialled.ok) return dialled;

      const { target } = dialled;
      const entryNodeIds = target.entries.map((entry) => entry.nodeId);
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
      stored.drill = active.drill(planned.plan, hooks.drillActions);
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
} as const;

function noDrill(kind: keyof typeof NO_DRILL): Drilled {
  return { ok: false, why: { kind, ...NO_DRILL[kind] } };
}
