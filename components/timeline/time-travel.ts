import { useSyncExternalStore } from 'react';
import { mutate } from 'swr';
import { keepSame } from '@/lib/client/keep-same';
import type { PastView } from '@/lib/api';
import { KEYS } from '@/lib/client/cache';
import { callApi } from '@/lib/client/request';
import { PastViewLoader, type TimelinePosition } from './past-views';

/** The tab's one slider: the timeline and the bar under the board move it, the board follows it. */
export const moments = new PastViewLoader(
  async (at) => {
    const result = await callApi<PastView>('GET', `api/timeline?at=${at}`);
    return result.ok ? result.data : { problem: result.problem };
  },
  (past) => {
    void mutate<PastView | null>(
      KEYS.past,
      (before) => past && { at: past.at, view: keepSame(before?.view, past.view) },
      { revalidate: false },
    );
  },
);

/** Where the slider stands. */
export function useMoment(): TimelinePosition {
  return useSyncExternalStore(moments.subscribe, moments.get, moments.get);
}
