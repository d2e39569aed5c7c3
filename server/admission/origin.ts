import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import type { PublicOrigin } from '@/lib/settings';
import type { TurnedAway } from '../answers/turn-away';
import { parseHost, type HostAndPort } from './host';
import { isPage } from '../address/path';

/** The parts of a request that show which page sent it. */
type RequestHead = Pick<IncomingMessage, 'method' | 'headers'>;

const ORIGIN = /^(https?):\/\/([^/?#\s]+)$/i;
const REFERER_ORIGIN = /^https?:\/\/[^/?#\s]+/i;

/**
 * Why a request is refused because of the page that sent it; null when it may pass. Pages of other sites may
 * link to the dashboard's pages and nothing else: they may not load anything, not even to detect the
 * dashboard. Programs send none of these headers. `open`: without a password only this distinguishes a page
 * that came through a proxy from a local one.
 */
export function refuseOrigin(
  { method = 'GET', headers }: RequestHead,
  path: string,
  own: PublicOrigin | null,
  open: boolean,
): TurnedAway | null {
  const reads = method === 'GET' || method === 'HEAD';
  const site = headers['sec-fetch-site'];
  if (reads && isPage(path) && isNavigation(headers)) return null;
  if (site !== undefined && site !== 'same-origin' && site !== 'none') return otherSite(reads);
  if (own?.secure && isPlain(headers.origin, own)) return plainHttp(own);
  if (headers.origin !== undefined && !isOwn(headers.origin, headers.host, own)) {
    return otherOrigin(headers.origin, own, reads);
  }
  // The page must load to show that a proxy is misconfigured: only its scripts' calls are refused.
  const checksReferer =
    (site === undefined || open) && !isPage(path) && !path.startsWith('/_next/');
  const from = REFERER_ORIGIN.exec(headers.referer ?? '')?.[0];
  if (!checksReferer || from === undefined || isOwn(from, headers.host, own)) return null;
  return otherOrigin(from, own, reads);
}

function isNavigation(headers: IncomingHttpHeaders): boolean {
  const mode = headers['sec-fetch-mode'];
  return (
    headers.origin === undefined &&
    (mode === undefined
      ? headers['sec-fetch-site'] === undefined
      : mode === 'navigate' && headers['sec-fetch-dest'] === 'document')
  );
}

/** Whether an origin is DASHBOARD_ORIGIN's, or that of the request's host. */
function isOwn(origin: string, host: string | undefined, own: PublicOrigin | null): boolean {
  const [, scheme = '', authority] = ORIGIN.exec(origin) ?? [];
  if (own !== null && origin.toLowerCase() === own.url) return true;
  const [from, to] = [parseHost(authority), parseHost(host)];
  if (from === null || to === null) return false;
  const portOf = ({ port }: HostAndPort) => port ?? (scheme.toLowerCase() === 'https' ? 443 : 80);
  return from.name === to.name && portOf(from) === portOf(to);
}

/** Whether an origin is the host of an https DASHBOARD_ORIGIN by plain http on any port. */
function isPlain(origin: string | undefined, own: PublicOrigin): boolean {
  const [, scheme, authority] = ORIGIN.exec(origin ?? '') ?? [];
  return (
    scheme?.toLowerCase() === 'http' && parseHost(authority)?.name === parseHost(own.host)?.name
  );
}

/** Our own page over plain http although it has https: the browser would drop its cookies. */
function plainHttp({ url, prefix }: PublicOrigin): TurnedAway {
  return {
    status: 403,
    kind: 'other-origin',
    detail: 'The page was opened by plain http, and the dashboard is signed in to by https only.',
    next: `Open ${url}${prefix}/. If you did, a proxy in front changes the Origin header: it has to pass that on.`,
  };
}

function otherSite(reads: boolean): TurnedAway {
  const may = reads ? 'may not load anything from here' : 'may not change this swarm';
  const detail = `The request comes from a page of another site, and those ${may}.`;
  return { status: 403, kind: 'other-origin', detail };
}

/** Another site's page, or our own behind a proxy that does not forward the Host header. */
function otherOrigin(origin: string, own: PublicOrigin | null, reads: boolean): TurnedAway {
  const refusal = otherSite(reads);
  const authority = ORIGIN.exec(origin)?.[2];
  if (parseHost(authority) === null) return refusal;
  const named = own === null ? '' : ` DASHBOARD_ORIGIN is ${own.url}.`;
  return {
    ...refusal,
    detail: `${refusal.detail} It comes from ${origin}.${named}`,
    next: `If that is this dashboard behind a proxy, its configuration lacks "proxy_set_header Host $http_host;" (nginx). Or start the dashboard with DASHBOARD_ORIGIN=${origin}`,
  };
}
