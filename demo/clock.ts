/**
 * Time for the demo swarm. Everything that waits or reads the time goes through a `DemoClock`, so that
 * tests can play sixteen seconds of missed heartbeats in a millisecond.
 */
export interface DemoClock {
  /** Milliseconds since the epoch, with a fraction where the system gives one. */
  now(): number;
  /** Calls `run` once, `ms` from now. Returns what `cancel` takes. */
  after(ms: number, run: () => void): Timer;
  /** Forgets a timer; harmless when it has run already. */
  cancel(timer: Timer | undefined): void;
}

/** A pending call, opaque to its owner. */
export interface Timer {
  readonly handle: unknown;
}

/**
 * The system's time. `speed` divides every wait (2: twice as fast), never the reading, so that
 * ages on a page stay true. Timers do not hold the process: its sockets do.
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

/** A clock that moves only when told to: the same calls in the same order every time. */
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

  /** Lets `ms` pass, running what falls due in the order of its time, then of its making. */
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

  /** Advances in small steps until `done`, at most `limit` ms. Returns how long it took. */
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
 * Go's RFC3339Nano, as the engine prints times: UTC, up to nine digits of fraction, trailing
 * zeros left out. A number holds about a quarter of a microsecond at today's dates.
 */
export function rfc3339Nano(ms: number): string {
  const seconds = Math.floor(ms / 1000);
  const micros = Math.min(999_999, Math.floor((ms - seconds * 1000) * 1000));
  const whole = new Date(seconds * 1000).toISOString().slice(0, 19);
  const fraction = String(micros).padStart(6, '0').replace(/0+$/, '');
  return fraction === '' ? `${whole}Z` : `${whole}.${fraction}Z`;
}
