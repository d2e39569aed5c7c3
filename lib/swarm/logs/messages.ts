import * as z from 'zod/mini';

/** A node whose lines are missing. */
const missingNodeSchema = z.object({
  nodeId: z.string(),
  /** As the page calls it. */
  name: z.string(),
  state: z.enum(['down', 'disconnected', 'unknown', 'gone']),
  /** Since when it is in this state (ms); null of one that has left. */
  since: z.nullable(z.number()),
});
export type MissingNode = z.infer<typeof missingNodeSchema>;

/** One entry of a log: a line, or a note on lines that are missing at this place. */
const logEntrySchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('line'),
    /** Rises by one with each entry of the stream. */
    n: z.int(),
    /** When it was written, by its node's clock: `2026-01-01T12:00:00.000000000Z`. */
    time: z.string(),
    /** Ids; empty where the engine does not report them. */
    taskId: z.string(),
    nodeId: z.string(),
    stream: z.enum(['stdout', 'stderr']),
    /** Without control characters; escape sequences of terminals are left out. */
    text: z.string(),
    /** It is longer; the rest was left out. */
    cut: z.boolean(),
  }),
  /** A sentence: what the engine could not read, or that lines of a task are lost at this place. */
  z.object({
    kind: z.literal('note'),
    n: z.int(),
    text: z.string(),
    /** The task that it is about; null: none or several. */
    taskId: z.nullable(z.string()),
  }),
]);
export type LogStreamEntry = z.infer<typeof logEntrySchema>;

/** One message of `GET /api/services/{name}/logs` as events; the SSE event's name is its `kind`. */
export const logMessageSchema = z.discriminatedUnion('kind', [
  /**
   * Entries in their order. With `reset` they are the first ones of this connection: forget what came before.
   * `skipped`: entries right before these that this connection was too slow to receive.
   */
  z.object({
    kind: z.literal('entries'),
    reset: z.boolean(),
    skipped: z.int(),
    entries: z.array(logEntrySchema),
  }),
  /** Sent on connect and when it changes. */
  z.object({
    kind: z.literal('state'),
    /** `opening`: the engine has not answered yet. `live`: new lines follow. `retrying`: the log is opened again. `ended`: it is gone. */
    state: z.enum(['opening', 'live', 'retrying', 'ended']),
    /** Why it is not live. */
    problem: z.nullable(z.object({ detail: z.string(), next: z.optional(z.string()) })),
    /** Nodes whose lines are missing now; the log is opened again when one is back. */
    missing: z.array(missingNodeSchema),
  }),
  /** The last message: the server is shutting down. */
  z.object({ kind: z.literal('bye') }),
]);
export type LogMessage = z.infer<typeof logMessageSchema>;
