import { MAX_REQUESTS, type FullRunRequest } from './run';

/** The schedule of a run. */
export interface Plan {
  /** Number of requests, at most `MAX_REQUESTS`. */
  readonly planned: number;
  /** Ms between two ticks; 0 for a single request or a burst. */
  readonly intervalMs: number;
}

/**
 * The schedule for a request. A steady run is an open loop: no request waits for the one before it. A burst
 * is a closed loop: each request is sent when a place in flight is free.
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
 * When tick `index` (from 0) is due, in ms since the run's start. Computed from the start and not from the
 * previous tick, so that rounding errors do not add up.
 */
export function tickAt(plan: Plan, index: number): number {
  return index * plan.intervalMs;
}

/** A plan as text: `5/s × 30 s`, `burst of 100`, `once`. */
export function planWords({
  mode,
  rate,
  seconds,
  burst,
}: Pick<FullRunRequest, 'mode' | 'rate' | 'seconds' | 'burst'>): string {
  if (mode === 'once') return 'once';
  return mode === 'burst' ? `burst of ${burst}` : `${rate}/s × ${seconds} s`;
}
