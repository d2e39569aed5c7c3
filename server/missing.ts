import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { PublicOrigin } from '@/lib/settings';
import { parseHost } from './host';
import { pathOf } from './path';
import type { TurnedAway } from './turn-away';

/** Where the dashboard's own addresses begin in a path that has something before them. */
const OWN = /\/(api\/.*|_next\/.*|help|healthz|readyz|metrics|icon\.svg)?$/;
/** What DASHBOARD_ORIGIN takes as its path. */
const PREFIX = /^(\/[A-Za-z0-9._~-]+)+$/;

/**
 * The answer to a path that nothing is at. It is what people see first below a path prefix that a proxy
 * keeps, so it names the setting for that, unless `origin` has a prefix already.
 */
export function missing(request: IncomingMessage, origin: PublicOrigin | null): TurnedAway {
  const refused = { status: 404, kind: 'not-found', detail: 'Nothing has this address.' } as const;
  const prefix = pathOf(request).replace(OWN, '');
  if (origin?.prefix || !PREFIX.test(prefix) || prefix.length > 100) return refused;
  const line = `DASHBOARD_ORIGIN=${origin?.url ?? addressOf(request.headers)}${prefix}`;
  return {
    ...refused,
    next: `If a proxy has the dashboard below ${prefix}, start it with ${line}`,
  };
}

/** What the browser seems to have asked, for a sentence. */
function addressOf(headers: IncomingHttpHeaders): string {
  const scheme = headers['x-forwarded-proto'] === 'https' ? 'https' : 'http';
  return `${scheme}://${parseHost(headers.host) ? headers.host?.toLowerCase() : 'swarm.home'}`;
}
