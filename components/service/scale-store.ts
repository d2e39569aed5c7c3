import { IDLE, type ScaleRefusal, type ScaleEvent, type ScaleQueue, step } from './scale-queue';

/** Asks the engine for a number of replicas; answers null when it was taken, else why not. */
export type ScaleRequest = (serviceId: string, replicas: number) => Promise<ScaleRefusal | null>;

/** How long the engine may go on showing another number after it took ours, in milliseconds. */
export const OVERTAKEN_MS = 5_000;

/**
 * The queue of one service, apart from React: a click made just before another service was
 * chosen is still sent. Listeners are called after each change.
 */
export class ScaleStore {
  #queue: ScaleQueue = IDLE;
  #overtaken: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();
  readonly #serviceId: string;
  readonly #request: ScaleRequest;

  constructor(serviceId: string, request: ScaleRequest) {
    this.#serviceId = serviceId;
    this.#request = request;
  }

  readonly snapshot = (): ScaleQueue => this.#queue;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Takes the queue one step on, and sends what it now says is to be sent. */
  readonly dispatch = (event: ScaleEvent): void => {
    const before = this.#queue;
    const after = step(before, event);
    if (after === before) return;
    this.#queue = after;
    const answered = event.kind === 'accepted' || event.kind === 'refused';
    if (after.sending !== null && (before.sending === null || answered)) {
      void this.#send(after.sending);
    }
    this.#watch();
    for (const listener of this.#listeners) listener();
  };

  async #send(replicas: number): Promise<void> {
    const refusal = await this.#request(this.#serviceId, replicas);
    this.dispatch(refusal ? { kind: 'refused', refusal } : { kind: 'accepted' });
  }

  /** Taken, but never shown: somebody else scaled it since. */
  #watch(): void {
    clearTimeout(this.#overtaken);
    if (this.#queue.wanted === null || this.#queue.sending !== null) return;
    this.#overtaken = setTimeout(() => this.dispatch({ kind: 'overtaken' }), OVERTAKEN_MS);
  }
}
