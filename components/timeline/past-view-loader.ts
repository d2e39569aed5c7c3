import type { ShownProblem } from '@/lib/client/request';
import type { PastView } from '@/lib/api';
import { windowEndFor, ZOOMS } from './time-window';

/** Position of the time slider, and the result of loading the view at that time. */
export interface TimelinePosition {
  /** The chosen time (ms); null: live. */
  at: number | null;
  /** End of the chart's time window while `at` is set: the window must not move during a drag. */
  end: number;
  /** When the live view was left: later entries count as new. */
  leftAt: number;
  /** Length of the chart's time window (ms). */
  zoom: number;
  /** When the loaded view was recorded; null until it is loaded. */
  viewAt: number | null;
  /** Why no view could be loaded for `at`. */
  problem: ShownProblem | null;
}

/** The server's response: the view and when it was recorded, or why there is none. */
export type PastViewResult = PastView | { problem: ShownProblem };

/** Minimum pause between two requests (ms), however fast the slider moves. */
const REQUEST_PAUSE_MS = 80;
/** A view of the last seconds can still change: the server may not have polled since. */
const SETTLED_AFTER_MS = 2000;
const CACHED_VIEWS = 60;
const LARGE_VIEW_TASKS = 1000;
const CACHED_LARGE_VIEWS = 6;

const LIVE: TimelinePosition = {
  at: null,
  end: 0,
  leftAt: 0,
  zoom: ZOOMS[0],
  viewAt: null,
  problem: null,
};

/**
 * Loads the view at the time chosen last, one request at a time, and shows it. `load` must not
 * throw; `show` receives null for the live view.
 */
export class PastViewLoader {
  #position: TimelinePosition = LIVE;
  readonly #cache = new Map<number, PastView>();
  readonly #listeners = new Set<() => void>();
  #loading = false;

  constructor(
    private readonly load: (at: number) => Promise<PastViewResult>,
    private readonly show: (past: PastView | null) => void,
    private readonly pause: (ms: number) => Promise<void> = (ms) =>
      new Promise((resolve) => setTimeout(resolve, ms)),
  ) {}

  /** Returns the same object until the position changes. */
  readonly get = (): TimelinePosition => this.#position;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Shows the view at `at`. Both times are of the server's clock. */
  goTo(at: number, now: number): void {
    const { zoom, at: previous, end } = this.#position;
    const wasLive = previous === null;
    this.#update({
      at: Math.round(at),
      end: windowEndFor(at, zoom, wasLive ? now : end, now),
      problem: null,
      ...(wasLive && { leftAt: now }),
    });
    void this.#loadLatest(now);
  }

  /** Shows the live view again, without a request. */
  backToNow(): void {
    this.#update({ at: null, viewAt: null, problem: null });
    this.show(null);
  }

  setZoom(zoom: number, now: number): void {
    const { at, end } = this.#position;
    this.#update({ zoom, ...(at !== null && { end: windowEndFor(at, zoom, end, now) }) });
  }

  /** Loads until the view that is shown is the one of the time chosen last. */
  async #loadLatest(now: number): Promise<void> {
    if (this.#loading) return;
    this.#loading = true;
    let loaded: number | null = null;
    for (let { at } = this.#position; at !== null && at !== loaded; { at } = this.#position) {
      const cached = this.#cache.get(at);
      const result = cached ?? (await this.load(at));
      loaded = at;
      if (this.#position.at === null) break;
      if ('problem' in result) this.#update({ problem: result.problem });
      else {
        if (!cached && at < now - SETTLED_AFTER_MS) this.#addToCache(at, result);
        this.#update({ viewAt: result.at, problem: null });
        this.show({ at, view: result.view });
      }
      if (!cached) await this.pause(REQUEST_PAUSE_MS);
    }
    this.#loading = false;
  }

  #addToCache(at: number, result: PastView): void {
    this.#cache.set(at, result);
    const max = result.view.tasks.length > LARGE_VIEW_TASKS ? CACHED_LARGE_VIEWS : CACHED_VIEWS;
    for (const oldest of this.#cache.keys()) {
      if (this.#cache.size <= max) break;
      this.#cache.delete(oldest);
    }
  }

  #update(change: Partial<TimelinePosition>): void {
    this.#position = { ...this.#position, ...change };
    for (const listener of this.#listeners) listener();
  }
}
