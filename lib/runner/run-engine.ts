import type { AnswerRow } from '@/lib/curl/answer-table';
import type { Comparison } from '@/lib/curl/compare';
import type { EngineHost, NoDial } from '@/lib/curl/dial';
import type { DrillOrder, NoDrill } from '@/lib/curl/drill';
import type { KnownTask } from '@/lib/curl/identify';
import {
  ANSWERS_SHOWN,
  type Answer,
  type FullRunRequest,
  type Run,
  type Second,
} from '@/lib/curl/run';
import type { SwarmAction } from '@/lib/swarm/timeline-schemas';
import type { SwarmView } from '@/lib/swarm/view';
import type { ActiveRunLimits } from './active-run';
import type { DrillActions } from './drill';
import type { EntryReachOptions } from './entry-reach';

/** How the runner reads and changes the swarm. */
export interface RunnerHooks {
  /** The latest view; null before the first. Called for every tick: must be cheap. */
  view(): SwarmView | null;
  /** Reads the swarm now, for an answer from a container that the view does not have. */
  refresh(): Promise<SwarmView | null>;
  /**
   * Called when a run starts: keeps polling until the returned function is called, and calls
   * `onRead` after each read of the swarm, whether or not it has changed.
   */
  keepPolling?(onRead: () => void): () => void;
  /** Where the engine is, as the operator configured it; left out: on this machine. */
  engineHost?(): EngineHost;
  /** How addresses are tried; tests replace it. */
  readonly reach?: Pick<EntryReachOptions, 'open' | 'isOwn'>;
  /** Called for each finished request; `by` is the task that answered, if known. */
  answered?(service: string, answer: Answer, by: KnownTask | undefined): void;
  /** Called when a run or a drill starts or ends. */
  onAction?(action: SwarmAction): void;
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
  /** The changed ones of the last 60 seconds; with `reset` all of them. */
  readonly seconds: Second[];
  readonly reset: boolean;
}

/** How much of a run one subscriber has received. */
export interface RunCursor {
  readonly id: string;
  /** Rises with every batch of every run. */
  readonly rev: number;
  /** How many of the run's answers it has received. */
  readonly answers: number;
  /** The revision of the seconds it has received. */
  readonly seconds: number;
}

/** Role of the user who started a run: guests may stop only guests' runs. */
export type Starter = 'guest' | 'operator';

/** A started run, or why there is none; then nothing was sent. */
export type Started =
  | { readonly ok: true; readonly run: Run }
  | {
      readonly ok: false;
      readonly why: Omit<NoDial, 'kind'> & { readonly kind: NoDial['kind'] | 'run-in-progress' };
    };

/** Reasons to refuse a drill before it is planned. */
export type DrillRefusal = 'not-found' | 'run-ended' | 'drill-in-progress' | 'not-drillable';

/** A run with its drill, or why there is no drill; then nothing was changed. */
export type Drilled =
  | { readonly ok: true; readonly run: Run }
  | {
      readonly ok: false;
      readonly why: Omit<NoDrill, 'kind'> & {
        readonly kind: NoDrill['kind'] | DrillRefusal;
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
  /** Compares run `id` with run `other`, by all answers so far; null when either is unknown. */
  compare(id: string, other: string): Comparison | null;
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
