import type { ProblemKind } from '../api';
import type { Feed } from './feed';
import { streamsClosed } from './sse';

/** Without subscribers, scrapes and probes together poll at most once in this time (ms). */
export const SCRAPE_MAX_AGE_MS = 5000;
/** Maximum age of a view with which the dashboard is ready (ms): an engine restarts in less. */
const READY_MAX_AGE_MS = 10_000;
/** Maximum time that a probe waits for a poll (ms). */
const PROBE_WAIT_MS = 2000;

/**
 * Why the dashboard cannot show the swarm now, as a problem's kind; null when it can: it has a view of the
 * last 10 s, or gets one within 2 s. Probes share a poll.
 */
export async function whyNotReady(feed: Feed, now = Date.now): Promise<ProblemKind | null> {
  if (streamsClosed()) return 'restarting';
  await feed.pollIfOlder(SCRAPE_MAX_AGE_MS, PROBE_WAIT_MS);
  const { at, error } = feed.status();
  // Absolute: the clock may have been set back.
  if (at !== null && Math.abs(now() - at) < READY_MAX_AGE_MS) return null;
  const kind = error?.kind ?? 'engine-timeout';
  return kind === 'out-of-sequence' ? 'conflict' : kind;
}
