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

  /** Moves on, calling back what falls due on the way, in its order and at its time. */
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

  /** Moves on without calling anything back, as when the process is busy with something else. */
  stall(ms: number): void {
    this.#now += ms;
  }

  /** Sets the wall clock by so much, as NTP does; what goes forward only goes on. */
  setWall(ms: number): void {
    this.#wall += ms;
  }

  /** How many callbacks are still to come. */
  get pending(): number {
    return this.#timers.length;
  }

  #drop(timer: { at: number; callback: () => void }): void {
    this.#timers = this.#timers.filter((other) => other !== timer);
  }
}
