import * as z from 'zod/mini';

/**
 * The words of the curl panel: `Run` is one go, `Answer` one request's outcome, `entry node`
 * where a request enters the routing mesh.
 */

/** Requests per second that can be chosen; above 20 Linux reuses source ports too soon to be fair. */
export const RATES = [1, 2, 5, 10, 20] as const;
/** Seconds that can be chosen. */
export const DURATIONS = [10, 30, 60, 300] as const;
/** The most requests of one run. */
export const MAX_REQUESTS = 6000;

/** A path to ask for: starts with one slash, at most 200 visible ASCII characters, no fragment. */
export const pathSchema = z
  .string()
  .check(
    z.maxLength(200, 'a path has at most 200 characters'),
    z.regex(
      /^\/(?!\/)[\x21\x22\x24-\x7e]*$/,
      'a path starts with one / and has no spaces, control characters or #',
    ),
  );

/** What `POST /api/runs` takes. `once` is one request; otherwise `rate` per second for `seconds`. */
export const runRequestSchema = z.strictObject({
  /** Name or id of a service. */
  service: z.string().check(z.minLength(1), z.maxLength(200)),
  publishedPort: z.int().check(z.minimum(1), z.maximum(65535)),
  /** Name or id of the node at which requests enter the mesh. */
  entryNode: z.string().check(z.minLength(1), z.maxLength(200)),
  path: z._default(pathSchema, '/Hello!'),
  mode: z._default(z.enum(['steady', 'once']), 'steady'),
  /** Requests per second. */
  rate: z._default(z.int().check(z.minimum(1), z.maximum(20)), 5),
  seconds: z._default(z.int().check(z.minimum(1), z.maximum(300)), 30),
});
export type RunRequest = z.infer<typeof runRequestSchema>;

/** Why a request did not end in a good answer. */
export const ERROR_KINDS = [
  'refused',
  'connect timeout',
  'read timeout',
  'reset',
  '3xx',
  '4xx',
  '5xx',
  'bad body',
  'unknown container',
] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

/** One request's outcome. All durations are milliseconds. */
export const answerSchema = z.object({
  /** From 1, in send order. */
  n: z.int(),
  /** Scheduled time since the run's start. */
  at: z.number(),
  /** How much later than scheduled it was sent. */
  lag: z.number(),
  /** Id of the node that it entered at. */
  entryNodeId: z.string(),
  /** Id of the task that answered; null when none or unknown. */
  taskId: z.nullable(z.string()),
  /** What the answer called itself; null without an answer. */
  container: z.nullable(z.string()),
  status: z.nullable(z.int()),
  /** Null for a good answer. An answer of an unknown container counts as answered all the same. */
  error: z.nullable(z.enum(ERROR_KINDS)),
  /** From the scheduled moment to the last byte. */
  ms: z.number(),
  /** From sending to the connection; null when there was none. */
  connectMs: z.nullable(z.number()),
  /** From sending to the first byte; null when none came. */
  firstByteMs: z.nullable(z.number()),
});
export type Answer = z.infer<typeof answerSchema>;

/** What one task has answered in a run; running tasks with zero answers are listed too. */
const shareSchema = z.object({
  taskId: z.nullable(z.string()),
  /** `goweb.1`, or the container's own name when no task is known for it. */
  name: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.nullable(z.string()),
  answers: z.int(),
  /** 0 … 1 of all answers. */
  share: z.number(),
  /** Median and 95th percentile latency, exact; null without an answer. */
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
});
export type Share = z.infer<typeof shareSchema>;

/** A run as everybody sees it. */
export const runSchema = z.object({
  id: z.string(),
  state: z.enum(['running', 'ended']),
  /** Why it ended, in words; null while it runs. */
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
  request: z.extend(runRequestSchema, { serviceId: z.string(), entryNodeId: z.string() }),
  /** `http://172.19.181.254:8888/Hello!` */
  url: z.string(),
  startedAt: z.number(),
  endedAt: z.nullable(z.number()),
  planned: z.int(),
  sent: z.int(),
  answered: z.int(),
  failed: z.int(),
  /** Slots of the schedule that had no free place: counted, never sent late. */
  skipped: z.int(),
  connections: z.int(),
  /** Neighbours in send order that the same task answered, 0 … 1; null below two answers. */
  repeats: z.nullable(z.number()),
  /** Most minus fewest answers over the tasks that were running in the present fairness window; null without two tasks. */
  spread: z.nullable(z.int()),
  p50: z.nullable(z.number()),
  p95: z.nullable(z.number()),
  shares: z.array(shareSchema),
  errors: z.partialRecord(z.enum(ERROR_KINDS), z.int()),
  /** One sentence: `Round robin: even to within 1 request`. */
  verdict: z.string(),
});
export type Run = z.infer<typeof runSchema>;
