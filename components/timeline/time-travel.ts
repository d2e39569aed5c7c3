import { useSyncExternalStore } from 'react';
import { mutate } from 'swr';
import { momentSchema, type Problem } from '@/lib/api';
import { keepSame } from '@/lib/client/keep-same';
import { KEYS, type PastView } from '@/lib/client/cache';
import { callApi } from '@/lib/client/request';
import { PastViewLoader, type TimelinePosition } from './past-views';

const UNREADABLE: Problem = {
  type: 'about:blank',
  title: 'Not understood',
  status: 200,
  kind: 'engine-error',
  detail: "The dashboard's server told of that moment in a way that this page does not know.",
  next: 'Reload the page.',
};

/** The tab's one slider: the timeline and the bar under the board move it, the board follows it. */
export const moments = new PastViewLoader(
  async (at) => {
    const result = await callApi('GET', `api/timeline?at=${at}`);
    if (!result.ok) return { problem: result.problem };
    const parsed = momentSchema.safeParse(result.data);
    return parsed.success ? parsed.data : { problem: UNREADABLE };
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
