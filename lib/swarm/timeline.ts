import { changesBetween } from './changes';
import type { SeenState } from './details';
import { applyPatch, type ViewPatch } from './patch';
import type { TimeShift } from './shift-times';
import { endedSpans, openSpans } from './spans';
import type { Gap, Span, TimelineEntry } from './timeline-schemas';
import type { SwarmView } from './view';

/** Contents of a timeline message: everything, or only what is new. */
export interface TimelineNews {
  entries: TimelineEntry[];
  /** Spans of ended tasks; `openSpans` derives those of other tasks from the view. */
  spans: Span[];
  gaps: Gap[];
  /** Data from before this time was dropped to save memory; null: the hour is complete. */
  forgottenUntil: number | null;
}

/** Length of the timeline (ms). */
export const TIMELINE_MS = 60 * 60_000;
/** Maximum of stored entries and spans. */
const MAX_ENTRIES = 1000;
const MAX_SPANS = 1000;
/**
 * Shorter times without a viewer (ms) are no gap: a page that is rendered or reloaded reads once
 * and connects a little later. Two polls of a slow engine are as far apart.
 */
const BRIEF_MS = 4000;
/** Limit for the stored views of the hour, as JSON (characters). */
const MAX_FRAMES = 4_000_000;
/** Interval of frames with a whole view, from which the frames after it are computed. Equal parts are shared. */
const KEYFRAME = 64;

interface Frame {
  at: number;
  patch: ViewPatch;
  size: number;
  /** What the patch led to, in some of them. */
  view: SwarmView | null;
}

/**
 * The last hour, in bounded memory: what happened and when, which task ran where, and the swarm as
 * it was at any moment of it. `add` receives every new view in order; it reads no clock.
 */
export class TimelineRecorder {
  #seq = 0;
  #entries: TimelineEntry[] = [];
  #spans: { seq: number; at: number; span: Span }[] = [];
  #gaps: Gap[] = [];
  #forgottenUntil: number | null = null;
  /** Since when no page is open; null while one is. */
  #unwatchedFrom: number | null = null;
  /** The view before the first frame, and the frames that lead from it to the present one. */
  #base: { at: number; view: SwarmView } | null = null;
  #frames: Frame[] = [];
  #framesSize = 0;
  #untilKeyframe = KEYFRAME;
  #shifts = 0;

  /** How often all times were moved. Each move requires sending everything again. */
  get shifts(): number {
    return this.#shifts;
  }

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
    const hasTasks = !view.refused.reads.includes('TASKS');
    const unseen = hasTasks ? this.#closeGap(at) : null;
    this.#base ??= { at, view };
    if (before && patch) {
      for (const change of changesBetween(before, view)) {
        this.#entries.push({ seq: ++this.#seq, at, unseen, ...change });
      }
      if (hasTasks) this.#endSpans(before, view, patch, at);
      const key = --this.#untilKeyframe === 0;
      if (key) this.#untilKeyframe = KEYFRAME;
      this.#frames.push({ at, patch, size, view: key ? view : null });
      this.#framesSize += size;
    }
    if (!hasTasks) this.openGap(at);
    this.#trim(at);
  }

  /** The engine does not respond from `at` on. */
  openGap(at: number): void {
    this.#takeUnwatched(at);
    if (this.#gaps.at(-1)?.to === null || this.#base === null) return;
    this.#gaps.push({ seq: ++this.#seq, from: at, to: null, why: 'no data from the engine' });
  }

  /** No page is open from `at` on. Recorded as a gap when one opens again. */
  unwatched(at: number): void {
    if (this.#base !== null && this.#gaps.at(-1)?.to !== null) this.#unwatchedFrom ??= at;
  }

  /** The dashboard's clock was set: all recorded times move. */
  shiftTimes(shift: TimeShift): void {
    const { ms } = shift;
    this.#shifts++;
    const moved = (time: number | null) => (time === null ? null : time + ms);
    this.#entries = this.#entries.map((entry) => ({
      ...entry,
      at: entry.at + ms,
      time: moved(entry.time),
    }));
    this.#spans = this.#spans.map(({ seq, at, span }) => ({
      seq,
      at: at + ms,
      span: { ...span, from: span.from + ms, to: moved(span.to) },
    }));
    this.#gaps = this.#gaps.map((gap) => ({ ...gap, from: gap.from + ms, to: moved(gap.to) }));
    this.#forgottenUntil = moved(this.#forgottenUntil);
    this.#unwatchedFrom = moved(this.#unwatchedFrom);
    this.#base &&= { at: this.#base.at + ms, view: shift.view(this.#base.view) };
    this.#frames = this.#frames.map(({ at, patch, size, view }) => ({
      at: at + ms,
      patch: shift.view(patch),
      size,
      view: view && shift.view(view),
    }));
  }

  /** What has come since `seq`, for those who have the view; everything since 0. */
  since(seq: number): TimelineNews {
    const fresh = <T extends { seq: number }>(list: T[]) => list.filter((one) => one.seq > seq);
    return {
      entries: fresh(this.#entries),
      spans: fresh(this.#spans).map(({ span }) => span),
      gaps: fresh(this.#gaps),
      forgottenUntil: this.#forgottenUntil,
    };
  }

  /** The whole hour for those who have not got the `view`, and may be the only ones who look. */
  all(view: SwarmView | null): TimelineNews {
    const { spans, gaps, ...rest } = this.since(0);
    const from = this.#unwatchedFrom;
    const unwatched: Gap[] =
      from === null ? [] : [{ seq: this.#seq, from, to: null, why: 'not watched' }];
    return {
      ...rest,
      spans: [...spans, ...openSpans(view?.tasks ?? [])],
      gaps: [...gaps, ...unwatched],
    };
  }

  /** The view at time `at`, with its own time; null before the first stored one. */
  viewAt(at: number): { at: number; view: SwarmView } | null {
    if (!this.#base || at < this.#base.at) return null;
    const later = this.#frames.findIndex((frame) => frame.at > at);
    const frames = later < 0 ? this.#frames : this.#frames.slice(0, later);
    const key = frames.findLastIndex(({ view }) => view !== null);
    const start = frames[key]?.view ?? this.#base.view;
    const view = frames.slice(key + 1).reduce((view, { patch }) => applyPatch(view, patch), start);
    return { at: frames.at(-1)?.at ?? this.#base.at, view };
  }

  /** The states in which a task was seen, oldest first, as far as they are recorded. */
  taskStates(id: string): SeenState[] {
    const first = this.#base?.view.tasks.find((task) => task.id === id);
    const changes = this.#frames.flatMap(
      ({ patch }) => patch.tasks?.find((task) => task.id === id) ?? [],
    );
    const seen: SeenState[] = [];
    let [state, stateAt] = [first?.state, first?.stateAt];
    for (const change of [first, ...changes]) {
      state = change?.state ?? state;
      stateAt = change?.stateAt ?? stateAt;
      if (state === undefined || state === 'unknown' || stateAt === undefined) continue;
      if (seen.at(-1)?.state === state) seen.pop();
      seen.push({ state, at: stateAt });
    }
    return seen;
  }

  /** Records the time without an open page as a gap if it was long enough. */
  #takeUnwatched(at: number): void {
    const from = this.#unwatchedFrom;
    this.#unwatchedFrom = null;
    if (from === null || at - from < BRIEF_MS) return;
    this.#gaps.push({ seq: ++this.#seq, from, to: null, why: 'not watched' });
  }

  /** Closes the open gap and returns its reason; null when there is none. */
  #closeGap(at: number): Gap['why'] | null {
    this.#takeUnwatched(at);
    const last = this.#gaps.at(-1);
    if (!last || last.to !== null) return null;
    // A new object: the old one may still be in a message.
    this.#gaps[this.#gaps.length - 1] = { ...last, to: at, seq: ++this.#seq };
    return last.why;
  }

  #endSpans(before: SwarmView, view: SwarmView, { tasks, gone }: ViewPatch, at: number): void {
    const ids = new Set([...(tasks ?? []).map(({ id }) => id), ...(gone?.tasks ?? [])]);
    if (ids.size === 0) return;
    const after = new Map(
      view.tasks.flatMap((task) => (ids.has(task.id) ? [[task.id, task]] : [])),
    );
    const changed = before.tasks.filter(({ id }) => ids.has(id));
    for (const span of endedSpans(changed, after, at)) {
      this.#spans.push({ seq: ++this.#seq, at, span });
    }
  }

  #trim(now: number): void {
    const oldest = now - TIMELINE_MS;
    this.#entries = this.#kept(this.#entries, MAX_ENTRIES, oldest);
    this.#spans = this.#kept(this.#spans, MAX_SPANS, oldest);
    this.#gaps = this.#gaps.slice(-MAX_ENTRIES).filter(({ to }) => to === null || to >= oldest);
    let drop = 0;
    while (drop < this.#frames.length) {
      const frame = this.#frames[drop];
      if (!frame || !this.#base) break;
      const tooMuch = this.#framesSize > MAX_FRAMES;
      if (frame.at >= oldest && !tooMuch) break;
      this.#base = {
        at: frame.at,
        view: frame.view ?? applyPatch(this.#base.view, frame.patch),
      };
      if (tooMuch) this.#forget(frame.at);
      this.#framesSize -= frame.size;
      drop++;
    }
    if (drop > 0) this.#frames = this.#frames.slice(drop);
    if ((this.#forgottenUntil ?? oldest) < oldest) this.#forgottenUntil = null;
  }

  /** Those since `oldest`, at most the last `most`; that there were more is remembered. */
  #kept<T extends { at: number }>(list: T[], most: number, oldest: number): T[] {
    const recent = list.filter(({ at }) => at >= oldest);
    const dropped = recent.at(-most - 1);
    if (dropped) this.#forget(dropped.at);
    return recent.slice(-most);
  }

  #forget(until: number): void {
    this.#forgottenUntil = Math.max(this.#forgottenUntil ?? until, until);
  }
}
