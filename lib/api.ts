import * as z from 'zod/mini';
import { answerRowSchema } from './curl/answer-table';
import { answerSchema, runSchema, secondSchema } from './curl/run-schemas';
import { viewPatchSchema } from './swarm/patch-schema';
import { MAX_BODY, MAX_FORM_BODY } from './swarm/max-body';
import { gapSchema, spanSchema, timelineEntrySchema } from './swarm/timeline-schemas';
import { swarmViewSchema } from './swarm/view';

/** Request and response schemas shared by the routes and the browser. */

export { MAX_BODY, MAX_FORM_BODY };
/** The refusal of a body with more than `most` bytes. */
export const tooLong = (most: number) => ({
  detail: `The body is longer than ${most} bytes.`,
  next: 'Send less at once: a service can be changed in several steps.',
});

/** Whether a query has this flag: `?secrets`, `?secrets=1`, but not `?secrets=0`. */
export function hasFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name);
  return value !== null && !/^(0|false|no)$/i.test(value);
}

/** Whether a request only asks what a change would do: `?dry-run`. */
export function isDryRun(query: URLSearchParams): boolean {
  return hasFlag(query, 'dry-run');
}

/** `POST /api/services/{name}/scale`; `maxReplicas` is the setting MAX_REPLICAS. */
export function scaleRequestSchema(maxReplicas: number) {
  const error = `has to be a whole number from 0 to ${maxReplicas}, the limit set by MAX_REPLICAS`;
  return z.strictObject({
    replicas: z.int(error).check(z.minimum(0, error), z.maximum(maxReplicas, error)),
  });
}

/** `POST /api/session` */
export const signInRequestSchema = z.strictObject({
  password: z.string().check(z.minLength(1), z.maxLength(1000)),
});

/** The answer of `POST /api/session`. */
export const signedInSchema = z.object({
  /** Sent as `X-CSRF-Token` with every change; the cookie alone may only read. */
  token: z.string(),
  role: z.enum(['guest', 'operator']),
  /** When the session ends at the latest (ms since the epoch). */
  expires: z.number(),
});
export type SignInResponse = z.infer<typeof signedInSchema>;

/** Maximum time that a drill keeps a node drained, in seconds. */
export const MAX_DRILL_SECONDS = 120;

/**
 * `POST /api/runs/{id}/drill`: drains a node for `seconds` and then restores its availability, or
 * kills a task's container on the node whose engine the dashboard talks to.
 */
export const drillRequestSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('drain'),
    /** Name or id. */
    node: z.string().check(z.minLength(1), z.maxLength(200)),
    seconds: z._default(z.int().check(z.minimum(1), z.maximum(MAX_DRILL_SECONDS)), 15),
  }),
  z.strictObject({
    kind: z.literal('kill'),
    /** Id, or a name such as `goweb.2`. */
    task: z.string().check(z.minLength(1), z.maxLength(200)),
  }),
]);
export type DrillRequest = z.input<typeof drillRequestSchema>;

/** `GET /api/runs`: the last 20 runs, newest first. */
export const runsSchema = z.object({ runs: z.array(runSchema) });

/**
 * `GET /api/runs/{id}/answers`: all answers so far by number, with names in place of ids; and the last 60
 * seconds, which include skipped slots.
 */
export const answersSchema = z.object({
  id: z.string(),
  answers: z.array(answerRowSchema),
  seconds: z.array(secondSchema),
});
export type RunAnswers = z.infer<typeof answersSchema>;

/** `POST /api/services/{name}/scale`: the replicas before and after. */
export const scaledSchema = z.object({ service: z.string(), from: z.int(), to: z.int() });

/** Response of `POST /api/join-command`: the whole `docker swarm join` line, token included. */
export const joinCommandSchema = z.object({
  command: z.string(),
  role: z.enum(['worker', 'manager']),
  rotated: z.boolean(),
});
export type JoinCommand = z.infer<typeof joinCommandSchema>;

/** Response of `GET /api/timeline`. */
export const timelineNewsSchema = z.object({
  entries: z.array(timelineEntrySchema),
  spans: z.array(spanSchema),
  gaps: z.array(gapSchema),
  forgottenUntil: z.nullable(z.number()),
});

/** Response of `GET /api/timeline?at=MS`: the swarm as it was at that time, and the time of that view (ms). */
export const pastViewSchema = z.object({ at: z.number(), view: swarmViewSchema });
export type PastView = z.infer<typeof pastViewSchema>;

/** Every kind of problem; stable, for programs. */
export const PROBLEM_KINDS = [
  'bad-request',
  'not-found',
  'not-scalable',
  'no-previous-spec',
  'changed-meanwhile',
  'not-dialable',
  'run-in-progress',
  'run-ended',
  'drill-in-progress',
  'not-drillable',
  'other-origin',
  'unknown-host',
  'behind-proxy',
  'sign-in-required',
  'operator-required',
  'wrong-password',
  'too-many-tries',
  'read-only',
  'socket-missing',
  'socket-permission',
  'engine-stopped',
  'not-a-manager',
  'no-swarm',
  'swarm-locked',
  'no-quorum',
  'swarm-error',
  'swarm-certificate',
  'engine-timeout',
  'not-an-engine',
  'tls',
  'ssh',
  'conflict',
  'engine-refused',
  'engine-error',
  'restarting',
  'too-many-streams',
  'busy',
  'method-not-allowed',
  'too-large',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** The status of each kind. */
export const PROBLEM_STATUS: Record<ProblemKind, number> = {
  'bad-request': 400,
  'not-found': 404,
  'not-scalable': 422,
  'no-previous-spec': 409,
  'changed-meanwhile': 412,
  'not-dialable': 422,
  'run-in-progress': 409,
  'run-ended': 409,
  'drill-in-progress': 409,
  'not-drillable': 422,
  'other-origin': 403,
  'unknown-host': 403,
  'behind-proxy': 403,
  'sign-in-required': 401,
  'operator-required': 403,
  'wrong-password': 401,
  'too-many-tries': 429,
  'read-only': 403,
  'socket-missing': 503,
  'socket-permission': 503,
  'engine-stopped': 503,
  'not-a-manager': 503,
  'no-swarm': 503,
  'swarm-locked': 503,
  'no-quorum': 503,
  'swarm-error': 503,
  'swarm-certificate': 503,
  'engine-timeout': 504,
  'not-an-engine': 502,
  tls: 502,
  ssh: 502,
  conflict: 409,
  'engine-refused': 422,
  'engine-error': 502,
  restarting: 503,
  'too-many-streams': 503,
  busy: 503,
  'method-not-allowed': 405,
  'too-large': 413,
};

/** An RFC 9457 problem document, with `kind` for programs and `next` for people. */
export const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  kind: z.catch(z.enum(PROBLEM_KINDS), 'engine-error'),
  /** What is wrong, one sentence. */
  detail: z.string(),
  /** What to do about it, one sentence. */
  next: z.optional(z.string()),
  /** What is wrong with which field of the body: `ports.0.published`. */
  errors: z.optional(z.array(z.object({ field: z.string(), message: z.string() }))),
});
export type Problem = z.infer<typeof problemSchema>;

/** Adds the fields of a problem document that follow from the others. */
export function problemOf({
  status,
  kind,
  detail,
  next,
  errors,
}: Pick<Problem, 'status' | 'kind' | 'detail' | 'next' | 'errors'>): Problem {
  const title = kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('-', ' ');
  return {
    type: 'about:blank',
    title,
    status,
    kind,
    detail,
    ...(next && { next }),
    ...(errors && errors.length > 0 && { errors }),
  };
}

/** What this browser may do. `mode`: open on loopback, else by password, else reading only. */
export const accessSchema = z.object({
  mode: z.enum(['open', 'password', 'read-only']),
  signedIn: z.boolean(),
  /** `guest` may fire requests at services, `operator` may change the swarm too. */
  role: z.enum(['reader', 'guest', 'operator']),
  /** Whether there is an operators' password; with a guests' password only, the swarm cannot be changed. */
  operators: z.boolean(),
  /** Whether reading requires a sign-in. */
  closed: z.boolean(),
});
export type Access = z.infer<typeof accessSchema>;

/** Whether the view is live. `at`: when the engine last returned a complete one (server's clock, ms). */
export const statusSchema = z.object({
  state: z.enum(['connecting', 'live', 'stale']),
  at: z.nullable(z.number()),
  /** The server's clock at sending: the browser computes ages by it. */
  now: z.number(),
  /** Why it is not live. */
  problem: z.nullable(z.pick(problemSchema, { kind: true, detail: true, next: true })),
});
export type Status = z.infer<typeof statusSchema>;

/** Response of `GET /api/swarm`. */
export const swarmSchema = z.object({
  rev: z.int(),
  status: statusSchema,
  view: swarmViewSchema,
});

/** One message of `GET /api/live`; the SSE event's name is its `kind`. */
export const liveMessageSchema = z.discriminatedUnion('kind', [
  /** The first of every connection. `build` differs when the server was upgraded since the tab was loaded. */
  z.object({ kind: z.literal('hello'), build: z.string(), access: accessSchema }),
  /** The complete view; `rev` increases with each. */
  z.object({ kind: z.literal('view'), rev: z.int(), view: swarmViewSchema }),
  /** The difference between views `rev - 1` and `rev`; a browser that has another one reconnects. */
  z.object({ kind: z.literal('patch'), rev: z.int(), patch: viewPatchSchema }),
  z.object({ kind: z.literal('status'), status: statusSchema }),
  /** Events: on connect the last hour (`reset`), then what is new; a gap replaces the one it continues. Open spans are in the view. */
  z.object({
    kind: z.literal('timeline'),
    reset: z.boolean(),
    entries: z.array(timelineEntrySchema),
    spans: z.array(spanSchema),
    gaps: z.array(gapSchema),
    forgottenUntil: z.nullable(z.number()),
  }),
  /** The current run and its answers since the last message (on connect: the newest `ANSWERS_SHOWN`). */
  z.object({
    kind: z.literal('run'),
    run: runSchema,
    answers: z.array(answerSchema),
    /** Those of the last 60 seconds that changed since the last message; each replaces its predecessor. With `reset`: all. */
    seconds: z.array(secondSchema),
    reset: z.boolean(),
  }),
  /** The last message: the server is shutting down and may be restarted. */
  z.object({ kind: z.literal('bye') }),
]);
export type LiveMessage = z.infer<typeof liveMessageSchema>;
