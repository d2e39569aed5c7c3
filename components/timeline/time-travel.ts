import { useSyncExternalStore } from 'react';
import { keepSame } from '@/lib/client/keep-same';
import type { PastView } from '@/lib/api';
import { liveCache } from '@/lib/client/cache';
import { setParameter } from '@/lib/client/page-address';
import { callApi } from '@/lib/client/request';
import { timeParameter } from './linked-time';
import { PastViewLoader, type TimelinePosition } from './past-view-loader';

/** One per tab: the timeline and the bar below the board set it, the board follows. */
export const timeTravel = new PastViewLoader(
  async (at) => {
    const result = await callApi<PastView>('GET', `api/timeline?at=${at}`);
    return result.ok ? result.data : { problem: result.problem };
  },
  (past) => {
    liveCache.update(
      'past',
      (before) => past && { at: past.at, view: keepSame(before?.view, past.view) },
    );
  },
);

// The page's address holds the time, so that a link opens it.
timeTravel.subscribe(() => {
  const { at } = timeTravel.get();
  setParameter('time', at === null ? null : timeParameter(at));
});

export function useTimelinePosition(): TimelinePosition {
  return useSyncExternalStore(timeTravel.subscribe, timeTravel.get, timeTravel.get);
}
