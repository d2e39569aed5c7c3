import * as z from 'zod/mini';
import { viewPatchSchema } from './patch-schema';
import { gapSchema, spanSchema, timelineEntrySchema } from './timeline-schemas';
import { swarmViewSchema } from './view';

/**
 * The recorded history as a sequence of records, each a change of the one before: what a file keeps across a restart.
 * Times are milliseconds by the dashboard's clock.
 */

/** A whole view, and when it was recorded. */
const recordedViewSchema = z.object({ at: z.number(), view: swarmViewSchema });
export type RecordedView = z.infer<typeof recordedViewSchema>;
/** An ended span, with its number and when its end was seen. */
const recordedSpanSchema = z.object({ seq: z.int(), at: z.number(), span: spanSchema });
export type RecordedSpan = z.infer<typeof recordedSpanSchema>;
/** A view and its patches, as packed text: see `TimelineArchive`. */
export const packedViewsSchema = z.object({
  first: recordedViewSchema,
  frames: z.array(z.object({ at: z.number(), patch: viewPatchSchema })),
});
export type PackedViews = z.infer<typeof packedViewsSchema>;

/** One record of the history. */
export const historyRecordSchema = z.union([
  z.object({ view: recordedViewSchema }),
  z.object({ patch: z.object({ at: z.number(), patch: viewPatchSchema }) }),
  z.object({ entry: timelineEntrySchema }),
  z.object({ span: recordedSpanSchema }),
  /** Replaces the gap with the same start. */
  z.object({ gap: gapSchema }),
  /** Nothing has changed until then. */
  z.object({ alive: z.number() }),
  /** Packed views of a time, as text; `moved`: by how much their times have to be moved. */
  z.object({
    packed: z.object({ from: z.number(), to: z.number(), moved: z.number(), data: z.string() }),
  }),
  /** Everything before this time was dropped. */
  z.object({ forgotten: z.number() }),
]);
export type HistoryRecord = z.infer<typeof historyRecordSchema>;
