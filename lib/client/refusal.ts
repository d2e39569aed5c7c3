import { readProblem } from './request';
import type { Health } from './cache';

/** Deadline of the request for the reason (ms). */
const ANSWER_MS = 5000;
/** Waits before the next try where the server names none, and at most (s). */
const RETRY_SECONDS = 5;
const MOST_SECONDS = 60;

/** Why the server refuses this tab's stream, and the time until the next attempt (ms). */
export interface StreamRefusal {
  problem: NonNullable<Health['problem']>;
  retryMs: number;
}

/**
 * Asks why an EventSource was refused, which does not say so itself. Null when the server would open the
 * stream now, or gives no reason.
 */
export async function askWhyRefused(url: string): Promise<StreamRefusal | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), ANSWER_MS);
  try {
    const response = await fetch(url, { signal: stop.signal });
    const problem = response.ok ? null : readProblem(await response.json());
    if (!problem) return null;
    const { kind, detail, next } = problem;
    const seconds = Number(response.headers.get('retry-after')) || RETRY_SECONDS;
    return { problem: { kind, detail, next }, retryMs: Math.min(seconds, MOST_SECONDS) * 1000 };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    // A stream that was opened after all.
    stop.abort();
  }
}
