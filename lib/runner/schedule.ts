import { tickAt, type Plan } from '@/lib/curl/plan';
import type { MonotonicClock } from './clock';

/**
 * A tick this late (ms) is skipped. Sending it would report the dashboard's own stall as the service's
 * latency, and several late ticks as a burst.
 */
const LATE_MS = 100;

/**
 * Ticks at most this late (ms) are sent even if the next one is due too: at 100/s a garbage collection
 * takes longer than the interval. Their lateness is part of their latency.
 */
const TOGETHER_MS = 25;

/** Callbacks of a schedule. */
export interface ScheduleEvents {
  /** A tick is due now; `at` is its time in milliseconds since the start. */
  tick(at: number): void;
  /** A tick is too late because the process was busy; `at` is its time. */
  skip(at: number): void;
  /** Called after the last tick. */
  end(): void;
}

/** A started schedule. */
export interface Schedule {
  /** The clock's `now` at tick 0. */
  readonly startedAt: number;
  /** No callback follows. */
  stop(): void;
}

/**
 * Calls `tick` for each tick of a plan when it is due: an open loop on a monotonic clock, independent of
 * how the requests end. The first tick is called before this returns.
 */
export function startSchedule(
  plan: Plan,
  clock: MonotonicClock,
  events: ScheduleEvents,
  startedAt: number = clock.now(),
): Schedule {
  let next = 0;
  let stopped = false;
  let cancelTimer = () => {};

  const lastDue = (elapsed: number) => {
    if (plan.intervalMs === 0) return plan.planned - 1;
    // The tolerance is for due times that rounding put above the clock.
    return Math.min(plan.planned - 1, Math.floor((elapsed + 1e-6) / plan.intervalMs));
  };

  const wake = () => {
    const elapsed = clock.now() - startedAt;
    const due = lastDue(elapsed);
    if (due >= next) {
      const isLate = (index: number) =>
        elapsed - tickAt(plan, index) > (index === due ? LATE_MS : TOGETHER_MS);
      while (next <= due && isLate(next)) {
        next += 1;
        events.skip(tickAt(plan, next - 1));
      }
      while (next <= due) {
        if (stopped) return;
        next += 1;
        events.tick(tickAt(plan, next - 1));
      }
    }
    if (stopped) return;
    if (next >= plan.planned) {
      stopped = true;
      events.end();
      return;
    }
    cancelTimer = clock.after(tickAt(plan, next) - (clock.now() - startedAt), wake);
  };

  wake();
  return {
    startedAt,
    stop() {
      stopped = true;
      cancelTimer();
    },
  };
}
