import type { Answer, Run } from '@/lib/curl/run';

/**
 * Where each part of the live picture lies in the SWR cache. Separate keys, so that a component
 * renders only when the part that it reads changes.
 */
export const KEYS = {
  view: 'live/view',
  status: 'live/status',
  access: 'live/access',
  run: 'live/run',
  link: 'live/link',
  build: 'live/build',
} as const;

/** The run that everybody sees with its latest answers, oldest first. */
export interface LiveRun {
  run: Run;
  /** At most the last 200. */
  answers: readonly Answer[];
}

/**
 * This tab's connection to the dashboard's server: `lost` is between two tries, `silent` when
 * nothing at all has come for five seconds.
 */
export type Link = 'connecting' | 'open' | 'lost' | 'silent';

/** The build of the server at first, and now. They differ when it was upgraded under this tab. */
export interface Build {
  first: string;
  now: string;
}
