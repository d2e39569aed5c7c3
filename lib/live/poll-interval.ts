/** How often the feed polls the engine. All in milliseconds. */

/** While something changes. */
const CHANGING_MS = 250;
/** Otherwise; without events also the interval at which nodes and services are read. */
export const IDLE_POLL_MS = 1000;
/** After a failed poll: soon enough to notice within 2 s that the engine is back. */
const RETRY_MS = 500;
/** Minimum, however many events arrive. */
const MIN_MS = 50;
/**
 * Maximum from poll to poll while idle, so that a view is never too old to be live. The engine's events, whose stream
 * ends when the engine stops, start a poll at once.
 */
const MAX_IDLE_MS = 8000;
/** Maximum while something changes, or without events: limits how late a stopped engine is noticed. */
const MAX_MS = 2500;
/** Pause as a multiple of the poll's duration: while idle, polling uses at most a 20th of one core of the engine. */
const IDLE_REST = 19;
const CHANGING_REST = 2;
/** The fastest of this many polls counts, because a busy machine can delay a single one. */
const COUNTED = 4;

/** Without viewers: about every ten seconds; at the third failure in a row and later every thirty. */
const BACKGROUND_MS = 10_000;
const MAX_BACKGROUND_FAILURES = 3;

/** The pause between two polls without viewers (ms). `failures`: in a row. */
export function backgroundPause(failures: number): number {
  return BACKGROUND_MS * Math.min(MAX_BACKGROUND_FAILURES, Math.max(1, failures));
}

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
  /** Whether the engine's events arrive. */
  hasEvents: boolean;
  /** Duration of the poll (ms). */
  took: number;
}

/** Computes the pauses between polls: the more an engine's answers cost, the longer. */
export class PollInterval {
  #took: number[] = [];

  /** The pause until the next poll (ms). */
  after({ requested, failed, changing, hasEvents, took }: PollOutcome): number {
    if (failed) this.#took = [];
    else this.#took = [...this.#took, took].slice(-COUNTED);
    if (requested) return MIN_MS;
    if (failed) return RETRY_MS;
    const cost = Math.min(...this.#took);
    const [interval, rest, max] = changing
      ? [CHANGING_MS, CHANGING_REST * cost, MAX_MS]
      : [IDLE_POLL_MS, IDLE_REST * cost, hasEvents ? Math.max(MAX_IDLE_MS - cost, MAX_MS) : MAX_MS];
    return Math.max(interval - took, Math.min(rest, max), MIN_MS);
  }
}
