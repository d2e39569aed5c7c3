import { useEffect, useMemo, useSyncExternalStore } from 'react';
import type { TimelineNews } from '@/lib/swarm/timeline';
import { serverNow } from '@/lib/client/clock';
import type { TimelineHistory } from '@/lib/client/cache';
import { useFromNow, useTimeline } from '@/lib/client/hooks';
import { callApi } from '@/lib/client/request';
import { liveStart, OlderHistoryLoader, withOlder } from './older-history';

/** One per tab. */
const loader = new OlderHistoryLoader((from, to) =>
  callApi<TimelineNews>('GET', `api/timeline?from=${from}&to=${to}`),
);

/** The timeline, as far back as it was loaded; null before it was received. */
export function useHistory(): TimelineHistory | null {
  const live = useTimeline();
  const older = useSyncExternalStore(loader.subscribe, loader.get, loader.get);
  return useMemo(() => live && withOlder(live, older), [live, older]);
}

/** Loads the timeline from `from` on (ms) where the live part does not have it. Returns what is missing, in words. */
export function useLoadHistory(from: number): string | null {
  const live = useTimeline();
  const older = useSyncExternalStore(loader.subscribe, loader.get, loader.get);
  const problem = useSyncExternalStore(loader.subscribe, loader.problem, loader.problem);
  useEffect(() => {
    if (live) void loader.need(from, live, serverNow());
  }, [from, live]);
  const isLive = useFromNow((now) => live === null || from >= liveStart(live, now));
  if (isLive || (older !== null && older.from <= from)) return null;
  return problem ?? 'Loading …';
}
