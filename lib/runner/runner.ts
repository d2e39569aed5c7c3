import { randomBytes } from 'node:crypto';
import { dial, type NoDial } from '@/lib/curl/dial';
import type { Answer, Run, FullRunRequest } from '@/lib/curl/run';
import type { SwarmView } from '@/lib/swarm/view';
import { systemClock, type Clock } from './clock';
import { Go, type GoLimits } from './go';

/** What the runner is given: it reads the swarm through these and knows no engine. */
export interface RunnerHooks {
  /** The newest picture, or null when there is none. Called often: hand out what is there. */
  view(): SwarmView | null;
  /** Reads a new picture now: an answer came from a container that the present one lacks. */
  refresh(): Promise<SwarmView | null>;
  /** Called when a run starts: keeps the picture live until the returned function is called. */
  hold?(): () => void;
}

/** Every bound of the runner. */
export interface RunnerLimits extends GoLimits {
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
  connectMs: 2000,
  readMs: 2000,
  bodyBytes: 4096,
  headerBytes: 8192,
  inFlight: 4,
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
  readonly reset: boolean;
}

/** How far one watcher has read. */
interface RunCursor {
  readonly id: string;
  /** Rises with every batch of every run. */
  readonly rev: number;
  /** How many of the run's answers it has been told. */
  readonly answers: number;
}

/** A started run, or why there is none; then nothing was sent. */
type Started =
  | { readonly ok: true; readonly run: Run }
  | {
      readonly ok: false;
      readonly why: Omit<NoDial, 'kind'> & { readonly kind: NoDial['kind'] | 'run-in-progress' };
    };

/** Fires runs, one at a time for the whole dashboard, and tells everyone how they go. */
export interface Runner {
  /** Starts a run by a picture that was read for it. */
  start(request: FullRunRequest, view: SwarmView): Started;
  /** Stops a run if it still goes; gives the run, or null for an id that is not remembered. */
  stop(id: string): Run | null;
  /** A run by its id, one of the last 20; null for any other. */
  get(id: string): Run | null;
  /**
   * Calls `notify` after each batch: at most every 250 ms, and at once when a run starts or ends.
   * A subscriber is a watcher: 3 s after the last one has left, the run ends.
   */
  subscribe(notify: () => void): () => void;
  /**
   * What a watcher has not read yet, and how far it has read then; null when there is nothing.
   * Nothing is queued for anyone: without a cursor, for a new run, and for a watcher that is more
   * than 200 answers behind, it is the newest 200.
   */
  news(since: RunCursor | null): { message: RunMessage; cursor: RunCursor } | null;
  /** Ends the run for good; nothing can be started afterwards. */
  shutdown(): void;
}

/** Makes a runner; tests hand in a clock and tighter limits. */
export function createRunner(
  hooks: RunnerHooks,
  limits: RunnerLimits = LIMITS,
  clock: Clock = systemClock,
): Runner {
  const watchers = new Set<() => void>();
  /** Oldest first. The present run is in it from its start. */
  const runs = new Map<string, () => Run>();
  let go: Go | null = null;
  let answers: Answer[] = [];
  /** The last batch: the run as it was then, and how many answers had come in. */
  let batch: { run: Run; answers: number; rev: number } | null = null;
  let rev = 0;
  let batchAt = -Infinity;
  let callOffBatch: (() => void) | null = null;
  let callOffUnwatched: (() => void) | null = null;
  let release = () => {};
  let over = false;

  const tell = (run: Run) => {
    callOffBatch?.();
    callOffBatch = null;
    rev += 1;
    batchAt = clock.now();
    batch = { run, answers: answers.length, rev };
    for (const notify of watchers) notify();
  };

  const tellSoon = () => {
    if (callOffBatch || !go?.running) return;
    const wait = batchAt + limits.batchMs - clock.now();
    callOffBatch = clock.after(Math.max(0, wait), () => {
      callOffBatch = null;
      go?.look();
      if (go?.running) tell(go.run());
    });
  };

  const onEnd = (ended: Go) => {
    const run = ended.run();
    runs.set(ended.id, () => run);
    callOffUnwatched?.();
    callOffUnwatched = null;
    release();
    release = () => {};
    tell(run);
  };

  const remember = (started: Go) => {
    runs.set(started.id, () => started.run());
    for (const id of runs.keys()) {
      if (runs.size <= limits.keptRuns) break;
      runs.delete(id);
    }
  };

  const inTheWay = (): Started | null => {
    if (!over && !go?.running) return null;
    const why = over
      ? { detail: 'The dashboard is shutting down.', next: 'Try again in a moment.' }
      : { detail: 'A run is going already.', next: 'Watch it, wait for its end, or stop it.' };
    return { ok: false, why: { kind: 'run-in-progress', ...why } };
  };

  return {
    start(request, view) {
      const refused = inTheWay();
      if (refused) return refused;
      const dialled = dial(view, request);
      if (!dialled.ok) return dialled;

      answers = [];
      const next: Go = new Go({
        id: randomBytes(6).toString('hex'),
        request,
        target: dialled.target,
        view,
        clock,
        limits,
        currentView: () => hooks.view(),
        refresh: () => hooks.refresh(),
        onAnswer: (answer) => {
          answers.push(answer);
          tellSoon();
        },
        onChange: tellSoon,
        onEnd: () => onEnd(next),
      });
      go = next;
      release = hooks.hold?.() ?? release;
      remember(next);
      tell(next.run());
      next.start();
      return { ok: true, run: next.run() };
    },

    stop(id) {
      if (go?.id === id) go.stop('stopped');
      return runs.get(id)?.() ?? null;
    },

    get: (id) => runs.get(id)?.() ?? null,

    subscribe(notify) {
      const watcher = () => notify();
      watchers.add(watcher);
      callOffUnwatched?.();
      callOffUnwatched = null;
      return () => {
        if (!watchers.delete(watcher) || watchers.size > 0 || !go?.running) return;
        const unwatched = go;
        callOffUnwatched = clock.after(limits.unwatchedMs, () => unwatched.stop('nobody watching'));
      };
    },

    news(since) {
      if (!batch || since?.rev === batch.rev) return null;
      const { run } = batch;
      const cursor = { id: run.id, rev: batch.rev, answers: batch.answers };
      const from = since?.id === run.id ? since.answers : -Infinity;
      const reset = batch.answers - from > limits.lateAnswers;
      const first = reset ? Math.max(0, batch.answers - limits.lateAnswers) : from;
      const news = answers.slice(first, batch.answers);
      return { message: { run, answers: news, reset }, cursor };
    },

    shutdown() {
      over = true;
      go?.stop('shutdown');
    },
  };
}
