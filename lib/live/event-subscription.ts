import type { Engine, EngineError } from '../engine';
import type { EngineEvent } from '../swarm/engine-json';
import { isRefusal } from '../engine/errors';

/** Minimum lifetime (ms) of an event stream whose end starts a poll: a proxy may end every stream at once. */
const MIN_STREAM_MS = 2000;
/** Wait after a refusal (ms); and without viewers. */
const REFUSED_MS = 10_000;
const REFUSED_BACKGROUND_MS = 120_000;

/** Callbacks of an `EventSubscription`. */
export interface EventHandlers {
  /** Whether events arrive from now on. */
  subscribed(subscribed: boolean): void;
  /** The engine has ended the stream. */
  ended(): void;
  /** A proxy refuses the stream, with this error; null: it is accepted. */
  refused(error: EngineError | null): void;
  /** An event arrived, or the stream ended (null): poll the engine. */
  event(event: EngineEvent | null): void;
}

/** Uses the engine's events as a signal to poll it. */
export class EventSubscription {
  readonly #engine: Engine;
  readonly #now: () => number;
  readonly #handlers: EventHandlers;
  /** The signal that ends the open stream. */
  #open: AbortSignal | null = null;
  #refusedAt = Number.NEGATIVE_INFINITY;

  constructor(engine: Engine, now: () => number, handlers: EventHandlers) {
    this.#engine = engine;
    this.#now = now;
    this.#handlers = handlers;
  }

  /**
   * Subscribes until `signal` aborts or the stream ends; does nothing if it is subscribed already, or was refused a
   * moment ago.
   */
  async subscribe(signal: AbortSignal, background = false): Promise<void> {
    const wait = background ? REFUSED_BACKGROUND_MS : REFUSED_MS;
    if (this.#open === signal || Math.abs(this.#now() - this.#refusedAt) < wait) return;
    this.#open = signal;
    let startedAt: number | null = null;
    const onOpen = () => {
      startedAt = this.#now();
      this.#handlers.refused(null);
      this.#handlers.subscribed(true);
    };
    try {
      await this.#engine.events(signal, (event) => this.#handlers.event(event), onOpen);
    } catch (error) {
      // Polling reports what else is wrong with the engine.
      if (isRefusal(error) && !signal.aborted) this.#refuse(error);
    }
    // The next subscription can start before this stream has ended.
    if (this.#open !== signal) return;
    this.#open = null;
    if (startedAt === null) return;
    this.#handlers.subscribed(false);
    if (!signal.aborted) this.#handlers.ended();
    if (!signal.aborted && Math.abs(this.#now() - startedAt) >= MIN_STREAM_MS) {
      this.#handlers.event(null);
    }
  }

  #refuse(error: EngineError): void {
    this.#refusedAt = this.#now();
    this.#handlers.refused(error);
  }
}
