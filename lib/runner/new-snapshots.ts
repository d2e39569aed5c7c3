import type { SwarmView } from '@/lib/swarm/view';
import type { MonotonicClock } from './clock';

/** Containers that a new picture did not explain, remembered so as not to ask again. */
const MAX_VAIN = 100;

/** What the asking for new pictures needs. */
export interface NewPicturesOptions {
  readonly clock: MonotonicClock;
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
  /** The picture that is still to be asked for, and the one that is being read. */
  #next: Promise<void> | null = null;
  #reading: Promise<void> | null = null;
  #askedAt = -Infinity;
  #callOff = () => {};

  constructor(options: NewPicturesOptions, take: (view: SwarmView | null) => void) {
    this.#options = options;
    this.#take = take;
  }

  /** Whether a new picture may tell what this container is. */
  mayExplain(container: string): boolean {
    return !this.#vain.has(container);
  }

  /** Something broke: the swarm may have changed. Asks for a new picture, if not just now. */
  glance(): void {
    if (this.#reading === null && this.#gap <= 0) void this.next();
  }

  /** A new picture came, or none did, and the container is still unknown. */
  didNotExplain(container: string): void {
    if (this.#vain.size < MAX_VAIN) this.#vain.add(container);
  }

  /**
   * Settles when a picture that is asked for from now on has been taken in, or there is none; never
   * rejects. It is not asked for before the last one is a while ago.
   */
  next(): Promise<void> {
    this.#next ??= this.#ask();
    return this.#next;
  }

  /** Asks for nothing more. */
  close(): void {
    this.#callOff();
  }

  /** How long it is to the next wish, in ms; 0 or less: none at all. */
  get #gap(): number {
    return this.#askedAt + this.#options.limits.refreshGapMs - this.#options.clock.now();
  }

  async #ask(): Promise<void> {
    // What is being read may have been read before the task was there.
    await this.#reading;
    if (this.#gap > 0) {
      await new Promise<void>((resolve) => {
        this.#callOff = this.#options.clock.after(this.#gap, resolve);
      });
    }
    this.#next = null;
    this.#askedAt = this.#options.clock.now();
    this.#reading = this.#read().finally(() => (this.#reading = null));
    await this.#reading;
  }

  async #read(): Promise<void> {
    try {
      this.#take(await this.#options.refresh());
    } catch {
      // The feed tells everyone that the engine is away; here the container stays unknown.
    }
  }
}
