import type { Status } from '@/lib/api';
import type { Answer, Run, Second } from '@/lib/curl/run';
import type { Gap, Span, TimelineEntry } from '@/lib/swarm/timeline-schemas';

/**
 * Where each part of the live picture lies in the SWR cache. Separate keys, so that a component
 * renders only when the part that it reads changes.
 */
export const KEYS = {
  view: 'live/view',
  health: 'live/health',
  picture: 'live/picture',
  access: 'live/access',
  command: 'live/command',
  maxReplicas: 'live/max-replicas',
  run: 'live/run',
  timeline: 'live/timeline',
  past: 'live/past',
  link: 'live/link',
  upgraded: 'live/upgraded',
} as const;

/** The part of the server's status that seldom changes; this tab has kinds of problems of its own … */
export interface Health {
  state: Status['state'];
  problem: { kind: string; detail: string; next?: string | undefined } | null;
}
/** … and the part that always does: when the picture was made and when that was said. */
export type ViewAge = Pick<Status, 'at' | 'now'>;

/** The seldom changing part of a status. */
export function healthOf({ state, problem }: Status): Health {
  return { state, problem };
}

/** The ever changing part of a status. */
export function viewAgeOf({ at, now }: Status): ViewAge {
  return { at, now };
}

/** The run that everybody sees with its latest answers, oldest first. */
export interface LiveRun {
  run: Run;
  /** At most the last 600. */
  answers: readonly Answer[];
  /** Second by second, ascending; at most the last 60. */
  seconds: readonly Second[];
}

/**
 * This tab's connection to the dashboard's server: `lost` is between two tries, `silent` when
 * nothing at all has come for five seconds, `refused` when the server says why there is none.
 */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'silent' | 'refused';

/** The last hour as far as somebody watched; each list oldest first. Spans that last are in the view. */
export interface TimelineHistory {
  entries: readonly TimelineEntry[];
  spans: readonly Span[];
  gaps: readonly Gap[];
  /** Something from before this moment is no longer kept; null: the whole hour is there. */
  forgottenUntil: number | null;
}
