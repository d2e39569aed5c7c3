import type { SwarmView } from '@/lib/swarm/view';
import type { MonotonicClock } from './clock';

/** How many containers that a refresh did not identify are remembered, so as not to refresh for them again. */
const MAX_FAILED_LOOKUPS = 100;

/** What a refresher needs. */
export interface SnapshotRefresherOptions {
  readonly clock: MonotonicClock;
  readonly limits: {
    /** Minimum time between two refreshes, in ms. */
    readonly refreshGapMs: number;
  };
  /** Reads the swarm now; null when there is no view. */
  refresh(): Promise<SwarmView | null>;
}

/**
 * Refreshes the view when an answer came from a container that the view does not have: a task can
 * answer before the next poll. A service that invents names must not make the dashboard hammer the
 * engine, so refreshes are rate-limited, and there is never a second one for the same container.
 */
export class SnapshotRefresher {
  readonly #options: SnapshotRefresherOptions;
  readonly #apply: (view: SwarmView | null) => void;
  readonly #failedLookups = new Set<string>();
  /** The refresh that has not started yet, and the one in progress. */
  #next: Promise<void> | null = null;
  #reading: Promise<void> | null = null;
  #startedAt = -Infinity;
  #cancelTimer = () => {};

  constructor(options: SnapshotRefresherOptions, apply: (view: SwarmView | null) => void) {
    this.#options = options;
    this.#apply = apply;
  }

  /** False for a container that an earlier refresh did not identify. */
  canIdentify(container: string): boolean {
    return !this.#failedLookups.has(container);
  }

  /** Refreshes after a failure, as the swarm may have changed, unless one was made just now. */
  refreshIfIdle(): void {
    if (this.#reading === null && this.#gap <= 0) void this.refresh();
  }

  /** Remembers a container that is still unknown after a refresh. */
  addFailedLookup(container: string): void {
    if (this.#failedLookups.size < MAX_FAILED_LOOKUPS) this.#failedLookups.add(container);
  }

  /**
   * Resolves when a refresh that starts from now on has been applied or has failed; never rejects. It
   * starts `refreshGapMs` after the last one.
   */
  refresh(): Promise<void> {
    this.#next ??= this.#refresh();
    return this.#next;
  }

  /** Cancels a refresh that has not started. */
  close(): void {
    this.#cancelTimer();
  }

  /** Time until the next refresh may start, in ms; 0 or less: now. */
  get #gap(): number {
    return this.#startedAt + this.#options.limits.refreshGapMs - this.#options.clock.now();
  }

  async #refresh(): Promise<void> {
    // A refresh in progress may have been answered before the task existed.
    await this.#reading;
    if (this.#gap > 0) {
      await new Promise<void>((resolve) => {
        this.#cancelTimer = this.#options.clock.after(this.#gap, resolve);
      });
    }
    this.#next = null;
    this.#startedAt = this.#options.clock.now();
    this.#reading = this.#read().finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.#apply(await this.#options.refresh());
    } catch {
      // The feed reports that the engine is unreachable; here the container stays unknown.
    }
  }
}
