import { alteredAnswer } from './altered-answer';
import { readProblem } from './read-json';
import type { Health } from './cache';

/** Timeout of the request for the reason (ms). */
const TIMEOUT_MS = 5000;
/** Default and maximum pause before the next attempt (s). */
const RETRY_SECONDS = 5;
const MAX_RETRY_SECONDS = 60;

/** Why the server refuses this tab's stream, and the time until the next attempt (ms). */
export interface StreamRefusal {
  problem: NonNullable<Health['problem']>;
  retryMs: number;
}

/** Something answers that is not the dashboard's stream, such as a proxy's own page. */
const FOREIGN: StreamRefusal = {
  problem: alteredAnswer('Another program answered in place of the dashboard.'),
  retryMs: RETRY_SECONDS * 1000,
};

/**
 * Requests the stream again with `fetch`, as an EventSource does not expose why it was refused. Null if the
 * server accepts it now, or returns no reason.
 */
export async function fetchRefusal(url: string): Promise<StreamRefusal | null> {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(url, { signal: stop.signal });
    const type = response.headers.get('content-type') ?? '';
    if (response.ok && !type.startsWith('text/event-stream')) return FOREIGN;
    const problem = response.ok ? null : readProblem(await response.json());
    if (!problem) return null;
    const { kind, detail, next } = problem;
    const seconds = Number(response.headers.get('retry-after')) || RETRY_SECONDS;
    return {
      problem: { kind, detail, next },
      retryMs: Math.min(seconds, MAX_RETRY_SECONDS) * 1000,
    };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    // Closes a stream that was accepted.
    stop.abort();
  }
}
