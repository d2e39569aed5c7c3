import type { IncomingMessage } from 'node:http';
import { PREFIX, type PublicOrigin } from '@/lib/settings';
import { requestedOrigin } from '../admission/host';
import { pathOf } from './path';
import type { TurnedAway } from '../answers/turn-away';

/** Matches the dashboard's own path at the end of a prefixed path. */
const OWN = /\/(api\/.*|_next\/.*|help|healthz|readyz|metrics|icon\.svg)?$/;
/** Matches a path to a file, or with `.` or `..`: not a proxy's prefix. */
const LIKE_A_FILE = /\/\.{1,2}(\/|$)|\.[^/]*$/;
/** The longest path prefix that the answer repeats (characters). */
const MAX_SHOWN = 100;

/**
 * The answer to a path that does not exist. People see it first when a proxy keeps a path prefix, so it
 * names the setting for that, unless `origin` has a prefix already.
 */
export function missing(request: IncomingMessage, origin: PublicOrigin | null): TurnedAway {
  const refused = {
    status: 404,
    kind: 'not-found',
    detail: 'There is nothing at this address.',
  } as const;
  const prefix = pathOf(request).replace(OWN, '');
  if (origin?.prefix || prefix === '' || prefix.length > MAX_SHOWN) return refused;
  if (!PREFIX.test(prefix) || LIKE_A_FILE.test(prefix)) return refused;
  const line = `DASHBOARD_ORIGIN=${origin?.url ?? requestedOrigin(request.headers) ?? 'http://swarm.home'}${prefix}`;
  return {
    ...refused,
    next: `If a proxy serves the dashboard below ${prefix}, start it with ${line}`,
  };
}
