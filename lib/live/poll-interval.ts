/** How often the feed looks. All in milliseconds. */

/** Between two looks at the tasks while something moves. */
const MOVING_MS = 250;
/** The same at rest; and, as long as no events tell of changes, between two looks at the lists. */
export const REST_MS = 1000;
/** After a failed look: soon enough to be back within 2 s of the engine. */
const RETRY_MS = 500;
/** Between two looks at the very least, however many events come. */
const LEAST_MS = 50;
/** The longest pause after a slow look: with the silence after it a picture never gets old unnoticed. */
const SLOW_MOST_MS = 2500;

/** A wait that can be cut short. One at a time. */
export class Pause {
  #end: (() => void) | null = null;

  /** Waits for `ms`, or until `end`. */
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

  /** Ends the wait, if there is one. */
  end(): void {
    this.#end?.();
  }
}

/** What the pause after a look depends on. */
export interface Beat {
  /** Somebody asked for a look during the last one. */
  woken: boolean;
  /** The last look gave no picture. */
  failed: boolean;
  /** Something has changed, or was asked for, a short while ago. */
  moving: boolean;
  /** How long the last look took (ms). */
  spent: number;
}

/** How long to wait until the next look (ms): a slow engine is asked less often. */
export function pauseAfter({ woken, failed, moving, spent }: Beat): number {
  if (woken) return LEAST_MS;
  if (failed) return RETRY_MS;
  const interval = moving ? MOVING_MS : REST_MS;
  return spent > interval ? Math.min(spent, SLOW_MOST_MS) : Math.max(interval - spent, LEAST_MS);
}
