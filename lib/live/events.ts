import type { Engine } from '../engine';

/** An event stream that ends sooner than this (ms) says nothing: a proxy may refuse them all. */
const STREAM_MS = 2000;

/** What becomes of what is heard. */
export interface EventHandlers {
  /** Whether events are heard from now on. */
  hearing(hearing: boolean): void;
  /** Something happened, if only that the stream ended: look. */
  event(): void;
}

/** Takes the engine's events as a wake-up. */
export class EventSubscription {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #heard: EventHandlers;
  /** What ends the stream that is open. */
  #open: AbortSignal | null = null;

  constructor(engine: Engine, now: () => number, heard: EventHandlers) {
    this.#engine = engine;
    this.#now = now;
    this.#heard = heard;
  }

  /** Listens until `signal` aborts or the stream ends; does nothing while it does so already. */
  async listen(signal: AbortSignal): Promise<void> {
    if (this.#open === signal) return;
    this.#open = signal;
    this.#heard.hearing(true);
    const began = this.#now();
    try {
      await this.#engine.events(signal, () => this.#heard.event());
    } catch {
      // The looks themselves report what is wrong with the engine.
    }
    // Somebody else may have begun to listen before this stream had ended.
    if (this.#open !== signal) return;
    this.#open = null;
    this.#heard.hearing(false);
    if (!signal.aborted && Math.abs(this.#now() - began) >= STREAM_MS) this.#heard.event();
  }
}
