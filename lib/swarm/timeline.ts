import { Attributions } from './attributions';
import { changesBetween, missedChange, shownStates } from './changes';
import type { SeenState } from './details';
import type { ReportedState } from './event-times';
import type { HistoryRecord, RecordedSpan, RecordedView } from './history-records';
import { applyPatch, type ViewPatch } from './patch';
import type { TimeShift } from './shift-times';
import { endedSpans, openSpans } from './spans';
import { PLAIN_CODEC, TimelineArchive, type Codec } from './timeline-archive';
import { TIMELINE_MS } from './timeline-length';
import { mergedWithin, mergeEntries, mergeSpans } from './timeline-merge';
import type { Gap, Span, SwarmAction, SwarmChange, TimelineEntry } from './timeline-schemas';
import type { SwarmView } from './view';

/** Contents of a timeline message: everything, or only what is new. */
export interface TimelineNews {
  entries: TimelineEntry[];
  /** Spans of ended tasks; `openSpans` derives those of other tasks from the view. */
  spans: Span[];
  gaps: Gap[];
  /** Data from before this time is not in it, because there is too much; null: it is complete. */
  forgottenUntil: number | null;
}

/** When a change happened by the engine's own records (ms, the dashboard's clock); null if only noticed. */
export type TimeOf = (change: SwarmChange) => number | null;

/** The states of a service's update before the view (times by the dashboard's clock) that are not among those shown. */
export type MissedStates = (serviceId: string, shown: readonly ReportedState[]) => ReportedState[];

/** Maximum of entries and of spans of the last hour; more are moved to the archive. */
const MAX_ENTRIES = 1000;
const MAX_SPANS = 1000;
/** Maximum of entries and of spans in an answer about a longer time. */
const MAX_ANSWER = 1000;
/** An answer about a longer time merges what is closer than this part of it: about two pixels of the chart. */
const ANSWER_PARTS = 600;
/**
 * Shorter times without a viewer (ms) are no gap: a page that is rendered or reloaded reads once
 * and connects a little later. Two polls of a slow engine are as far apart.
 */
const BRIEF_MS = 4000;
/** The same for a restart of the dashboard (ms). */
const BRIEF_RESTART_MS = 1000;
/** Views further apart than this are a gap (ms): the machine was asleep, or the process stopped. */
const MAX_STEP_MS = 60_000;
/** An entry is only noticed, not dated, if the view before it is older than this (ms). */
const DATED_MS = 2000;
/** Limit for the views of the last hour that are not packed, as JSON (characters). */
const MAX_FRAMES = 2_000_000;
/** Interval of frames with a whole view, from which the frames after it are computed. Equal parts are shared. */
const KEYFRAME = 64;
/** How often it is recorded that nothing changed (ms): after a crash, what followed counts as not recorded. */
const ALIVE_MS = 60_000;

interface Frame {
  at: number;
  patch: ViewPatch;
  size: number;
  /** What the patch led to, in some of them. */
  view: SwarmView | null;
  /** Whether this process has recorded it. */
  own: boolean;
}

/** Keeps what is recorded for `restore`. */
export interface RecordSink {
  /** Adds a record to those before it. */
  add(record: HistoryRecord): void;
  /** Replaces all by `records()`. `otherSwarm`: they are of another swarm now. */
  replace(otherSwarm: boolean): void;
}

const NO_SINK: RecordSink = { add: () => {}, replace: () => {} };

/**
 * The last day, in bounded memory: what happened and when, which task ran where, and the swarm as
 * it was at any moment of it. `add` receives every new view in order; it reads no clock. The last hour is here, what
 * is older in the archive.
 */
export class TimelineRecorder {
  readonly #codec: Codec;
  #archive: TimelineArchive;
  #sink: RecordSink = NO_SINK;
  #seq = 0;
  #entries: TimelineEntry[] = [];
  #spans: RecordedSpan[] = [];
  #gaps: Gap[] = [];
  /** Data of the last hour from before this time is in the archive; null: none. */
  #archivedUntil: { at: number; seq: number } | null = null;
  /** Since when nothing is recorded, and why; null while something is. */
  #paused: { from: number; why: Gap['why'] } | null = null;
  /** The view before the first frame, and the frames that lead from it to the present one. */
  #base: (RecordedView & { own: boolean }) | null = null;
  #frames: Frame[] = [];
  #framesSize = 0;
  #untilKeyframe = KEYFRAME;
  #shifts = 0;
  /** When the last view was added. */
  #lastAt = Number.NEGATIVE_INFINITY;
  /** When the last one with tasks was. */
  #tasksAt = Number.NEGATIVE_INFINITY;
  #aliveAt = Number.NEGATIVE_INFINITY;
  /** The highest number that an earlier process gave out. */
  #restoredSeq = 0;
  /** When an earlier process recorded last. This time stays when the clock is set. */
  #restoredAt = Number.NEGATIVE_INFINITY;
  /** When this process recorded first. */
  #startedAt: number | null = null;

  /** Who makes changes through this dashboard. */
  readonly attributions = new Attributions();

  constructor(codec: Codec = PLAIN_CODEC) {
    this.#codec = codec;
    this.#archive = new TimelineArchive(codec);
  }

  /** Passes what is recorded from now on to `sink`. */
  keepIn(sink: RecordSink): void {
    this.#sink = sink;
  }

  /** How often all times were moved. Each move requires sending everything again. */
  get shifts(): number {
    return this.#shifts;
  }

  /** The newest number given out. */
  get seq(): number {
    return this.#seq;
  }

  /** When the last view was added; null before the first. */
  get lastAt(): number | null {
    return Number.isFinite(this.#lastAt) ? this.#lastAt : null;
  }

  /**
   * Takes the view that was seen at `at`, with the patch that leads to it from the last one and the
   * length of that as JSON. `timeOf`: when a change happened.
   */
  add(
    view: SwarmView,
    patch: ViewPatch | null,
    before: SwarmView | null,
    at: number,
    size = JSON.stringify(patch).length,
    timeOf: TimeOf = ({ time }) => time,
    missedStates: MissedStates = () => [],
  ): void {
    const hasTasks = !view.refused.reads.includes('TASKS');
    const isLate = Number.isFinite(this.#lastAt) && at - this.#lastAt > MAX_STEP_MS;
    if (isLate && this.#gaps.at(-1)?.to !== null) {
      this.#paused ??= { from: this.#lastAt, why: 'not watched' };
    }
    const unseen = hasTasks ? this.#closeGap(at) : null;
    // The clock was set back since the process before: this view does not come after its views.
    if (this.#base?.own === false && at < this.#lastAt) this.#sealBase();
    const isFirst = this.#base === null;
    if (isFirst) {
      this.#base = { at, view, own: true };
      this.#sink.add({ view: { at, view } });
    }
    const changes = before && patch ? changesBetween(before, view) : [];
    const missed = missedChanges(before, view, changes, missedStates);
    for (const { change, time } of missed) {
      // The first view after a restart does not count what the last one before it has shown.
      if (time < this.#lastAt - DATED_MS) continue;
      const isSame = (other: SwarmChange) =>
        other.kind === change.kind && other.serviceId === change.serviceId;
      const all = [
        ...missed.flatMap((one) => (isSame(one.change) ? one.time : [])),
        ...changes.flatMap((one) => (isSame(one) ? (timeOf(one) ?? []) : [])),
      ];
      const made = this.attributions.attributedAt(change, time, all);
      this.#addEntry({ ...made, at: Math.min(time, at), viewAt: at, after: null, unseen });
    }
    for (const change of changes) {
      const since = change.taskId === null ? this.#lastAt : this.#tasksAt;
      const times = dated(timeOf(change), at, since, unseen);
      for (const made of this.attributions.attributed(change, view)) {
        this.#addEntry({ ...made, ...times, unseen });
      }
    }
    this.attributions.viewed(view);
    if (before && patch) {
      if (hasTasks) this.#endSpans(before, view, patch, at);
      // The whole view was recorded, which has the patch already.
      if (!isFirst) {
        this.#addFrame({ at, patch, size, view: null, own: true }, view);
        this.#sink.add({ patch: { at, patch } });
      }
    }
    for (const { entry, at: acceptedAt, by } of this.attributions.unseen(at)) {
      this.#addEntry({ ...entry, at: acceptedAt, viewAt: at, after: null, unseen: null, by });
    }
    this.#startedAt ??= at;
    this.#lastAt = at;
    if (hasTasks) this.#tasksAt = at;
    else this.openGap(at);
    if (before && patch) this.#aliveAt = at;
    else if (Math.abs(at - this.#aliveAt) >= ALIVE_MS) this.alive(at);
    this.#trim(at);
  }

  /** Records what this dashboard does to the swarm. */
  addAction(action: SwarmAction, at: number): void {
    this.#addEntry({ ...action, at, viewAt: at, after: null, unseen: null });
  }

  /** Records that nothing has changed until `at`. */
  alive(at: number): void {
    this.#aliveAt = at;
    if (this.#base !== null) this.#sink.add({ alive: at });
  }

  /** The engine does not respond from `at` on. */
  openGap(at: number): void {
    this.#takePause(at);
    if (this.#gaps.at(-1)?.to === null || this.#base === null) return;
    this.#addGap({ seq: ++this.#seq, from: at, to: null, why: 'no data from the engine' });
  }

  /** No page is open from `at` on. Recorded as a gap when one opens again. */
  unwatched(at: number): void {
    if (this.#base !== null && this.#gaps.at(-1)?.to !== null) {
      this.#paused ??= { from: at, why: 'not watched' };
    }
  }

  /** The dashboard's clock was set: all times that this process has recorded move. */
  shiftTimes(shift: TimeShift): void {
    const { ms } = shift;
    this.#shifts++;
    const isOwn = ({ seq }: { seq: number }) => seq > this.#restoredSeq;
    this.#entries = this.#entries.map((one) => (isOwn(one) ? shift.entry(one) : one));
    this.#spans = this.#spans.map((one) => (isOwn(one) ? shift.recordedSpan(one) : one));
    this.#gaps = this.#gaps.map((one) => (isOwn(one) ? shift.gap(one) : one));
    this.#archive.shiftTimes(shift, this.#restoredSeq);
    if (this.#archivedUntil && isOwn(this.#archivedUntil)) {
      this.#archivedUntil = { ...this.#archivedUntil, at: this.#archivedUntil.at + ms };
    }
    if (this.#lastAt !== this.#restoredAt) this.#lastAt += ms;
    if (this.#tasksAt !== this.#restoredAt) this.#tasksAt += ms;
    this.#aliveAt += ms;
    if (this.#startedAt !== null) this.#startedAt += ms;
    // The last restart stays where it was: it is the end of what an earlier process recorded.
    if (this.#paused && this.#paused.why !== 'not running') this.#paused.from += ms;
    if (this.#base?.own) {
      this.#base = { at: this.#base.at + ms, view: shift.view(this.#base.view), own: true };
    }
    this.#frames = this.#frames.map((frame) =>
      frame.own
        ? {
            ...frame,
            at: frame.at + ms,
            patch: shift.view(frame.patch),
            view: frame.view && shift.view(frame.view),
          }
        : frame,
    );
    this.#partFromEarlier();
    this.#sink.replace(false);
  }

  /** Starts a chain of its own if what this process has recorded is now before the views of the process before. */
  #partFromEarlier(): void {
    const start = this.#frames.findIndex(({ own }) => own);
    const first = this.#frames[start];
    if (!first || this.#base?.own !== false || first.at >= this.#restoredAt) return;
    this.#archiveFrames(start);
    const earlier = this.#base;
    const view = earlier && patched(earlier.view, first.patch);
    if (!view) return this.#endChain();
    this.#archive.seal({ at: earlier.at, view: earlier.view }, false);
    this.#base = { at: first.at, view, own: true };
    this.#frames = this.#frames.slice(1);
    this.#framesSize -= first.size;
  }

  /** What has come since `seq`, for those who have the view; everything of the last hour since 0. */
  since(seq: number): TimelineNews {
    const fresh = <T extends { seq: number }>(list: T[]) => list.filter((one) => one.seq > seq);
    return {
      entries: fresh(this.#entries),
      spans: fresh(this.#spans).map(({ span }) => span),
      gaps: fresh(this.#gaps).map(forwards),
      forgottenUntil: this.#archivedUntil?.at ?? null,
    };
  }

  /**
   * Everything from `from` until `to` (null: now), for those who have not got the `view`, and may be the only ones who
   * look. Merged where it is more than a chart can show. What belongs to both sides of `to` is left out.
   */
  all(view: SwarmView | null, from: number, to: number | null, now: number): TimelineNews {
    const end = to ?? Infinity;
    const merged = Math.max(1, (to ?? now) - from) / ANSWER_PARTS;
    const entries = [...this.#archive.entries, ...this.#entries].filter(
      ({ at, until }) => (until ?? at) >= from && at < end,
    );
    const spans = [...this.#archive.spans, ...this.#spans].flatMap(({ span }) =>
      (span.to ?? now) >= from && (span.to ?? now) < end ? [span] : [],
    );
    const gaps = [...this.#archive.gaps, ...this.#gaps]
      .map(forwards)
      .filter((gap) => (gap.to ?? now) >= from && (to === null || (gap.to ?? Infinity) < to));
    const shownEntries = mergedWithin(entries, MAX_ANSWER, merged, mergeEntries);
    const shownSpans = mergedWithin(spans, MAX_ANSWER, merged, mergeSpans);
    const dropped = [
      shownEntries.dropped?.at,
      shownSpans.dropped?.to,
      this.#archive.forgottenUntil,
    ].flatMap((at) => (at != null && at > from ? at : []));
    const news = {
      entries: shownEntries.list,
      spans: shownSpans.list,
      gaps,
      forgottenUntil: dropped.length === 0 ? null : Math.max(...dropped),
    };
    if (to !== null) return news;
    const paused: Gap[] = this.#paused ? [{ seq: this.#seq, to: null, ...this.#paused }] : [];
    return {
      ...news,
      spans: [...news.spans, ...openSpans(view ?? NOTHING)],
      gaps: [...gaps, ...paused],
    };
  }

  /** The view at time `at`, with its own time; null before the first stored one, or if a patch does not match. */
  viewAt(at: number): RecordedView | null {
    if (!this.#base || at < this.#base.at) return this.#archive.viewAt(at);
    const later = this.#frames.findIndex((frame) => frame.at > at);
    const frames = later < 0 ? this.#frames : this.#frames.slice(0, later);
    const key = frames.findLastIndex(({ view }) => view !== null);
    const start = frames[key]?.view ?? this.#base.view;
    const view = frames
      .slice(key + 1)
      .reduce<SwarmView | null>((view, { patch }) => view && patched(view, patch), start);
    return view && { at: frames.at(-1)?.at ?? this.#base.at, view };
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

  /** Data from before this time was dropped to save memory; null: the day is complete. */
  get forgottenUntil(): number | null {
    return this.#archive.forgottenUntil;
  }

  /** Everything, as records that `restore` makes the same recorder of. */
  records(): HistoryRecord[] {
    const archived = this.#archive.records();
    // The views of the archive lead to the first one here, unless they are packed.
    const leads = archived.some((record) => 'view' in record);
    const base = this.#base;
    return [
      ...archived,
      ...(base && !leads ? [{ view: { at: base.at, view: base.view } }] : []),
      ...this.#frames.map(({ at, patch }) => ({ patch: { at, patch } })),
      ...this.#gaps.map((gap) => ({ gap })),
      ...this.#entries.map((entry) => ({ entry })),
      ...this.#spans.map((span) => ({ span })),
      ...(Number.isFinite(this.#lastAt) ? [{ alive: this.#lastAt }] : []),
    ];
  }

  /**
   * Takes over what an earlier process has recorded, before anything is added or kept. Returns its last view, from which the next
   * one differs by what happened while no process ran; null without one.
   */
  restore(records: Iterable<HistoryRecord>, now: number): RecordedView | null {
    const tip: { view: SwarmView | null } = { view: null };
    for (const record of records) this.#restoreRecord(record, tip);
    // The next view starts a new chain: no patch leads to it from the frames before the missing record.
    if (!tip.view) this.#sealBase();
    const from = this.#lastAt;
    this.#tasksAt = this.#restoredAt = from;
    this.#restoredSeq = this.#seq;
    const last = this.#gaps.at(-1);
    if (last?.to === null) this.#addGap({ ...last, to: Math.max(from, last.from) });
    if (Number.isFinite(from)) {
      this.#paused = { from, why: 'not running' };
      this.#trim(Math.max(now, from));
    }
    return tip.view && { at: from, view: tip.view };
  }

  /** Drops everything: from now on another swarm is recorded. */
  clear(): void {
    this.#archive = new TimelineArchive(this.#codec);
    this.#entries = [];
    this.#spans = [];
    this.#gaps = [];
    this.#archivedUntil = this.#paused = this.#base = null;
    this.#frames = [];
    this.#framesSize = 0;
    this.#lastAt = this.#tasksAt = this.#aliveAt = this.#restoredAt = Number.NEGATIVE_INFINITY;
    this.#startedAt = null;
    this.#shifts++;
    this.#sink.replace(true);
  }

  #restoreRecord(record: HistoryRecord, tip: { view: SwarmView | null }): void {
    const seen = (at: number) => (this.#lastAt = Math.max(this.#lastAt, at));
    if ('view' in record) {
      this.#sealBase();
      this.#base = { ...record.view, own: false };
      tip.view = record.view.view;
      seen(record.view.at);
    } else if ('patch' in record) {
      const { at, patch } = record.patch;
      tip.view &&= patched(tip.view, patch);
      // A record is missing: what follows leads from an unknown view.
      if (!tip.view) return;
      const size = JSON.stringify(patch).length;
      this.#addFrame({ at, patch, size, view: null, own: false }, tip.view);
      seen(at);
    } else if ('entry' in record) {
      this.#entries.push(record.entry);
      this.#seq = Math.max(this.#seq, record.entry.seq);
      seen(record.entry.viewAt);
    } else if ('span' in record) {
      this.#spans.push(record.span);
      this.#seq = Math.max(this.#seq, record.span.seq);
    } else if ('gap' in record) {
      this.#addGap(record.gap);
      this.#seq = Math.max(this.#seq, record.gap.seq);
    } else if ('alive' in record) {
      seen(record.alive);
    } else if ('packed' in record) {
      this.#archive.addPacked(record.packed);
    } else {
      this.#archive.forget(record.forgotten);
    }
  }

  #addEntry(entry: Omit<TimelineEntry, 'seq'>): void {
    const added = { seq: ++this.#seq, ...entry };
    this.#entries.push(added);
    this.#sink.add({ entry: added });
  }

  #addFrame(frame: Frame, view: SwarmView): void {
    const isKey = --this.#untilKeyframe === 0;
    if (isKey) this.#untilKeyframe = KEYFRAME;
    this.#frames.push(isKey ? { ...frame, view } : frame);
    this.#framesSize += frame.size;
  }

  /** Adds a gap, or replaces the last one with the same start. */
  #addGap(gap: Gap): void {
    const last = this.#gaps.at(-1);
    // A new list: the old one may still be in a message.
    this.#gaps = [...(last?.from === gap.from ? this.#gaps.slice(0, -1) : this.#gaps), gap];
    this.#sink.add({ gap });
  }

  /** Records the time in which nothing was recorded as a gap if it was long enough. */
  #takePause(at: number): void {
    const paused = this.#paused;
    this.#paused = null;
    if (!paused) return;
    const brief = paused.why === 'not running' ? BRIEF_RESTART_MS : BRIEF_MS;
    // After a start with an old clock, `at` is before the end of the process before until the clock is set.
    if (Math.abs(at - paused.from) >= brief)
      this.#addGap({ seq: ++this.#seq, to: null, ...paused });
  }

  /** Closes the open gap and returns its reason; null when there is none. */
  #closeGap(at: number): Gap['why'] | null {
    this.#takePause(at);
    const last = this.#gaps.at(-1);
    if (!last || last.to !== null) return null;
    this.#addGap({ ...last, to: at, seq: ++this.#seq });
    return last.why;
  }

  #endSpans(before: SwarmView, view: SwarmView, { tasks, gone }: ViewPatch, at: number): void {
    const ids = new Set([...(tasks ?? []).map(({ id }) => id), ...(gone?.tasks ?? [])]);
    if (ids.size === 0) return;
    const changed = {
      before: before.tasks.filter(({ id }) => ids.has(id)),
      after: view.tasks.filter(({ id }) => ids.has(id)),
    };
    for (const span of endedSpans(changed, view, { at, since: this.#lastAt })) {
      const added = { seq: ++this.#seq, at, span };
      this.#spans.push(added);
      this.#sink.add({ span: added });
    }
  }

  /** Moves what is older than an hour, or too much, to the archive. */
  #trim(now: number): void {
    this.#dropFuture(now);
    const oldest = now - TIMELINE_MS;
    const entries = this.#leaving(this.#entries, MAX_ENTRIES, oldest);
    this.#archive.addEntries(this.#entries.slice(0, entries));
    if (entries > 0) this.#entries = this.#entries.slice(entries);
    const spans = this.#leaving(this.#spans, MAX_SPANS, oldest);
    this.#archive.addSpans(this.#spans.slice(0, spans));
    if (spans > 0) this.#spans = this.#spans.slice(spans);
    const isOld = ({ to }: Gap) => to !== null && to < oldest;
    const gaps = Math.max(
      this.#gaps.findLastIndex((gap) => isOld(gap)) + 1,
      this.#gaps.length - MAX_ENTRIES,
    );
    this.#archive.addGaps(this.#gaps.slice(0, Math.max(0, gaps)));
    if (gaps > 0) this.#gaps = this.#gaps.slice(gaps);
    let drop = 0;
    let size = this.#framesSize;
    for (const frame of this.#frames) {
      if (frame.at >= oldest && size <= MAX_FRAMES) break;
      size -= frame.size;
      drop++;
    }
    this.#archiveFrames(drop);
    this.#archive.trim(now);
    if (this.#archivedUntil && this.#archivedUntil.at < oldest) this.#archivedUntil = null;
  }

  /**
   * An earlier process with a wrong clock may have recorded times to come. Not dropped at once: a Pi starts with an
   * old clock, which is set when it has a network.
   */
  #dropFuture(now: number): void {
    if (this.#restoredAt <= now || this.#startedAt === null) return;
    if (now - this.#startedAt < TIMELINE_MS) return;
    const isPast = (seq: number, at: number) => seq > this.#restoredSeq || at <= now;
    this.#entries = this.#entries.filter(({ seq, at }) => isPast(seq, at));
    this.#spans = this.#spans.filter(({ seq, at }) => isPast(seq, at));
    this.#gaps = this.#gaps.filter(({ from }) => from <= now);
    this.#archive.dropFuture(now, isPast);
    this.#restoredAt = Number.NEGATIVE_INFINITY;
    // Each stream receives everything again.
    this.#shifts++;
    this.#sink.replace(false);
  }

  /** How many of the first items are older than `oldest` or more than `most`; the latter is remembered. */
  #leaving(list: readonly { at: number; seq: number }[], most: number, oldest: number): number {
    const recent = list.findIndex(({ at }) => at >= oldest);
    const old = recent < 0 ? list.length : recent;
    const tooMany = list.length - most;
    if (tooMany <= old) return old;
    const last = list[tooMany - 1];
    if (last && last.at >= (this.#archivedUntil?.at ?? oldest)) {
      this.#archivedUntil = { at: last.at, seq: last.seq };
    }
    return tooMany;
  }

  /** Moves the first `count` frames to the archive; drops all frames if a patch does not match. */
  #archiveFrames(count: number): void {
    for (const frame of this.#frames.slice(0, count)) {
      if (!this.#base) break;
      const view = frame.view ?? patched(this.#base.view, frame.patch);
      if (!view) return this.#endChain();
      this.#archive.addFrame({ at: this.#base.at, view: this.#base.view }, frame);
      this.#base = { at: frame.at, view, own: frame.own };
      this.#framesSize -= frame.size;
    }
    if (count > 0) this.#frames = this.#frames.slice(count);
  }

  /** Moves all views to the archive: the next one is recorded as a whole. */
  #sealBase(): void {
    this.#archiveFrames(this.#frames.length);
    this.#endChain();
  }

  /** Drops the frames and packs the view before them, so that no later patch is added to it. */
  #endChain(): void {
    if (this.#base) {
      const { at, view, own } = this.#base;
      this.#archive.seal({ at, view }, own);
    }
    this.#base = null;
    this.#frames = [];
    this.#framesSize = 0;
  }
}

/** When a change happened that the view of `at` has and the one of `since` lacks; `time`: as the engine reports that. */
function dated(
  time: number | null,
  at: number,
  since: number,
  unseen: TimelineEntry['unseen'],
): Pick<TimelineEntry, 'at' | 'viewAt' | 'after'> {
  if (time !== null && time >= since - DATED_MS && time <= at) {
    return { at: time, viewAt: at, after: null };
  }
  const isLate = unseen !== null || at - since > DATED_MS;
  return { at, viewAt: at, after: isLate ? since : null };
}

/** Rollbacks and pauses of which the view shows nothing any more, because other changes followed. */
function missedChanges(
  before: SwarmView | null,
  view: SwarmView,
  changes: readonly SwarmChange[],
  missedStates: MissedStates,
): { change: SwarmChange; time: number }[] {
  const services = new Map(
    [...(before?.services ?? []), ...view.services].map((service) => [service.id, service]),
  );
  return [...services.values()].flatMap((service) => {
    const shown = changes.flatMap((change) =>
      change.serviceId === service.id ? shownStates(change, service) : [],
    );
    const missed = missedStates(service.id, shown);
    // What happened before the first view is not recorded.
    if (!before) return [];
    return missed.map(({ state, at }) => ({ change: missedChange(service, state), time: at }));
  });
}

/** A gap without its negative length: the clock was set back in between. */
function forwards(gap: Gap): Gap {
  return gap.to !== null && gap.to < gap.from ? { ...gap, to: gap.from } : gap;
}

/** Without a view there are no open spans. */
const NOTHING = { tasks: [], nodes: [], goneNodes: [] };

/** The view with the patch applied; null if the patch is for another view. */
function patched(view: SwarmView, patch: ViewPatch): SwarmView | null {
  try {
    return applyPatch(view, patch);
  } catch {
    return null;
  }
}
