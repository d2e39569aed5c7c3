import { slotAt, type Plan } from '@/lib/curl/plan';
import type { MonotonicClock } from './clock';

/**
 * A slot that is found this much late (milliseconds) is skipped. Firing it would show the
 * dashboard's own stall as the service's latency, and two slots together as a burst.
 */
const LATE_MS = 100;

/**
 * Slots that are found at most this much late are fired, though the next one is due as well: at
 * 100/s a collection of garbage is longer than the gap between two slots. Their lateness counts in
 * their latency.
 */
const TOGETHER_MS = 25;

/** What a schedule tells. */
export interface ScheduleEvents {
  /** A slot is due now; `at` is its time in milliseconds since the start. */
  slot(at: number): void;
  /** A slot went by unseen while the process was busy; `at` is its time. */
  skip(at: number): void;
  /** The last slot has been told. */
  end(): void;
}

/** A schedule that goes. */
export interface Schedule {
  /** The clock's `now` at slot 0. */
  readonly startedAt: number;
  /** Tells nothing more. */
  stop(): void;
}

/**
 * Tells the slots of a plan when they are due: an open loop on a clock that never goes back,
 * blind to what becomes of the requests. The first slot is told before this returns.
 */
export function startSchedule(
  plan: Plan,
  clock: MonotonicClock,
  events: ScheduleEvents,
  startedAt: number = clock.now(),
): Schedule {
  let next = 0;
  let stopped = false;
  let callOff = () => {};

  const lastDue = (elapsed: number) => {
    if (plan.intervalMs === 0) return plan.planned - 1;
    // The millionth of a millisecond forgives a due time that rounding put above the clock.
    return Math.min(plan.planned - 1, Math.floor((elapsed + 1e-6) / plan.intervalMs));
  };

  const wake = () => {
    const elapsed = clock.now() - startedAt;
    const due = lastDue(elapsed);
    if (due >= next) {
      const isLate = (index: number) =>
        elapsed - slotAt(plan, index) > (index === due ? LATE_MS : TOGETHER_MS);
      while (next <= due && isLate(next)) {
        next += 1;
        events.skip(slotAt(plan, next - 1));
      }
      while (next <= due) {
        if (stopped) return;
        next += 1;
        events.slot(slotAt(plan, next - 1));
      }
    }
    if (stopped) return;
    if (next >= plan.planned) {
      stopped = true;
      events.end();
      return;
    }
    callOff = clock.after(slotAt(plan, next) - (clock.now() - startedAt), wake);
  };

  wake();
  return {
    startedAt,
    stop() {
      stopped = true;
      callOff();
    },
  };
}
