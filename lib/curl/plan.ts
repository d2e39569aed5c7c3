import { MAX_REQUESTS, type FullRunRequest } from './run';

/** When each request of a run is due. */
export interface Plan {
  /** How many requests there are to be: at most `MAX_REQUESTS`. */
  readonly planned: number;
  /** Milliseconds from one slot to the next; 0 when all are due at once: one, or a burst. */
  readonly intervalMs: number;
}

/**
 * The schedule of a run: an open loop, in which no request waits for the one before it. A burst has
 * none: each of its requests leaves as soon as there is a place for it.
 */
export function planOf(request: Pick<FullRunRequest, 'mode' | 'rate' | 'seconds' | 'burst'>): Plan {
  if (request.mode === 'once') return { planned: 1, intervalMs: 0 };
  if (request.mode === 'burst') {
    return { planned: Math.min(request.burst, MAX_REQUESTS), intervalMs: 0 };
  }
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

/** A plan as people read it: `5/s × 30 s`, `burst of 100`, `once`. */
export function planWords({
  mode,
  rate,
  seconds,
  burst,
}: Pick<FullRunRequest, 'mode' | 'rate' | 'seconds' | 'burst'>): string {
  if (mode === 'once') return 'once';
  return mode === 'burst' ? `burst of ${burst}` : `${rate}/s × ${seconds} s`;
}
