import {
  packedViewsSchema,
  type HistoryRecord,
  type PackedViews,
  type RecordedSpan,
  type RecordedView,
} from './history-records';
import { applyPatch, type ViewPatch } from './patch';
import { mergedWithin, mergeEntries, mergeSpans } from './timeline-merge';
import type { Gap, TimelineEntry } from './timeline-schemas';
import { TimeShift } from './shift-times';

/** How long the history is kept (ms). */
export const HISTORY_MS = 24 * 60 * 60_000;
/** Maximum of stored entries and spans. */
const MAX_ITEMS = 3000;
const MAX_GAPS = 500;
/** Period within which equal entries and spans are merged when there are too many (ms). */
const MERGE_MS = 5 * 60_000;
/** A view and its patches are packed when they have this many patches, or this many characters. */
const PACK_FRAMES = 64;
const PACK_SIZE = 500_000;
/** At most (patches): they are applied one by one. */
const MAX_PACK_FRAMES = 1000;
/** Limit for all packed views (bytes): a crash loop of a day has 3 MB. */
const MAX_PACKED = 4_000_000;

/** Packs text into few bytes. */
export interface Codec {
  pack(text: string): Uint8Array;
  /** Throws if the bytes are damaged. */
  unpack(bytes: Uint8Array): string;
  toText(bytes: Uint8Array): string;
  fromText(text: string): Uint8Array;
}

interface Packed {
  from: number;
  to: number;
  bytes: Uint8Array;
  /** By how much its times have to be moved (ms). */
  moved: number;
  /** Whether this process has recorded it. */
  own: boolean;
}

/** What is older than the timeline's last hour, in bounded memory: merged entries and spans, packed views. */
export class TimelineArchive {
  readonly #codec: Codec;
  #entries: TimelineEntry[] = [];
  #spans: RecordedSpan[] = [];
  #gaps: Gap[] = [];
  #packed: Packed[] = [];
  /** What was unpacked last: a slider moves from view to view. */
  #unpacked: { bytes: Uint8Array; views: PackedViews } | null = null;
  /** Views that are not packed yet. */
  #open: PackedViews | null = null;
  #openSize = 0;
  #firstSize = 0;
  #openIsOwn = false;
  #forgottenUntil: number | null = null;

  constructor(codec: Codec) {
    this.#codec = codec;
  }

  get entries(): readonly TimelineEntry[] {
    return this.#entries;
  }

  get spans(): readonly RecordedSpan[] {
    return this.#spans;
  }

  get gaps(): readonly Gap[] {
    return this.#gaps;
  }

  /** Data from before this time was dropped to save memory; null: the day is complete. */
  get forgottenUntil(): number | null {
    return this.#forgottenUntil;
  }

  /** Bytes of the packed views. */
  get packedSize(): number {
    return this.#packed.reduce((sum, { bytes }) => sum + bytes.length, 0);
  }

  addEntries(entries: readonly TimelineEntry[]): void {
    if (entries.length > 0) this.#entries = [...this.#entries, ...entries];
  }

  addSpans(spans: readonly RecordedSpan[]): void {
    if (spans.length > 0) this.#spans = [...this.#spans, ...spans];
  }

  addGaps(gaps: readonly Gap[]): void {
    if (gaps.length > 0) this.#gaps = [...this.#gaps, ...gaps];
  }

  /** Adds what followed the view `before`. `own`: whether this process has recorded it. */
  addFrame(
    before: RecordedView,
    { at, patch, size, own }: { at: number; patch: ViewPatch; size: number; own: boolean },
  ): void {
    if (this.#openIsOwn !== own) this.#pack();
    this.#openIsOwn = own;
    if (!this.#open) {
      this.#open = { first: before, frames: [] };
      this.#firstSize = JSON.stringify(before.view).length;
    }
    this.#open.frames.push({ at, patch });
    this.#openSize += size;
    // A large view is packed with more patches, as each pack repeats it.
    const isEnough = this.#openSize * 4 >= this.#firstSize;
    const { length } = this.#open.frames;
    if (isEnough && (length >= PACK_FRAMES || this.#openSize >= PACK_SIZE)) this.#pack();
    else if (length >= MAX_PACK_FRAMES) this.#pack();
  }

  /** Packs all views; `last` is the newest of them. The next `addFrame` starts from its own view. */
  seal(last: RecordedView, own: boolean): void {
    if (!this.#open) {
      this.#open = { first: last, frames: [] };
      this.#openIsOwn = own;
    }
    this.#pack();
  }

  /** Adds packed views as `records` gave them out. */
  addPacked({ data, ...times }: { from: number; to: number; moved: number; data: string }): void {
    this.#packed.push({ ...times, bytes: this.#codec.fromText(data), own: false });
  }

  /** Drops what is older than a day, and what is too much. */
  trim(now: number): void {
    const oldest = now - HISTORY_MS;
    if (this.#entries.length > MAX_ITEMS || (this.#entries[0]?.at ?? now) < oldest) {
      const recent = this.#entries.filter(({ at, until }) => (until ?? at) >= oldest);
      this.#entries = this.#within(recent, mergeEntries, ({ at }) => at);
    }
    if (this.#spans.length > MAX_ITEMS || (this.#spans[0]?.at ?? now) < oldest) {
      const recent = this.#spans.filter(({ at }) => at >= oldest);
      this.#spans = this.#within(recent, mergeRecordedSpans, ({ at }) => at);
    }
    this.#gaps = this.#gaps.slice(-MAX_GAPS).filter(({ to }) => to === null || to >= oldest);
    let drop = 0;
    let size = this.packedSize;
    for (const { to, bytes } of this.#packed) {
      if (to >= oldest && size <= MAX_PACKED) break;
      if (to >= oldest) this.forget(to);
      size -= bytes.length;
      drop++;
    }
    if (drop > 0) this.#packed = this.#packed.slice(drop);
    if ((this.#forgottenUntil ?? oldest) < oldest) this.#forgottenUntil = null;
  }

  /** Drops times to come that an earlier process with a wrong clock has recorded. */
  dropFuture(now: number, isPast: (seq: number, at: number) => boolean): void {
    this.#entries = this.#entries.filter(({ seq, at }) => isPast(seq, at));
    this.#spans = this.#spans.filter(({ seq, at }) => isPast(seq, at));
    this.#gaps = this.#gaps.filter(({ from }) => from <= now);
    this.#packed = this.#packed.flatMap((one) => {
      if (one.own) return one;
      return one.from > now ? [] : { ...one, to: Math.min(one.to, now) };
    });
    if ((this.#forgottenUntil ?? now) > now) this.#forgottenUntil = null;
  }

  /** The view at time `at`; null if none is kept, or it is damaged. */
  viewAt(at: number): RecordedView | null {
    try {
      if (this.#open && at >= this.#open.first.at) return viewOf(this.#open, at);
      const packed = this.#packed.findLast(({ from }) => from <= at);
      if (!packed) return null;
      const { moved, bytes } = packed;
      if (this.#unpacked?.bytes !== bytes) {
        const views = packedViewsSchema.parse(JSON.parse(this.#codec.unpack(bytes)));
        this.#unpacked = { bytes, views };
      }
      const found = viewOf(this.#unpacked.views, at - moved);
      return found && { at: found.at + moved, view: new TimeShift(moved).view(found.view) };
    } catch {
      return null;
    }
  }

  /** Everything, such that adding it again in this order results in the same archive. */
  records(): HistoryRecord[] {
    const open = this.#open;
    return [
      ...(this.#forgottenUntil === null ? [] : [{ forgotten: this.#forgottenUntil }]),
      ...this.#packed.map(({ from, to, moved, bytes }) => ({
        packed: { from, to, moved, data: this.#codec.toText(bytes) },
      })),
      ...(open ? [{ view: open.first }, ...open.frames.map((patch) => ({ patch }))] : []),
      ...this.#gaps.map((gap) => ({ gap })),
      ...this.#entries.map((entry) => ({ entry })),
      ...this.#spans.map((span) => ({ span })),
    ];
  }

  /** The dashboard's clock was set: what this process has recorded, with numbers above `seq`, moves. */
  shiftTimes(shift: TimeShift, seq: number): void {
    const { ms } = shift;
    this.#entries = this.#entries.map((one) => (one.seq > seq ? shift.entry(one) : one));
    this.#spans = this.#spans.map((one) => (one.seq > seq ? shift.recordedSpan(one) : one));
    this.#gaps = this.#gaps.map((one) => (one.seq > seq ? shift.gap(one) : one));
    this.#packed = this.#packed.map((one) =>
      one.own ? { ...one, from: one.from + ms, to: one.to + ms, moved: one.moved + ms } : one,
    );
    if (!this.#open || !this.#openIsOwn) return;
    const { first, frames } = this.#open;
    this.#open = {
      first: { at: first.at + ms, view: shift.view(first.view) },
      frames: frames.map(({ at, patch }) => ({ at: at + ms, patch: shift.view(patch) })),
    };
  }

  #pack(): void {
    const open = this.#open;
    if (!open) return;
    const last = open.frames.at(-1) ?? open.first;
    const bytes = this.#codec.pack(JSON.stringify(open));
    const own = this.#openIsOwn;
    this.#packed.push({ from: open.first.at, to: last.at, bytes, moved: 0, own });
    this.#open = null;
    this.#openSize = 0;
  }

  /** At most `MAX_ITEMS`; merged down to fewer, so that not every added one merges them again. */
  #within<T>(list: T[], merge: (list: readonly T[], ms: number) => T[], time: (one: T) => number) {
    if (list.length <= MAX_ITEMS) return list;
    const merged = mergedWithin(list, (MAX_ITEMS * 3) / 4, MERGE_MS, merge);
    if (merged.dropped) this.forget(time(merged.dropped));
    return merged.list;
  }

  /** What is from before `until` was dropped. */
  forget(until: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil ?? until, until);
  }
}

/** `mergeSpans` for spans with their numbers; a merged one has those of its last. */
function mergeRecordedSpans(list: readonly RecordedSpan[], ms: number): RecordedSpan[] {
  const facts = new Map(list.map((one) => [one.span.taskId, one]));
  return mergeSpans(
    list.map(({ span }) => span),
    ms,
  ).flatMap((span) => {
    const last = facts.get(span.taskId);
    return last ? [{ ...last, span }] : [];
  });
}

function viewOf({ first, frames }: PackedViews, at: number): RecordedView | null {
  if (at < first.at) return null;
  let result: RecordedView = first;
  for (const frame of frames) {
    if (frame.at > at) break;
    result = { at: frame.at, view: applyPatch(result.view, frame.patch) };
  }
  return result;
}

/** Does not compress; the default, and for tests. */
export const PLAIN_CODEC: Codec = {
  pack: (text) => new TextEncoder().encode(text),
  unpack: (bytes) => new TextDecoder().decode(bytes),
  toText: (bytes) => new TextDecoder().decode(bytes),
  fromText: (text) => new TextEncoder().encode(text),
};
