import { MAX_REQUESTS, type FullRunRequest } from './run';

/** When each request of a run is due. */
export interface Plan {
  /** How many slots the schedule has: at most `MAX_REQUESTS`. */
  readonly planned: number;
  /** Milliseconds from one slot to the next; 0 for a single request. */
  readonly intervalMs: number;
}

/** The schedule of a run: an open loop, in which no request waits for the one before it. */
export function planOf(request: Pick<FullRunRequest, 'mode' | 'rate' | 'seconds'>): Plan {
  if (request.mode === 'once') return { planned: 1, intervalMs: 0 };
  return {
    planned: Math.min(request.rate * request.seconds, MAX_REQUESTS),
    intervalMs: 1000 / request.rate,
  };
}

/**
 * When slot `index` (from 0) is due, in milliseconds since the run's start. Reckoned from the
 * start and not from the slot before, so that rounding never adds up to a drift.
 */
export function slotAt(plan: Plan, index: number): number {
  return index * plan.intervalMs;
}
