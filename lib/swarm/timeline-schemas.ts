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
  // Ended while it should have kept running.
  'task failed',
  // Never ran.
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

/** A difference between two views: its text and the ids of what changed. */
export const changeSchema = z.object({
  kind: z.enum(CHANGE_KINDS),
  /** Reads alone and before `at 12:04:31`: `goweb was scaled from 3 to 5`, `goweb.2 on zero3 died (exit 137)` */
  text: z.string(),
  /** Whether it is a problem. */
  bad: z.boolean(),
  serviceId: z.nullable(z.string()),
  nodeId: z.nullable(z.string()),
  taskId: z.nullable(z.string()),
  /** When it happened by the reporting node's clock, ms since the epoch; null when not reported. */
  time: z.nullable(z.number()),
});
export type SwarmChange = z.infer<typeof changeSchema>;

/** Reason for a gap in the recorded history. */
const why = z.enum(['not watched', 'no data from the engine']);

/** One thing that happened. Times are milliseconds by the dashboard's clock. */
export const timelineEntrySchema = z.extend(changeSchema, {
  /** Increases with each entry and gap: higher numbers than the last one received are new. */
  seq: z.int(),
  at: z.number(),
  /** Reason of the gap before `at` in which it happened; null when it happened outside a gap. */
  unseen: z.nullable(why),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** A time without views: when things happened in it is unknown. */
export const gapSchema = z.object({
  seq: z.int(),
  from: z.number(),
  /** Null while the gap is open. */
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
  /** When its end was first seen; null before. */
  to: z.nullable(z.number()),
  end: z.enum(['running', 'starting', 'completed', 'failed', 'stopped', 'lost']),
});
export type Span = z.infer<typeof spanSchema>;
