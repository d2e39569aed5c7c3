import { randomBytes } from 'node:crypto';
import type { AnswerRow } from '@/lib/curl/answer-table';
import { dial, type NoDial } from '@/lib/curl/dial';
import type { KnownTask, TaskIndex } from '@/lib/curl/identify';
import { planDrill, type DrillOrder, type NoDrill } from '@/lib/curl/drill';
import { planOf } from '@/lib/curl/plan';
import type { Answer, FullRunRequest, Run, Second } from '@/lib/curl/run';
import { Seconds } from '@/lib/curl/seconds';
import { storyOf } from '@/lib/curl/story';
import { clockTime } from '@/lib/swarm/duration';
import type { SwarmView } from '@/lib/swarm/view';
import { Answers } from './answers';
import { systemClock, type MonotonicClock } from './clock';
import type { DrillActions, FailureDrill } from './drill';
import { exportAnswers } from './export';
import { ActiveRun, type ActiveRunLimits } from './active-run';

/** What the runner is given: it reads the swarm through these and knows no engine. */
export interface RunnerHooks {
  /** The newest picture, or null when there is none. Called often: hand out what is there. */
  view(): SwarmView | null;
  /** Reads a new picture now: an answer came from a container that the present one lacks. */
  refresh(): Promise<SwarmView | null>;
  /**
   * Called when a run starts: keeps the picture live until the returned function is called, and
   * calls `look` after each look at the swarm, whether or not it has changed.
   */
  hold?(look: () => void): () => void;
  /** Called for each request of a run that has ended; `by` is the task that answered, if it is known. */
  answered?(service: string, answer: Answer, by: KnownTask | undefined): void;
  /** What a failure drill does to the swarm; without it there are none. */
  hands?: DrillActions;
}

/** Every bound of the runner. */
export interface RunnerLimits extends ActiveRunLimits {
  /** The least time between two messages of one run, milliseconds; the last one comes at once. */
  readonly batchMs: number;
  /** How long a run goes on after the last watcher left, milliseconds. */
  readonly unwatchedMs: number;
  /** How many runs are remembered, the present one included. */
  readonly keptRuns: number;
  /** How many of the newest answers a late subscriber gets. */
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
  lateAnswers: 200,
};

/** The present run and what is new of it; with `reset`, `answers` replaces what came before. */
export interface RunMessage {
  readonly run: Run;
  readonly answers: Answer[];
  /** Of the last 60 seconds those that changed; with `reset` all of them. */
  readonly seconds: Second[];
  readonly reset: boolean;
}

/** How far one watcher has read. */
interface RunCursor {
  readonly id: string;
  /** Rises with every batch of every run. */
  readonly rev: number;
  /** How many of the run's answers it has been told. */
  readonly answers: number;
  /** The revision of the seconds it has been told. */
  readonly seconds: number;
}

/** In which role somebody started a run: guests may stop only what guests started. */
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

/** Fires runs, one at a time for the whole dashboard, and tells everyone how they go. */
export interface RunEngine {
  /** Starts a run by a picture that was read for it. */
  start(request: FullRunRequest, view: SwarmView, by?: Starter): Started;
  /** Who started a run; null for an id that is not remembered. */
  startedBy(id: string): Starter | null;
  /** Stops a run if it still goes; gives the run, or null for an id that is not remembered. */
  stop(id: string): Run | null;
  /** Whether a run goes. */
  active(): boolean;
  /** A run by its id, one of the last 20; null for any other. */
  get(id: string): Run | null;
  /** The last 20 runs, newest first. */
  list(): Run[];
  /** Every answer of a run that has come in, by its number; null for an id that is not remembered. */
  answers(id: string): AnswerRow[] | null;
  /** The last 60 seconds of a run, oldest first; null for an id that is not remembered. */
  seconds(id: string): Second[] | null;
  /** Begins a failure drill in a run that goes, by a picture that was read for it. */
  drill(id: string, order: DrillOrder, view: SwarmView): Drilled;
  /** Ends a run's drill now; gives the run, or null for an id that is not remembered. */
  endDrill(id: string): Run | null;
  /**
   * Calls `notify` after each batch: at most every 250 ms, and at once when a run starts or ends.
   * A subscriber is a watcher: 3 s after the last one has left, the run ends, and so does one that
   * starts within these 3 s.
   */
  subscribe(notify: () => void): () => void;
  /**
   * What a watcher has not read yet, and how far it has read then; null when there is nothing.
   * Nothing is queued for anyone: without a cursor, for a new run, and for a watcher that is more
   * than 200 answers behind, it is the newest 200.
   */
  news(since: RunCursor | null): { message: RunMessage; cursor: RunCursor } | null;
  /**
   * Ends the run for good; nothing can be started afterwards. Settles when no node is left drained
   * by a drill.
   */
  shutdown(): Promise<void>;
}

/** A run that is remembered: once it has ended, as its end and its answers, some 170 kB at most. */
interface Kept {
  readonly id: string;
  readonly by: Starter;
  /** While it goes, the run itself; then what it came to. */
  now: ActiveRun | Run;
  drill: FailureDrill | null;
  readonly tasks: TaskIndex;
  readonly answers: Answers;
  readonly seconds: Seconds;
}

/** The run itself while it goes, else null. */
function goOf({ now }: Kept): ActiveRun | null {
  return now instanceof ActiveRun ? now : null;
}

/** A remembered run as it is now. A drill can still be bringing its node back after the run, or fail. */
function runOf({ now, drill }: Kept): Run {
  if (now instanceof ActiveRun && now.running) return now.run();
  const run = now instanceof ActiveRun ? now.run() : { ...now, drill: drill?.state() ?? null };
  return { ...run, story: storyOf(run, clockTime) };
}

/** Makes a runner; tests hand in a clock and tighter limits. */
export function createRunner(
  hooks: RunnerHooks,
  limits: RunnerLimits = LIMITS,
  clock: MonotonicClock = systemClock,
): RunEngine {
  const watchers = new Set<() => void>();
  /** Oldest first. The present run is in it from its start. */
  const runs = new Map<string, Kept>();
  let present: Kept | null = null;
  /** The last batch: the run as it was then, and how many answers had come in. */
  let batch: { run: Run; answers: number; rev: number } | null = null;
  let rev = 0;
  let batchAt = -Infinity;
  let callOffBatch: (() => void) | null = null;
  let callOffUnwatched: (() => void) | null = null;
  let unwatchedSince = -Infinity;
  let release = () => {};
  let over = false;

  const tell = (kept: Kept) => {
    callOffBatch?.();
    callOffBatch = null;
    rev += 1;
    batchAt = clock.now();
    batch = { run: runOf(kept), answers: kept.answers.length, rev };
    for (const notify of watchers) notify();
  };

  const tellSoon = () => {
    if (callOffBatch || !present || !goOf(present)) return;
    const wait = batchAt + limits.batchMs - clock.now();
    callOffBatch = clock.after(Math.max(0, wait), () => {
      callOffBatch = null;
      if (!present) return;
      goOf(present)?.look();
      if (goOf(present)) tell(present);
    });
  };

  const onChange = (kept: Kept) => {
    if (goOf(kept)?.running) tellSoon();
    // After its end only its drill can change.
    else if (!goOf(kept) && kept === present) tell(kept);
  };

  const onEnd = (kept: Kept) => {
    kept.now = runOf(kept);
    callOffUnwatched?.();
    callOffUnwatched = null;
    release();
    release = () => {};
    tell(kept);
  };

  const giveUpUnwatched = () => {
    const unwatched = present && goOf(present);
    if (!unwatched) return;
    callOffUnwatched = clock.after(limits.unwatchedMs, () => unwatched.stop('nobody watching'));
  };

  const remember = (kept: Kept) => {
    runs.set(kept.id, kept);
    for (const [id, { drill }] of runs) {
      if (runs.size <= limits.keptRuns) break;
      // A node that is still to be brought back is not forgotten.
      if (drill?.isOver ?? true) runs.delete(id);
    }
  };

  const inTheWay = (): Started | null => {
    if (!over && !(present && goOf(present))) return null;
    const why = over
      ? { detail: 'The dashboard is shutting down.', next: 'Try again in a moment.' }
      : { detail: 'A run is going already.', next: 'Watch it, wait for its end, or stop it.' };
    return { ok: false, why: { kind: 'run-in-progress', ...why } };
  };

  const find = (id: string): Run | null => {
    const kept = runs.get(id);
    return kept ? runOf(kept) : null;
  };

  return {
    start(request, view, by = 'operator') {
      const refused = inTheWay();
      if (refused) return refused;
      const dialled = dial(view, request);
      if (!dialled.ok) return dialled;

      const { target } = dialled;
      const entryNodeIds = target.entries.map((entry) => entry.nodeId);
      const answers = new Answers(planOf(request).planned, entryNodeIds);
      const seconds = new Seconds();
      const id = randomBytes(6).toString('hex');
      const go = new ActiveRun({
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
          const by = answer.taskId === null ? undefined : go.tasks.get(answer.taskId);
          hooks.answered?.(target.serviceName, answer, by);
          tellSoon();
        },
        onSkip: (at) => seconds.skip(at),
        onChange: () => onChange(next),
        onEnd: () => onEnd(next),
      });
      const next: Kept = { id, by, now: go, drill: null, tasks: go.tasks, answers, seconds };
      present = next;
      release = hooks.hold?.(() => goOf(next)?.looked()) ?? release;
      remember(next);
      tell(next);
      // Its tab can have gone while it was on its way.
      const justLeft = clock.now() - unwatchedSince < limits.unwatchedMs;
      if (watchers.size === 0 && justLeft) giveUpUnwatched();
      go.start();
      return { ok: true, run: runOf(next) };
    },

    stop(id) {
      const kept = runs.get(id);
      if (kept) goOf(kept)?.stop('stopped');
      return find(id);
    },

    startedBy: (id) => runs.get(id)?.by ?? null,
    active: () => present !== null && goOf(present) !== null,

    get: find,

    list: () => [...runs.values()].map(runOf).toReversed(),

    answers(id) {
      const kept = runs.get(id);
      if (!kept) return null;
      const nodes = new Map(hooks.view()?.nodes.map((node) => [node.id, node.name]));
      return exportAnswers(runOf(kept), kept.answers.slice(0, Infinity), {
        task: (taskId) => kept.tasks.get(taskId),
        node: (nodeId) => nodes.get(nodeId) ?? null,
      });
    },

    seconds: (id) => runs.get(id)?.seconds.since(0) ?? null,

    drill(id, order, view) {
      const kept = runs.get(id);
      const busy = [...runs.values()].some(({ drill }) => drill?.isOver === false);
      if (!kept) return noDrill('not-found');
      const go = goOf(kept);
      if (!go) return noDrill('run-ended');
      if (busy) return noDrill('drill-in-progress');
      if (!hooks.hands) return noDrill('not-drillable');
      const planned = planDrill(view, runOf(kept).request, order);
      if (!planned.ok) return planned;
      kept.drill = go.drill(planned.plan, hooks.hands);
      tellSoon();
      return { ok: true, run: runOf(kept) };
    },

    endDrill(id) {
      runs.get(id)?.drill?.end();
      return find(id);
    },

    subscribe(notify) {
      const watcher = () => notify();
      watchers.add(watcher);
      callOffUnwatched?.();
      callOffUnwatched = null;
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0) return;
        unwatchedSince = clock.now();
        giveUpUnwatched();
      };
    },

    news(since) {
      if (!batch || !present || since?.rev === batch.rev) return null;
      const { run } = batch;
      const same = since?.id === run.id ? since : null;
      const from = same?.answers ?? -Infinity;
      const reset = batch.answers - from > limits.lateAnswers;
      const first = reset ? batch.answers - limits.lateAnswers : from;
      const { answers, seconds } = present;
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
      if (present) goOf(present)?.stop('shutdown');
      await Promise.all([...runs.values()].flatMap(({ drill }) => drill?.over ?? []));
    },
  };
}

const NO_DRILL = {
  'not-found': {
    detail: 'No run has this id.',
    next: 'Only the last 20 runs since the dashboard started are remembered.',
  },
  'run-ended': { detail: 'The run is over.', next: 'Start a run, and the drill while it goes.' },
  'drill-in-progress': {
    detail: 'A drill is going already.',
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
