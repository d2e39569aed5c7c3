import * as z from 'zod/mini';

/** What can happen to a swarm. */
export const CHANGE_KINDS = [
  'service created',
  'service removed',
  'scaled',
  'updated',
  'update paused',
  'rolled back',
  'task running',
  // It ran and was meant to go on.
  'task failed',
  // It never ran.
  'task rejected',
  'task stopped',
  'node down',
  'node up',
  'node joined',
  'node left',
  'drained',
  'paused',
  'activated',
  'leader',
] as const;

/** Something that happened between two looks, in words and with what it is about. */
export const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  /** Reads alone and before `at 12:04:31`: `goweb was scaled from 3 to 5`, `goweb.2 on zero3 died (exit 137)` */
  text: z.string(),
  /** Whether it is bad news. */
  bad: z.boolean(),
  serviceId: z.nullable(z.string()),
  nodeId: z.nullable(z.string()),
  taskId: z.nullable(z.string()),
  /** When it happened by the clock of the node that told it, ms since the epoch; null: not told. */
  time: z.nullable(z.number()),
});
export type SwarmChange = z.infer<typeof changeSchema>;

/** Why there was no picture for a while. */
const why = z.enum(['not watched', 'no data from the engine']);

/** One thing that happened. Times are milliseconds by the dashboard's clock. */
export const timelineEntrySchema = z.extend(changeSchema, {
  /** Rises with each entry and gap: what comes after the last one seen is new. */
  seq: z.int(),
  at: z.number(),
  /** It happened at some time before `at`, in a gap, and this is why nobody saw it; null: it was seen. */
  unseen: z.nullable(why),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** A time without a picture: nothing is known of what happened when. */
export const gapSchema = z.object({
  seq: z.int(),
  from: z.number(),
  /** Null: it lasts. */
  to: z.nullable(z.number()),
  why,
});
export type Gap = z.infer<typeof gapSchema>;

/** One task's time on one node, for the swimlanes. Times are milliseconds by the dashboard's clock. */
export const spanSchema = z.object({
  taskId: z.string(),
  name: z.string(),
  serviceId: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.string(),
  /** When it was first seen there. */
  from: z.number(),
  /** When it was seen to have ended; null while it has not. */
  to: z.nullable(z.number()),
  end: z.enum(['running', 'starting', 'failed', 'stopped', 'lost']),
});
export type Span = z.infer<typeof spanSchema>;
