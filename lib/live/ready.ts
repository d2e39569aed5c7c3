import type { ProblemKind } from '../api';
import type { Feed } from './feed';
import { streamsClosed } from './sse';

/** Without a watcher, scrapes and probes together make at most one look in this time (ms). */
export const SCRAPE_LOOK_MS = 5000;
/** A picture of this age is good enough to be ready (ms): an engine that restarts is back sooner. */
const READY_MS = 10_000;
/** A probe waits no longer for a look (ms). */
const PROBE_WAIT_MS = 2000;

/**
 * Why the dashboard cannot show the swarm now, as a problem's kind; null when it can: it has a picture
 * of the last 10 s, or gets one within 2 s. Probes share a look.
 */
export async function whyNotReady(feed: Feed, now = Date.now): Promise<ProblemKind | null> {
  if (streamsClosed()) return 'restarting';
  await feed.lookIfOlder(SCRAPE_LOOK_MS, PROBE_WAIT_MS);
  const { at, error } = feed.status();
  // A clock that is set back does not make a picture new.
  if (at !== null && Math.abs(now() - at) < READY_MS) return null;
  const kind = error?.kind ?? 'engine-timeout';
  return kind === 'out-of-sequence' ? 'conflict' : kind;
}
