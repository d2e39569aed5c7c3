import type { SwarmView } from '@/lib/swarm/view';
import type { Clock } from './clock';

/** Containers that a new picture did not explain, remembered so as not to ask again. */
const MAX_VAIN = 100;

/** What the asking for new pictures needs. */
export interface NewPicturesOptions {
  readonly clock: Clock;
  readonly limits: {
    /** The least time between two wishes for a new picture, milliseconds. */
    readonly refreshGapMs: number;
  };
  /** Reads a new picture from the engine. */
  refresh(): Promise<SwarmView | null>;
}

/**
 * Asks for a new picture when an answer came from a container that the present one lacks: a task
 * can answer before the next look at the engine. A service that makes its names up must not make
 * the dashboard hammer the engine, so it asks seldom, and never twice for one name.
 */
export class NewPictures {
  readonly #options: NewPicturesOptions;
  readonly #take: (view: SwarmView | null) => void;
  readonly #vain = new Set<string>();
  #asking: Promise<void> | null = null;
  #askedAt = -Infinity;

  constructor(options: NewPicturesOptions, take: (view: SwarmView | null) => void) {
    this.#options = options;
    this.#take = take;
  }

  /** Whether a new picture may tell what this container is, and may be asked for now. */
  mayExplain(container: string): boolean {
    if (this.#vain.has(container)) return false;
    const gap = this.#options.clock.now() - this.#askedAt;
    return this.#asking !== null || gap >= this.#options.limits.refreshGapMs;
  }

  /** Something broke: the swarm may have changed. Asks for a new picture, if not just now. */
  glance(): void {
    const gap = this.#options.clock.now() - this.#askedAt;
    if (this.#asking === null && gap >= this.#options.limits.refreshGapMs) void this.next();
  }

  /** A new picture came, or none did, and the container is still unknown. */
  didNotExplain(container: string): void {
    if (this.#vain.size < MAX_VAIN) this.#vain.add(container);
  }

  /** Settles when the next picture has been taken in, or there is none; never rejects. */
  next(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => (this.#asking = null));
    return this.#asking;
  }

  async #ask(): Promise<void> {
    this.#askedAt = this.#options.clock.now();
    try {
      this.#take(await this.#options.refresh());
    } catch {
      // The feed tells everyone that the engine is away; here the container stays unknown.
    }
  }
}
