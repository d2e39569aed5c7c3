/** Subscribers are notified at least this often, so that a slow engine differs from a lost server (ms). */
const PULSE_MS = 2000;

/** The feed's subscribers. While it is started they are notified at least every two seconds. */
export class Subscribers {
  readonly #notify = new Set<() => void>();
  #started = false;
  #pulse: NodeJS.Timeout | undefined;

  get size(): number {
    return this.#notify.size;
  }

  /** Adds a subscriber; returns a function that removes it, and returns false if it was removed before. */
  add(notify: () => void): () => boolean {
    // A wrapper, so that one function subscribed twice counts twice.
    const subscriber = () => notify();
    this.#notify.add(subscriber);
    return () => this.#notify.delete(subscriber);
  }

  start(): void {
    this.#started = true;
    this.#armPulse();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#pulse);
  }

  /** Notifies all subscribers; an error of one does not affect the others. */
  notify(): void {
    this.#armPulse();
    for (const notify of this.#notify) {
      try {
        notify();
      } catch (error) {
        console.error('A live stream could not be notified:', error);
      }
    }
  }

  #armPulse(): void {
    clearTimeout(this.#pulse);
    if (this.#started) this.#pulse = setTimeout(() => this.notify(), PULSE_MS);
  }
}
