import * as z from 'zod/mini';
import { isPath, PATH_LENGTH } from './path';
import { ERROR_KINDS, MARK_KINDS, RUN_DEFAULTS, RUN_LIMITS } from './run';

/** Schemas of runs and their requests. The page does not load this file: its values are in `run.ts`. */

/** A request path. */
export const pathSchema = z
  .string()
  .check(
    z.refine(
      isPath,
      `a path starts with one /, has at most ${PATH_LENGTH} characters and no spaces, control characters or #`,
    ),
  );

/** A whole number of a run's settings, from 1 to its limit. */
const setting = (name: keyof typeof RUN_LIMITS) =>
  z._default(z.int().check(z.minimum(1), z.maximum(RUN_LIMITS[name])), RUN_DEFAULTS[name]);

/** Body of `POST /api/runs`. Only `service` and `publishedPort` are required. */
export const runRequestSchema = z.strictObject({
  /** Name or id of a service. */
  service: z.string().check(z.minLength(1), z.maxLength(200)),
  /** 0: in host mode without a fixed port, the port that the engine chose for each task, on that task's node. */
  publishedPort: z.int().check(z.minimum(0), z.maximum(65535)),
  /** The container's port; needed with `publishedPort` 0 when the engine chooses ports for several of them. */
  targetPort: z.optional(z.int().check(z.minimum(1), z.maximum(65535))),
  /**
   * Name or id of the node at which requests enter the mesh, or `rotate`. Left out: the node whose
   * engine the dashboard talks to, which is a manager; in host mode, if no task runs there, one that has a task.
   */
  entryNode: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
  path: z._default(pathSchema, RUN_DEFAULTS.path),
  /** With HEAD answers have no body, so the task is unknown. */
  method: z._default(z.enum(['GET', 'HEAD']), RUN_DEFAULTS.method),
  /**
   * `steady`: `rate` per second for `seconds`, an open loop on a fixed schedule. `burst`: `burst`
   * requests as places in flight (`inFlight`) become free, a closed loop. `once`:
   * one request.
   */
  mode: z._default(z.enum(['steady', 'burst', 'once']), RUN_DEFAULTS.mode),
  /** Requests per second of a steady run. */
  rate: setting('rate'),
  seconds: setting('seconds'),
  /** Requests of a burst. */
  burst: setting('burst'),
  /** Maximum requests in flight; a tick without a free place is skipped. */
  inFlight: setting('inFlight'),
  /** Seconds to connect, and the same again until the last byte. */
  timeout: setting('timeout'),
  /** `new`: a connection for each request. `keepAlive`: at most `inFlight` connections, reused. */
  connection: z._default(z.enum(['new', 'keepAlive']), RUN_DEFAULTS.connection),
  /** Do not end the run because of failures. */
  keepGoing: z._default(z.boolean(), RUN_DEFAULTS.keepGoing),
});
/** A request as sent by a caller. */
export type RunRequest = z.input<typeof runRequestSchema>;
/** A request with all defaults filled in. */
export type FullRunRequest = z.output<typeof runRequestSchema>;

/** One request's outcome. All durations are milliseconds. */
export const answerSchema = z.object({
  /** From 1, in send order. */
  n: z.int(),
  /** Scheduled time since the run's start. In a burst, when a place became free. */
  at: z.number(),
  /** How much later than scheduled it was sent. */
  lag: z.number(),
  /** Id of the node that it entered at. */
  entryNodeId: z.string(),
  /** Id of the task that answered; null when none or unknown. */
  taskId: z.nullable(z.string()),
  /** The hostname in the answer; null without an answer, for HEAD, and when there is none. */
  container: z.nullable(z.string()),
  status: z.nullable(z.int()),
  /** Null for a good answer. An answer from an unknown container still counts as answered. */
  error: z.nullable(z.enum(ERROR_KINDS)),
  /** From the scheduled moment to the last byte. */
  ms: z.number(),
  /** From sending to the connection; null when it failed or a kept one was reused. */
  connectMs: z.nullable(z.number()),
  /** From sending to the first byte; null without one. */
  firstByteMs: z.nullable(z.number()),
});
export type Answer = z.infer<typeof answerSchema>;

/** One task's part of a run; also without answers while it runs, and the last two of each slot (node, if global). */
const shareSchema = z.object({
  taskId: z.nullable(z.string()),
  /** `goweb.1`, or the container's hostname when its task is unknown. */
  name: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.nullable(z.string()),
  /** Whether its task counts as running; false when it has ended or is unknown. */
  running: z.boolean(),
  answers: z.int(),
  /** 0 … 1 of all answers. */
  share: z.number(),
  /** Median and 95th percentile latency, exact; null without an answer. */
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  /** 99th percentile; null below 100 answers. */
  p99: z.nullable(z.number()),
  /** Index of the task's version in the run's `versions`; null if it is not known. */
  version: z.optional(z.nullable(z.int())),
});
export type Share = z.infer<typeof shareSchema>;

/** One entry node's row of the matrix entry node × task. */
const entrySchema = z.object({
  nodeId: z.string(),
  name: z.string(),
  /** Of its last request: `http://172.19.181.1:8888/Hello!` */
  url: z.string(),
  /**
   * Its addresses, when none of them could be reached from the dashboard during the run: then its failures say
   * nothing on the swarm. Else empty.
   */
  unreachable: z.array(z.string()),
  sent: z.int(),
  answered: z.int(),
  failed: z.int(),
  /** Answers by each of the run's `shares`, in their order. */
  answers: z.array(z.int()),
  /**
   * Ids of running tasks that had no turn here since the tasks last changed, although each should have had
   * one: this node's mesh does not reach them. Empty when connections are kept.
   */
  missing: z.array(z.string()),
  /** As the run's `spread` and `repeats`, for this entry node: each node balances independently. */
  spread: z.nullable(z.int()),
  repeats: z.nullable(z.number()),
  p50: z.nullable(z.number()),
});
export type Entry = z.infer<typeof entrySchema>;

/** A change of the swarm during a run, and what it cost. */
export const markSchema = z.object({
  /** Milliseconds since the run's start. May be a little before the view that had it. */
  at: z.number(),
  /** The same time in milliseconds since the epoch, by the dashboard's clock. */
  time: z.number(),
  /** How many requests had been sent: the mark is between `n` and `n + 1`. */
  n: z.int(),
  kind: z.enum(MARK_KINDS),
  /** `goweb was scaled from 3 to 5`, `goweb.2 on zero3 died (exit 137)`, `zero3 was drained` */
  text: z.string(),
  /** The task that failed; null for other kinds. */
  taskId: z.nullable(z.string()),
  /** The node concerned; null for a scale, update or rollback. */
  nodeId: z.nullable(z.string()),
  /** Whether the run's failure drill caused it. */
  drill: z.boolean(),
  cost: z.object({
    /** Failed requests from here to the next mark, and shortly before: requests fail before the change is seen. */
    lost: z.int(),
    /** From the mark to the ticks of the first and the last of them, in ms; negative when before it; null without any. */
    firstLostMs: z.nullable(z.number()),
    lastLostMs: z.nullable(z.number()),
    /** From the mark to the first answer of a task that it caused, in ms; null while there is none. */
    firstAnswerMs: z.nullable(z.number()),
    /** That task's name and node; null while there is none. */
    firstAnswerBy: z.nullable(z.object({ name: z.string(), nodeId: z.nullable(z.string()) })),
  }),
});
export type Mark = z.infer<typeof markSchema>;

/** A definition of the service from which tasks that could answer are made. */
const versionSchema = z.object({
  /** Without its digest. Versions that differ otherwise can have the same one. */
  image: z.string(),
  /** When it became the service's, in milliseconds since the epoch; null: before the run. */
  since: z.nullable(z.number()),
  /** Whether it is the service's now. */
  current: z.boolean(),
  /** Its running tasks, and those that failed during the run. */
  running: z.int(),
  failed: z.int(),
  answers: z.int(),
  /** 0 … 1 of all answers. */
  share: z.number(),
  /** As a share's. */
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  p99: z.nullable(z.number()),
  /** When its first and its last answer were complete, in ms since the run's start; null without any. */
  firstAnswerMs: z.nullable(z.number()),
  lastAnswerMs: z.nullable(z.number()),
});
export type RunVersion = z.infer<typeof versionSchema>;

/** An update or rollback during a run: the tasks of one version are replaced by those of another. */
const rolloutSchema = z.object({
  /** When it was seen, in milliseconds since the run's start and since the epoch. */
  at: z.number(),
  time: z.number(),
  /** It had begun before the run: only what the run saw of it is counted. */
  begunBefore: z.boolean(),
  kind: z.enum(['update', 'rollback']),
  /** Indexes of the run's `versions`. */
  from: z.int(),
  to: z.int(),
  /** `paused`: after a failure. `replaced`: another update came first. `rolling back` and after it: to `from`. */
  state: z.enum([
    'updating',
    'paused',
    'completed',
    'rolling back',
    'rollback paused',
    'rolled back',
    'replaced',
  ]),
  /** Swarm rolls it back by itself, because tasks failed. */
  automatic: z.boolean(),
  /** From `at` to its end; null while it has none. */
  endedMs: z.nullable(z.number()),
  /** From `at` to the first answer of a task that it made, and to the last answer of the old version; null while there is none. */
  firstAnswerMs: z.nullable(z.number()),
  lastAnswerMs: z.nullable(z.number()),
  /** Failed requests from shortly before it to its end. */
  lost: z.int(),
  /** Answers during it that took longer than `slowMs`; both null with fewer than 20 answers before it. */
  slow: z.nullable(z.int()),
  slowMs: z.nullable(z.number()),
  /** Tasks of the new version that failed. */
  failedTasks: z.int(),
  /** The task that made it fail, by the engine's report; null without one. */
  failure: z.nullable(
    z.object({
      /** `goweb.2 on zero1 failed` */
      text: z.string(),
      /** That task's own error; empty when there is none. */
      error: z.string(),
      hint: z.nullable(z.string()),
    }),
  ),
  /** The same in one paragraph. */
  summary: z.string(),
});
export type RunRollout = z.infer<typeof rolloutSchema>;

/** The run's failure drill, active or last. */
export const drillSchema = z.object({
  kind: z.enum(['drain', 'kill']),
  /** The node that is drained, or on which the task is killed. */
  nodeId: z.string(),
  node: z.string(),
  /** Only for `kill`. */
  taskId: z.nullable(z.string()),
  task: z.nullable(z.string()),
  /**
   * `starting`: the request is sent to the engine. `out`: the node is drained. `returning`: its availability
   * is being restored. `done`: it is restored, or the task was killed. `failed`: the engine refused, and
   * nothing has changed.
   */
  state: z.enum(['starting', 'out', 'returning', 'done', 'failed']),
  /** Milliseconds since the epoch. */
  startedAt: z.number(),
  /** When a drained node is restored at the latest; null for a kill. */
  until: z.nullable(z.number()),
  /** The engine's error in one sentence; null without one. */
  problem: z.nullable(z.string()),
});
export type Drill = z.infer<typeof drillSchema>;

/**
 * The response to a single request (mode `once`), within `RESPONSE_LIMITS` of `./response-text`. Untrusted: hidden
 * characters are escaped, markup is not.
 */
export const responseSchema = z.object({
  /** `HTTP/1.1 200 OK`; null when no response could be read. */
  statusLine: z.nullable(z.string()),
  /** Names and values in the order in which they arrived. */
  headers: z.array(z.tuple([z.string(), z.string()])),
  /** Some headers, or parts of them, were left out. */
  headersTruncated: z.boolean(),
  body: z.string(),
  /** Bytes of the body that were read. */
  bodyBytes: z.int(),
  /** The body is not text: its bytes are shown as `\x00`. */
  binary: z.boolean(),
  /** The body continues, or broke off. */
  truncated: z.boolean(),
  /** Why bytes that arrived are no response; null when they are one, or none arrived. */
  unreadable: z.nullable(z.enum(['headers too long', 'not HTTP'])),
  /** Where it was sent: the entry node's name, and `172.19.181.1:8888`. */
  entryNode: z.string(),
  address: z.string(),
  /** From sending to the connection, to the first byte, and to the last (or the failure), in ms. */
  connectMs: z.nullable(z.number()),
  firstByteMs: z.nullable(z.number()),
  totalMs: z.number(),
  /** As the answer's. */
  error: z.nullable(z.enum(ERROR_KINDS)),
});
export type SingleResponse = z.infer<typeof responseSchema>;

/**
 * Counts of one second of a run, for the stacked bars. Outcomes count in the second of their tick, so a past
 * second can still change.
 */
export const secondSchema = z.object({
  /** From 0. */
  second: z.int(),
  /** Answers by task id; `''` for unknown containers. */
  answers: z.record(z.string(), z.int()),
  failed: z.int(),
  skipped: z.int(),
});
export type Second = z.infer<typeof secondSchema>;

/** A run as sent to browsers and API clients. */
export const runSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'ended']),
  /** Why it ended; null while it is running. */
  ended: z.nullable(
    z.enum([
      'finished',
      'stopped',
      'nobody watching',
      'connect failures',
      'too many errors',
      'service gone',
      'shutdown',
    ]),
  ),
  request: z.extend(runRequestSchema, {
    /** The node's name, or `rotate`. */
    entryNode: z.string(),
    serviceId: z.string(),
    /** The (first) entry node's id. */
    entryNodeId: z.string(),
  }),
  /** `http://172.19.181.254:8888/Hello!`; of the first entry node when rotating. */
  url: z.string(),
  startedAt: z.number(),
  endedAt: z.nullable(z.number()),
  planned: z.int(),
  sent: z.int(),
  answered: z.int(),
  failed: z.int(),
  /** Requests aborted by the end of the run; then sent = answered + failed + aborted. */
  aborted: z.int(),
  /** Ticks at which nothing was sent; they are never sent late. */
  skipped: z.int(),
  /** Those skipped because the dashboard was busy; for the others no place was free. */
  stalled: z.int(),
  connections: z.int(),
  /** Requests sent a second time because their kept connection had been closed; each counted once. */
  resent: z.int(),
  /** Share (0 … 1) of consecutive requests at one entry node that the same task answered; null below two answers. */
  repeats: z.nullable(z.number()),
  /**
   * Most minus fewest answers of the running tasks in the current fairness window; null without two tasks or
   * an answer. When rotating, of the entry node where it is largest.
   */
  spread: z.nullable(z.int()),
  /** Latencies of the `answered`, exact. */
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  /** 99th percentile; null below 100 answers. */
  p99: z.nullable(z.number()),
  /** 99th percentile of how late requests were sent: the dashboard's own part of the latency. Null below 100 outcomes. */
  lagP99: z.nullable(z.number()),
  shares: z.array(shareSchema),
  /** The matrix: one row per entry node, in the order of their turns. */
  entries: z.array(entrySchema),
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.int()),
  /** One sentence: `Round robin: even to within 1 request`. */
  verdict: z.string(),
  /** A sentence on what makes the counts less reliable (`PORT_REUSE_NOTE`); null when nothing does. */
  note: z.nullable(z.string()),
  /** Evenness statistics of the current fairness window; null without two tasks or an answer. */
  details: z.nullable(
    z.object({
      /** Answers in the window, and the number of running tasks. */
      answers: z.int(),
      tasks: z.int(),
      /** Jain's index: 1 when all are equal, 1/tasks when one has all. */
      jain: z.number(),
      /** χ² against an even spread, its degrees of freedom, and its p-value. */
      chi2: z.number(),
      df: z.int(),
      p: z.number(),
    }),
  ),
  /** Of mode `once`: the response itself. Null before it ended, in other modes, and when nothing was sent. */
  response: z.nullable(responseSchema),
  /** Changes of the swarm during the run, oldest first; at most 100. */
  marks: z.array(markSchema),
  /** Versions of the service during the run, oldest first; at most 20. Empty in a run of an earlier dashboard. */
  versions: z._default(z.array(versionSchema), []),
  /** Updates and rollbacks during the run, oldest first; at most 20. */
  rollouts: z._default(z.array(rolloutSchema), []),
  /** The failure drill; null when there was none. */
  drill: z.nullable(drillSchema),
  /**
   * After the end: one paragraph on what its marks cost, with times in the server's time zone; '' without
   * marks. `storyOf` in `./story` returns it in the reader's time zone.
   */
  story: z.string(),
});
export type Run = z.infer<typeof runSchema>;
