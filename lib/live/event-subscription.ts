import type { Engine } from '../engine';

/** An event stream that ends sooner than this (ms) is no sign of a change: a proxy may refuse them all. */
const MIN_STREAM_MS = 2000;

/** Callbacks of an `EventSubscription`. */
export interface EventHandlers {
  /** Whether events arrive from now on. */
  subscribed(subscribed: boolean): void;
  /** An event arrived, or the stream ended: poll the engine. */
  event(): void;
}

/** Uses the engine's events as a signal to poll it. */
export class EventSubscription {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #handlers: EventHandlers;
  /** The signal that ends the open stream. */
  #open: AbortSignal | null = null;

  constructor(engine: Engine, now: () => number, handlers: EventHandlers) {
    this.#engine = engine;
    this.#now = now;
    this.#handlers = handlers;
  }

  /** Subscribes until `signal` aborts or the stream ends; does nothing if it is subscribed already. */
  async subscribe(signal: AbortSignal): Promise<void> {
    if (this.#open === signal) return;
    this.#open = signal;
    this.#handlers.subscribed(true);
    const startedAt = this.#now();
    try {
      await this.#engine.events(signal, () => this.#handlers.event());
    } catch {
      // Polling reports what is wrong with the engine.
    }
    // The next subscription can start before this stream has ended.
    if (this.#open !== signal) return;
    this.#open = null;
    this.#handlers.subscribed(false);
    if (!signal.aborted && Math.abs(this.#now() - startedAt) >= MIN_STREAM_MS) {
      this.#handlers.event();
    }
  }
}
