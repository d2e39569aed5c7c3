import { countTaskFailure } from '../observe/counters';
import {
  buildView,
  memoryOf,
  NO_MEMORY,
  type ViewMemory,
  type ViewOptions,
} from '../swarm/build-view';
import type { EngineEvent } from '../swarm/engine-json';
import { EventTimes } from '../swarm/event-times';
import { failedServices } from '../swarm/failures';
import { TimeShift } from '../swarm/shift-times';
import { diffViews } from '../swarm/patch';
import type { Snapshot } from '../swarm/snapshot';
import { TimelineRecorder } from '../swarm/timeline';
import type { RecordedView } from '../swarm/history-records';
import type { Codec } from '../swarm/timeline-archive';
import type { SwarmView } from '../swarm/view';
import { publishNodeNames } from './node-names';
import { encodeMessage } from './sse';

/**
 * The latest view with its revision, and the timeline. Each message made of them is encoded
 * at most once and shared by all streams.
 */
export class EncodedView {
  readonly #options: ViewOptions;
  #memory: ViewMemory = NO_MEMORY;
  #view: SwarmView | null = null;
  #snapshot: Snapshot | null = null;
  #rev = 0;
  /** JSON of the patch from the view before to the latest; null without one. */
  #patch: string | null = null;
  #viewMessage: Uint8Array | null = null;
  #patchMessage: Uint8Array | null = null;
  /** Timeline messages up to number `seq`, by the number that they start after. */
  #timelineMessages = { seq: 0, shifts: 0, after: new Map<number | null, Uint8Array>() };

  /** An event counts only for a change that is new since (`dated` in lib/swarm/timeline.ts). */
  readonly #events = new EventTimes();
  /** The last view of the previous process, until this one has its first. */
  #restored: RecordedView | null = null;
  /** The same, as long as the process runs: its times are of an earlier clock. */
  #earlier: RecordedView | null = null;

  constructor(options: ViewOptions & { codec?: Codec }) {
    this.#options = options;
    this.timeline = new TimelineRecorder(options.codec);
  }

  /** What happened in the last day while the feed was polling. */
  readonly timeline: TimelineRecorder;

  /** Continues the history of the previous process, which ended with this view. Before the first `update`. */
  continueFrom(restored: RecordedView | null): void {
    this.#restored = this.#earlier = restored;
  }

  /** When the last view was recorded, by this process or the previous one; null without one. */
  get recordedAt(): number | null {
    return this.timeline.lastAt;
  }

  /** Remembers when a node or service changed. */
  addEvent(event: EngineEvent): void {
    this.#events.add(event);
  }

  /** The latest view; null before the first. */
  get view(): SwarmView | null {
    return this.#view;
  }

  /** The engine's lists from which the latest view was built; null before the first. */
  get snapshot(): Snapshot | null {
    return this.#snapshot;
  }

  /** Rises by one with each change of the view; 0 before the first. */
  get rev(): number {
    return this.#rev;
  }

  /** The dashboard's clock was set: all times that this process has recorded move by `ms`, and streams receive everything again. */
  shiftTimes(ms: number): void {
    const shift = new TimeShift(ms, this.#earlier);
    this.#memory = shift.memory(this.#memory);
    this.timeline.shiftTimes(shift);
    if (!this.#view) return;
    this.#view = shift.view(this.#view);
    this.#rev++;
    this.#patch = this.#viewMessage = this.#patchMessage = null;
  }

  /** Builds the view of a snapshot read at `now`. Returns whether it differs from the view before, if any. */
  update(snapshot: Snapshot, now: number): boolean {
    const restored = this.#takeRestored(snapshot);
    const { view, memory } = buildView(snapshot, this.#options, this.#memory, now);
    this.#memory = memory;
    this.#snapshot = snapshot;
    const before = this.#view;
    const recorded = before ?? restored;
    const patch = recorded && diffViews(recorded, view);
    const json = patch && JSON.stringify(patch);
    const { managerAhead } = memory;
    const ownTime = (at: number) => Math.min(now, at - managerAhead);
    this.timeline.add(
      view,
      patch,
      recorded,
      now,
      json?.length,
      (change) => {
        const at = change.time ?? this.#events.timeOf(change);
        return change.time !== null || at === null ? at : ownTime(at);
      },
      (serviceId, shown) => {
        const updatedAt = updatedAtOf(snapshot, serviceId);
        const missed = this.#events.missedStates(serviceId, updatedAt, shown);
        return missed.map((one) => ({ ...one, at: ownTime(one.at) }));
      },
    );
    if (before && !patch) return false;
    // Tasks that had failed before the first view are not counted: when they failed is unknown.
    for (const service of before ? failedServices(before, view) : []) countTaskFailure(service);
    publishNodeNames(view);
    this.#view = view;
    this.#rev++;
    this.#patch = before && json;
    this.#viewMessage = this.#patchMessage = null;
    return before !== null;
  }

  /** Starts from the last view of the previous process, unless that was of another swarm: then its history is dropped. */
  #takeRestored({ nodes }: Snapshot): SwarmView | null {
    const restored = this.#restored;
    this.#restored = null;
    if (!restored) return null;
    const ids = new Set(nodes.map(({ ID }) => ID));
    const shared = restored.view.nodes.some(({ id }) => ids.has(id));
    if (ids.size > 0 && restored.view.nodes.length > 0 && !shared) {
      this.timeline.clear();
      this.#earlier = null;
      return null;
    }
    this.#memory = memoryOf(restored.view, restored.at);
    return restored.view;
  }

  /** The message with the complete view. */
  viewMessage(): Uint8Array {
    this.#viewMessage ??= encodeMessage(
      'view',
      `{"kind":"view","rev":${this.#rev},"view":${JSON.stringify(this.#view)}}`,
    );
    return this.#viewMessage;
  }

  /** The message with the patch from the revision before to the latest; null without one. */
  patchMessage(): Uint8Array | null {
    if (this.#patch === null) return null;
    this.#patchMessage ??= encodeMessage(
      'patch',
      `{"kind":"patch","rev":${this.#rev},"patch":${this.#patch}}`,
    );
    return this.#patchMessage;
  }

  /** The message with the timeline after number `sent`; null: the whole hour. */
  timelineMessage(sent: number | null): Uint8Array {
    const { seq, shifts } = this.timeline;
    if (this.#timelineMessages.seq !== seq || this.#timelineMessages.shifts !== shifts) {
      this.#timelineMessages = { seq, shifts, after: new Map() };
    }
    const encoded = this.#timelineMessages.after.get(sent);
    if (encoded) return encoded;
    const entries = this.timeline.since(sent ?? 0);
    const message = encodeMessage(
      'timeline',
      JSON.stringify({ kind: 'timeline', reset: sent === null, ...entries }),
    );
    this.#timelineMessages.after.set(sent, message);
    return message;
  }
}

/** When a service was written last, by the manager's clock (ms): its events until then are in the snapshot. */
function updatedAtOf({ services, refused }: Snapshot, id: string): number {
  const service = services.find(({ ID }) => ID === id);
  if (service) return service.UpdatedAt;
  // One that was removed has no more states.
  return refused.reads.has('SERVICES') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
