import type { MonotonicClock } from '@/lib/runner/clock';

/** A clock that a test advances. */
export class FakeClock implements MonotonicClock {
  #now = 0;
  #wall = 1_700_000_000_000;
  #timers: { at: number; callback: () => void }[] = [];

  now(): number {
    return this.#now;
  }

  wall(): number {
    return this.#wall + this.#now;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.#now + Math.max(0, ms), callback };
    this.#timers.push(timer);
    return () => this.#drop(timer);
  }

  /** Advances the clock and runs due callbacks in order, each at its time. */
  advance(ms: number): void {
    const until = this.#now + ms;
    for (;;) {
      const [next] = this.#timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at);
      if (!next) break;
      this.#drop(next);
      this.#now = Math.max(this.#now, next.at);
      next.callback();
    }
    this.#now = until;
  }

  /** Advances the clock without running callbacks, as when the event loop is blocked. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Adjusts the wall clock, as NTP does; the monotonic clock is unchanged. */
  setWall(ms: number): void {
    this.#wall += ms;
  }

  /** Number of pending callbacks. */
  get pending(): number {
    return this.#timers.length;
  }

  #drop(timer: { at: number; callback: () => void }): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}
