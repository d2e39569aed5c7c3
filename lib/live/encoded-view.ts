import { countTaskFailure } from '../observe/counters';
import { buildView, NO_MEMORY, type ViewMemory, type ViewOptions } from '../swarm/build-view';
import { failedServices } from '../swarm/failures';
import { diffViews } from '../swarm/patch';
import type { Snapshot } from '../swarm/snapshot';
import { TimelineRecorder } from '../swarm/timeline';
import type { SwarmView } from '../swarm/view';
import { publishNodeNames } from './node-names';
import { encodeMessage } from './sse';

/**
 * What is known of the swarm: the present view with its revision, and the last hour. What viewers
 * are sent of it is encoded at most once, and they all share those bytes.
 */
export class EncodedView {
  readonly #options: ViewOptions;
  #memory: ViewMemory = NO_MEMORY;
  #view: SwarmView | null = null;
  #rev = 0;
  /** JSON of the patch that led to the present view; null when nothing did. */
  #patch: string | null = null;
  #whole: Uint8Array | null = null;
  #step: Uint8Array | null = null;
  /** What comes after `sent` in a timeline whose newest number is `seq`. */
  #news = { seq: 0, after: new Map<number | null, Uint8Array>() };

  constructor(options: ViewOptions) {
    this.#options = options;
  }

  /** What happened in the last hour, as far as somebody watched. */
  readonly timeline = new TimelineRecorder();

  /** The latest view; null before the first. */
  get view(): SwarmView | null {
    return this.#view;
  }

  /** Rises by one with each change of the view; 0 before the first. */
  get rev(): number {
    return this.#rev;
  }

  /** Takes what was seen at `now`. Returns whether a view that there was has changed. */
  take(snapshot: Snapshot, now: number): boolean {
    const { view, memory } = buildView(snapshot, this.#options, this.#memory, now);
    this.#memory = memory;
    const before = this.#view;
    const patch = before && diffViews(before, view);
    const json = patch && JSON.stringify(patch);
    this.timeline.add(view, patch, before, now, json?.length);
    if (before && !patch) return false;
    // What had failed before the first look was not seen to fail.
    for (const service of before ? failedServices(before, view) : []) countTaskFailure(service);
    publishNodeNames(view.nodes);
    this.#view = view;
    this.#rev++;
    this.#patch = json;
    this.#whole = this.#step = null;
    return before !== null;
  }

  /** The whole view as a message. */
  viewMessage(): Uint8Array {
    this.#whole ??= encodeMessage(
      'view',
      `{"kind":"view","rev":${this.#rev},"view":${JSON.stringify(this.#view)}}`,
    );
    return this.#whole;
  }

  /** What leads from the revision before to the present one as a message; null when nothing does. */
  patchMessage(): Uint8Array | null {
    if (this.#patch === null) return null;
    this.#step ??= encodeMessage(
      'patch',
      `{"kind":"patch","rev":${this.#rev},"patch":${this.#patch}}`,
    );
    return this.#step;
  }

  /** What has happened since number `sent` of the timeline as a message; null: the whole hour. */
  timelineMessage(sent: number | null): Uint8Array {
    const { seq } = this.timeline;
    if (this.#news.seq !== seq) this.#news = { seq, after: new Map() };
    const known = this.#news.after.get(sent);
    if (known) return known;
    const news = this.timeline.since(sent ?? 0);
    const message = encodeMessage(
      'timeline',
      JSON.stringify({ kind: 'timeline', reset: sent === null, ...news }),
    );
    this.#news.after.set(sent, message);
    return message;
  }
}
