import type { PublicOrigin } from '../settings';
import { problemResponse } from './problem';

/**
 * The answer to an address that nothing is at: to a browser a small page that needs nothing else, to
 * programs a problem document. Both name the setting for a proxy that keeps a path prefix, unless
 * `origin` has one already.
 */
export function missingResponse(
  { url, headers }: Pick<Request, 'url' | 'headers'>,
  origin: PublicOrigin | null,
): Response {
  const { pathname } = new URL(url);
  const detail = `There is no page at ${pathname}.`;
  const next = origin?.prefix ? undefined : prefixHint(pathname, origin?.url ?? addressOf(headers));
  const problem = problemResponse('not-found', detail, next);
  if (!headers.get('accept')?.includes('text/html')) return problem;
  const toDashboard = '../'.repeat(pathname.split('/').length - 2) || './';
  const page = [
    '<!DOCTYPE html><html lang="en"><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="dark light">',
    '<title>Not found – ClusterHAT swarm</title>',
    `<h1>Not found</h1><p>${escaped(detail)}</p>`,
    next ? `<p>${escaped(next)}</p>` : '',
    `<p><a href="${toDashboard}">ClusterHAT swarm</a></p>`,
  ];
  const answer = new Headers(problem.headers);
  answer.set('Content-Type', 'text/html; charset=utf-8');
  return new Response(page.join('\n'), { status: problem.status, headers: answer });
}

/** Where the dashboard's own addresses begin in a path that has something before them. */
const OWN = /\/(api\/.*|_next\/.*|help|healthz|icon\.svg)?$/;
/** What DASHBOARD_ORIGIN takes as its path. */
const PREFIX = /^(\/[A-Za-z0-9._~-]+)+$/;

function prefixHint(pathname: string, address: string): string | undefined {
  const prefix = pathname.replace(OWN, '');
  if (!PREFIX.test(prefix)) return undefined;
  return `If a proxy has the dashboard below ${prefix}, start it with DASHBOARD_ORIGIN=${address}${prefix}`;
}

/** What the browser seems to have asked, for a sentence. */
function addressOf(headers: Headers): string {
  const scheme = headers.get('x-forwarded-proto') === 'https' ? 'https' : 'http';
  const host = headers.get('host') ?? '';
  return `${scheme}://${/^[\w.:[\]-]+$/.test(host) ? host : 'swarm.home'}`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
