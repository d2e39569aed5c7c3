import type { Status } from '@/lib/api';
import type { Answer, Run, Second } from '@/lib/curl/run';
import type { Gap, Span, TimelineEntry } from '@/lib/swarm/timeline-schemas';

/**
 * Keys of the live data in the SWR cache. Separate ones, so that a component renders only when the part that it
 * reads changes.
 */
export const KEYS = {
  view: 'live/view',
  health: 'live/health',
  viewAge: 'live/view-age',
  access: 'live/access',
  command: 'live/command',
  maxReplicas: 'live/max-replicas',
  run: 'live/run',
  timeline: 'live/timeline',
  past: 'live/past',
  link: 'live/link',
  upgraded: 'live/upgraded',
} as const;

/** The part of the server's status that rarely changes; `kind` includes problems that only the tab has. */
export interface Health {
  state: Status['state'];
  problem: { kind: string; detail: string; next?: string | undefined } | null;
}
/** The part that always changes: the times of the last poll and of the status. */
export type ViewAge = Pick<Status, 'at' | 'now'>;

export function healthOf({ state, problem }: Status): Health {
  return { state, problem };
}

export function viewAgeOf({ at, now }: Status): ViewAge {
  return { at, now };
}

/** The shared run with its latest answers, oldest first. */
export interface LiveRun {
  run: Run;
  /** At most the last 600. */
  answers: readonly Answer[];
  /** Second by second, ascending; at most the last 60. */
  seconds: readonly Second[];
}

/**
 * This tab's connection to the dashboard's server: `lost` between two attempts, `silent` after five seconds
 * without a message, `refused` when the server rejects it with a reason.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'silent' | 'refused';

/** The last hour while a page was open; each list oldest first. Spans that continue are in the view. */
export interface TimelineHistory {
  entries: readonly TimelineEntry[];
  spans: readonly Span[];
  gaps: readonly Gap[];
  /** Items before this time were dropped; null: the hour is complete. */
  forgottenUntil: number | null;
}
