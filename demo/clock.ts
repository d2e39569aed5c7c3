/**
 * Time for the demo swarm. All waiting and reading of the time goes through a `DemoClock`, so that
 * tests can run sixteen seconds of missed heartbeats in a millisecond.
 */
export interface DemoClock {
  /** Milliseconds since the epoch, with a fraction. */
  now(): number;
  /** Calls `run` once, `ms` from now. Returns the timer for `cancel`. */
  after(ms: number, run: () => void): Timer;
  /** Cancels a timer; does nothing if it has already run. */
  cancel(timer: Timer | undefined): void;
}

/** A pending call. */
export interface Timer {
  readonly handle: unknown;
}

/**
 * The system's time. `speed` divides every delay (2: twice as fast) but does not change `now`, so
 * that ages on the page stay correct. Timers do not keep the process alive; its sockets do.
 */
export function realClock(speed = 1): DemoClock {
  return {
    now: () => performance.timeOrigin + performance.now(),
    after(ms, run) {
      const handle = setTimeout(run, ms / speed);
      handle.unref();
      return { handle };
    },
    cancel(timer) {
      if (timer) clearTimeout(timer.handle as NodeJS.Timeout);
    },
  };
}

interface Due {
  at: number;
  order: number;
  run: () => void;
}

/** A clock that only `advance` moves, which makes the order of calls deterministic. */
export class ScriptedClock implements DemoClock {
  private due: Due[] = [];
  private order = 0;

  constructor(private time = Date.UTC(2026, 0, 1, 12, 0, 0)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): Timer {
    const handle: Due = { at: this.time + Math.max(0, ms), order: this.order++, run };
    this.due.push(handle);
    return { handle };
  }

  cancel(timer: Timer | undefined): void {
    this.due = this.due.filter((due) => due !== timer?.handle);
  }

  /** Advances by `ms` and runs the timers that are due, by time and then by order of creation. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.next(end);
      if (!next) break;
      this.due.splice(this.due.indexOf(next), 1);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }

  /** Advances in small steps until `done`, at most `limit` ms. Returns the milliseconds it took. */
  until(done: () => boolean, limit = 120_000, step = 10): number {
    const start = this.time;
    while (!done()) {
      if (this.time - start >= limit) throw new Error(`not reached within ${limit} ms`);
      this.advance(step);
    }
    return this.time - start;
  }

  private next(end: number): Due | undefined {
    let next: Due | undefined;
    for (const due of this.due) {
      if (due.at > end) continue;
      if (!next || due.at < next.at || (due.at === next.at && due.order < next.order)) next = due;
    }
    return next;
  }
}

/**
 * Formats a time as the engine does (Go's RFC3339Nano): UTC, without trailing zeros in the fraction.
 * Six digits of it, because a number is precise to about a quarter of a microsecond.
 */
export function rfc3339Nano(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const micros = Math.min(999_999, Math.floor((ms - seconds * 1000) * 1000));
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = String(micros).padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}
