import * as z from 'zod/mini';
import { changeSchema, changesBetween } from './changes';
import { applyPatch, type ViewPatch } from './patch';
import { isBroken, isEnded } from './task-state';
import type { SwarmView, TaskView } from './view';

/** One thing that happened. Times are milliseconds by the dashboard's clock. */
export const timelineEntrySchema = z.extend(changeSchema, {
  /** Rises with each entry and each change of a span: what comes after the last one seen is new. */
  seq: z.int(),
  at: z.number(),
  /** It happened at some time before `at`, while nobody looked. */
  unseen: z.boolean(),
});
export type TimelineEntry = z.infer<typeof timelineEntrySchema>;

/** One task's time on one node, for the swimlanes. */
export const spanSchema = z.object({
  seq: z.int(),
  taskId: z.string(),
  name: z.string(),
  serviceId: z.string(),
  slot: z.nullable(z.int()),
  nodeId: z.string(),
  /** When it was first seen there. */
  from: z.number(),
  /** When it had ended; null while it has not. */
  to: z.nullable(z.number()),
  end: z.enum(['running', 'starting', 'failed', 'stopped', 'lost']),
});
export type Span = z.infer<typeof spanSchema>;

/** A time without a picture: nothing is known of what happened when. */
export const gapSchema = z.object({
  seq: z.int(),
  from: z.number(),
  /** Null: it lasts. */
  to: z.nullable(z.number()),
  why: z.enum(['nobody watched', 'the engine gave no picture']),
});
export type Gap = z.infer<typeof gapSchema>;

/** What a timeline has to tell: all of it, or what is new. */
export interface TimelineNews {
  entries: TimelineEntry[];
  spans: Span[];
  gaps: Gap[];
}

/** How far back the timeline goes (ms). */
export const TIMELINE_MS = 60 * 60_000;
/** Entries and ended spans kept at most, whatever the hour held. */
const MAX_ENTRIES = 1000;
const MAX_SPANS = 1000;
/**
 * Nobody watching for less than this (ms) is no gap: a page that is made or reloaded looks once,
 * and calls a little later. Two looks at a slow engine lie as far apart.
 */
const BRIEF_MS = 4000;
/** What the pictures of the hour may take, as JSON (characters). */
const MAX_FRAMES = 4_000_000;

interface Frame {
  at: number;
  patch: ViewPatch;
  size: number;
}

/**
 * The last hour, in bounded memory: what happened and when, which task ran where, and the swarm as
 * it was at any moment of it. It is told of every new view in turn; it reads no clock.
 */
export class Timeline {
  #seq = 0;
  #entries: TimelineEntry[] = [];
  readonly #spans = new Map<string, Span>();
  #gaps: Gap[] = [];
  /** Since when nobody has watched; null while somebody does. */
  #unwatchedFrom: number | null = null;
  /** The view before the first frame, and the frames that lead from it to the present one. */
  #base: { at: number; view: SwarmView } | null = null;
  #frames: Frame[] = [];
  #framesSize = 0;

  /** The newest number given out. */
  get seq(): number {
    return this.#seq;
  }

  /**
   * Takes the view that was seen at `at`, with the patch that leads to it from the last one and the
   * length of that as JSON.
   */
  add(
    view: SwarmView,
    patch: ViewPatch | null,
    before: SwarmView | null,
    at: number,
    size = JSON.stringify(patch).length,
  ): void {
    const unseen = this.#closeGap(at);
    this.#base ??= { at, view };
    if (before && patch) {
      for (const change of changesBetween(before, view)) {
        this.#entries.push({ seq: ++this.#seq, at, unseen, ...change });
      }
      this.#frames.push({ at, patch, size });
      this.#framesSize += size;
    }
    this.#trackSpans(view, at);
    this.#trim(at);
  }

  /** From `at` on the engine gives no picture. */
  openGap(at: number): void {
    this.#takeUnwatched(at);
    if (this.#gaps.at(-1)?.to === null || this.#base === null) return;
    this.#gaps.push({ seq: ++this.#seq, from: at, to: null, why: 'the engine gave no picture' });
  }

  /** From `at` on nobody watches. It is told as a gap once somebody does again. */
  unwatched(at: number): void {
    if (this.#base !== null && this.#gaps.at(-1)?.to !== null) this.#unwatchedFrom ??= at;
  }

  /** What has come since `seq`; everything since 0. */
  since(seq: number): TimelineNews {
    const fresh = <T extends { seq: number }>(list: Iterable<T>) =>
      [...list].filter((one) => one.seq > seq);
    return {
      entries: fresh(this.#entries),
      spans: fresh(this.#spans.values()),
      gaps: fresh(this.#gaps),
    };
  }

  /** The swarm as it was seen at `at`, with the time of that picture; null before the first one. */
  viewAt(at: number): { at: number; view: SwarmView } | null {
    if (!this.#base || at < this.#base.at) return null;
    let { at: seenAt, view } = this.#base;
    for (const frame of this.#frames) {
      if (frame.at > at) break;
      view = applyPatch(view, frame.patch);
      seenAt = frame.at;
    }
    return { at: seenAt, view };
  }

  /** Makes a gap of the time that nobody watched, if it was long enough to be one. */
  #takeUnwatched(at: number): void {
    const from = this.#unwatchedFrom;
    this.#unwatchedFrom = null;
    if (from === null || at - from < BRIEF_MS) return;
    this.#gaps.push({ seq: ++this.#seq, from, to: null, why: 'nobody watched' });
  }

  #closeGap(at: number): boolean {
    this.#takeUnwatched(at);
    const last = this.#gaps.at(-1);
    if (!last || last.to !== null) return false;
    last.to = at;
    last.seq = ++this.#seq;
    return true;
  }

  #trackSpans(view: SwarmView, at: number): void {
    const present = new Set<string>();
    for (const task of view.tasks) {
      present.add(task.id);
      const known = this.#spans.get(task.id);
      if (!known) {
        // One that had ended before it was first seen never had a time here.
        if (task.nodeId === null || isEnded(task.state)) continue;
        this.#spans.set(task.id, { seq: ++this.#seq, ...spanOf(task, task.nodeId, at) });
      } else if (known.to === null && known.end !== endOf(task)) {
        const end = endOf(task);
        const to = isEnded(task.state) ? at : null;
        this.#spans.set(task.id, { ...known, seq: ++this.#seq, end, to });
      }
    }
    for (const [id, span] of this.#spans) {
      if (span.to !== null || present.has(id)) continue;
      this.#spans.set(id, { ...span, seq: ++this.#seq, to: at, end: 'stopped' });
    }
  }

  #trim(now: number): void {
    const oldest = now - TIMELINE_MS;
    this.#entries = this.#entries.slice(-MAX_ENTRIES).filter(({ at }) => at >= oldest);
    this.#gaps = this.#gaps.slice(-MAX_ENTRIES).filter(({ to }) => to === null || to >= oldest);
    // Those that last are as many as there are tasks: only what has ended can be too much.
    let ended = 0;
    for (const { to } of this.#spans.values()) if (to !== null) ended++;
    for (const [id, { to }] of this.#spans) {
      if (to === null || (ended <= MAX_SPANS && to >= oldest)) continue;
      this.#spans.delete(id);
      ended--;
    }
    let drop = 0;
    while (drop < this.#frames.length) {
      const frame = this.#frames[drop];
      if (!frame || !this.#base) break;
      if (frame.at >= oldest && this.#framesSize <= MAX_FRAMES) break;
      this.#base = { at: frame.at, view: applyPatch(this.#base.view, frame.patch) };
      this.#framesSize -= frame.size;
      drop++;
    }
    if (drop > 0) this.#frames = this.#frames.slice(drop);
  }
}

function endOf(task: TaskView): Span['end'] {
  if (task.lost) return 'lost';
  if (isBroken(task.state)) return 'failed';
  if (isEnded(task.state)) return 'stopped';
  return task.state === 'running' ? 'running' : 'starting';
}

function spanOf(task: TaskView, nodeId: string, at: number): Omit<Span, 'seq'> {
  const { id: taskId, name, serviceId, slot } = task;
  return { taskId, name, serviceId, slot, nodeId, from: at, to: null, end: endOf(task) };
}
