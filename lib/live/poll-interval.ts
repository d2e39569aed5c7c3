/** How often the feed polls the engine. All in milliseconds. */

/** While something changes. */
const CHANGING_MS = 250;
/** Otherwise; without events also the interval at which nodes and services are read. */
export const IDLE_POLL_MS = 1000;
/** After a failed poll: soon enough to notice within 2 s that the engine is back. */
const RETRY_MS = 500;
/** Minimum, however many events arrive. */
const MIN_MS = 50;
/** Maximum after a slow poll: with the timeout that follows, the view is marked stale in time. */
const MAX_MS = 2500;

/** A wait that can be ended early. One at a time. */
export class Pause {
  #end: (() => void) | null = null;

  /** Resolves after `ms`, or on `end`. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#end = null;
        resolve();
      };
      const timer = setTimeout(done, ms);
      this.#end = done;
    });
  }

  /** Ends the current wait, if any. */
  end(): void {
    this.#end?.();
  }
}

/** What the pause after a poll depends on. */
export interface PollOutcome {
  /** Another poll was requested during this one. */
  requested: boolean;
  failed: boolean;
  /** Something changed, or a change was requested, recently. */
  changing: boolean;
  /** Duration of the poll (ms). */
  took: number;
}

/** The pause until the next poll (ms). A slow engine is polled less often. */
export function pauseAfter({ requested, failed, changing, took }: PollOutcome): number {
  if (requested) return MIN_MS;
  if (failed) return RETRY_MS;
  const interval = changing ? CHANGING_MS : IDLE_POLL_MS;
  return took > interval ? Math.min(took, MAX_MS) : Math.max(interval - took, MIN_MS);
}
