import * as z from 'zod/mini';

/**
 * The protocol of the demo's control endpoint (demo/README.md), defined once for the demo, the
 * dashboard's `/api/demo` and the tests: `POST path` with a body makes or ends a fault, every
 * response is the state after it.
 */

/** How the engine responds: as it should, or in one of the ways in which responses go wrong. */
export const ENGINE_RESPONSES = [
  'normal',
  'error-500',
  'error-503',
  'half-json',
  'nothing',
  /** Responds to pings and `/info`, not to requests about the swarm: as without quorum, for 20 s. */
  'swarm-silent',
] as const;
export type EngineResponse = (typeof ENGINE_RESPONSES)[number];

/** The engine's role in the swarm. Every role but `manager` refuses requests about the swarm. */
export const ENGINE_ROLES = ['manager', 'worker', 'no-swarm', 'locked', 'no-quorum'] as const;
export type EngineRole = (typeof ENGINE_ROLES)[number];

const name = z.string().check(z.minLength(1), z.maxLength(300));
const exitCode = z.int().check(z.minimum(0), z.maximum(255));

/** The body that each path takes. */
export const demoBodies = {
  '/node': z.strictObject({
    /** Name or id. */
    node: name,
    power: z.optional(z.boolean()),
    link: z.optional(z.boolean()),
    clockSkewMs: z.optional(z.number().check(z.minimum(-864e5), z.maximum(864e5))),
  }),
  '/task': z.strictObject({
    /** Task name, task id or container id. */
    kill: name,
    exitCode: z._default(exitCode, 137),
  }),
  '/image': z.strictObject({
    image: name,
    /** Whether pulls fail. */
    pull: z.optional(z.boolean()),
    /** How its process ends by itself; null ends the fault. */
    exit: z.optional(
      z.nullable(
        z.strictObject({
          code: exitCode,
          afterMs: z._default(z.number().check(z.minimum(0), z.maximum(36e5)), 500),
        }),
      ),
    ),
  }),
  '/engine': z.strictObject({
    running: z.optional(z.boolean()),
    latencyMs: z.optional(z.number().check(z.minimum(0), z.maximum(120_000))),
    answer: z.optional(z.enum(ENGINE_RESPONSES)),
    role: z.optional(z.enum(ENGINE_ROLES)),
    /** Breaks every event stream, once. */
    cutEvents: z.optional(z.literal(true)),
  }),
  '/chatter': z.strictObject({
    /** Name or id of a service whose tasks write lines by themselves. */
    service: name,
    /** Of all its tasks together; 0 ends it. */
    linesPerSecond: z.int().check(z.minimum(0), z.maximum(10_000)),
  }),
  '/fill': z.strictObject({
    nodes: z.int().check(z.minimum(5), z.maximum(2000)),
    tasks: z.int().check(z.minimum(0), z.maximum(20_000)),
  }),
  '/reset': z.strictObject({}),
};

export type DemoPath = keyof typeof demoBodies;
/** A body as a client sends it. */
export type DemoBody<P extends DemoPath> = z.input<(typeof demoBodies)[P]>;
/** A body as the demo receives it, with defaults. */
export type ParsedDemoBody<P extends DemoPath> = z.output<(typeof demoBodies)[P]>;

const change = <P extends DemoPath>(path: P) =>
  z.strictObject({ path: z.literal(path), body: demoBodies[path] });

/** `POST /api/demo`: one change. */
export const demoChangeSchema = z.discriminatedUnion('path', [
  change('/node'),
  change('/task'),
  change('/image'),
  change('/engine'),
  change('/chatter'),
  change('/fill'),
  change('/reset'),
]);
export type DemoChange = z.input<typeof demoChangeSchema>;

/** The state that every response has: which faults are active. */
export const demoStateSchema = z.object({
  /** The engine's socket. `/api/demo` sends null to clients that may only read. */
  dockerHost: z.nullable(z.string()),
  engine: z.object({
    running: z.boolean(),
    latencyMs: z.number(),
    answer: z.enum(ENGINE_RESPONSES),
    role: z.enum(ENGINE_ROLES),
  }),
  nodes: z.array(
    z.object({
      name: z.string(),
      id: z.string(),
      power: z.boolean(),
      link: z.boolean(),
      clockSkewMs: z.number(),
    }),
  ),
  images: z.array(
    z.object({
      image: z.string(),
      pull: z.optional(z.boolean()),
      exit: z.optional(z.object({ code: z.number(), afterMs: z.number() })),
    }),
  ),
  /** Services that write lines by themselves, by id. */
  chatter: z.array(z.object({ service: z.string(), linesPerSecond: z.number() })),
  /** Whether the large swarm is in place. */
  filled: z.boolean(),
  /** Published ports that the system did not let the demo open: `127.0.77.1:80` → `EACCES`. */
  refusedPorts: z.record(z.string(), z.string()),
  /** Whether no fault is active. */
  calm: z.boolean(),
});
export type DemoState = z.infer<typeof demoStateSchema>;
