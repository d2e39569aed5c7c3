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
  'promoted',
  'demoted',
  // Its labels, for one.
  'node updated',
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

/** What this dashboard does to a swarm. */
const ACTION_KINDS = [
  'run started',
  'run ended',
  'drill started',
  'drill ended',
  // A join token: no view has one.
  'token rotated',
] as const;

/** A run or drill of this dashboard that began or ended, or a change that no view shows; without its time. */
export const actionSchema = z.extend(changeSchema, {
  kind: z.enum([...CHANGE_KINDS, ...ACTION_KINDS]),
});
export type SwarmAction = z.infer<typeof actionSchema>;

/** Reason for a gap in the recorded history. */
const why = z.enum(['not watched', 'not running', 'no data from the engine']);

/** One thing that happened, or several equal ones. Times are milliseconds by the dashboard's clock. */
export const timelineEntrySchema = z.extend(changeSchema, {
  kind: z.enum([...CHANGE_KINDS, ...ACTION_KINDS]),
  /** Increases with each entry and gap: higher numbers than the last one received are new. */
  seq: z.int(),
  /** When it happened, as well as the engine reports that; else when it was noticed. */
  at: z.number(),
  /** The time of the first view that has it. */
  viewAt: z.number(),
  /** Only noticed at `at`, and happened after this time; null when `at` is right within two seconds. */
  after: z.nullable(z.number()),
  /** Who made it through this dashboard: `operator at 192.168.1.7`; absent if nobody did. */
  by: z.optional(z.string()),
  /** Reason of the gap in which it happened; null when it happened outside a gap. */
  unseen: z.nullable(why),
  /** Of several equal ones: their number, and when the last one happened. */
  count: z.optional(z.int()),
  until: z.optional(z.number()),
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

/** One task's time on one node, for the swimlanes; or several of a slot. Times are milliseconds by the dashboard's clock. */
export const spanSchema = z.object({
  taskId: z.string(),
  name: z.string(),
  serviceId: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.string(),
  /** The node's name at that time: it may have left since. */
  node: z.string(),
  from: z.number(),
  /** Null before its end. */
  to: z.nullable(z.number()),
  /** Of several: their number; the other fields are of the last one, but for `from`. */
  count: z.optional(z.int()),
  end: z.enum(['running', 'starting', 'completed', 'failed', 'stopped', 'lost']),
});
export type Span = z.infer<typeof spanSchema>;
