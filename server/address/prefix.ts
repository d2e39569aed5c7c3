import type { IncomingMessage, ServerResponse } from 'node:http';
import { pathOf } from './path';
import { findRoute } from './routes';

/** A request's address without a proxy's prefix. */
export interface InnerUrl {
  /** Path and query as the routes have them. */
  url: string;
  /** The redirect to the page's own address, relative to the request's; null: it is that address. */
  location: string | null;
}

/**
 * What a request's path and query mean when people open the dashboard below `prefix` (`/swarm`; empty: at
 * the root). A proxy in front may keep the prefix or strip it: both are understood. The page loads all it
 * needs relative to its own address, so there is one address for each page: without a slash at its end,
 * save the dashboard's own. A redirect is relative too, and so right whatever a proxy has stripped.
 */
export function innerUrl(requested: string, prefix: string): InnerUrl {
  const [path, query] = splitQuery(requested);
  if (!path.startsWith('/')) return { url: requested, location: null };
  const kept = prefix !== '' && (path === prefix || path.startsWith(`${prefix}/`));
  const inner = kept ? path.slice(prefix.length) : path;
  const plain = inner.replaceAll(/\/{2,}/g, '/').replace(/(.)\/$/, '$1') || '/';
  if (inner === plain) return { url: plain + query, location: null };
  const up = '../'.repeat(path.split('/').length - 2);
  const target = (kept ? prefix : '') + plain;
  return { url: plain + query, location: `./${up}${target.slice(1)}${query}` };
}

/** Redirects by request, for other addresses of a page than its own. */
const moved = new WeakMap<IncomingMessage, string>();

/**
 * Gives a request its inner address, before anything looks at its path. Only what exists gets a redirect: a
 * proxy that keeps a prefix which is not set here may answer one redirect with another.
 */
export function takePrefix(request: IncomingMessage, prefix: string): void {
  const { url, location } = innerUrl(request.url ?? '/', prefix);
  if (location === null) request.url = url;
  else if (findRoute(pathOf({ url }), 'GET')) moved.set(request, location);
}

/** Answers with the redirect that `takePrefix` noted; false: there is none. */
export function redirectMoved(request: IncomingMessage, response: ServerResponse): boolean {
  const location = moved.get(request);
  if (location === undefined) return false;
  // Temporary: the prefix is a setting.
  response.writeHead(307, { Location: location, 'Cache-Control': 'no-store', 'Content-Length': 0 });
  response.end();
  return true;
}

function splitQuery(url: string): [path: string, query: string] {
  const at = url.indexOf('?');
  return at === -1 ? [url, ''] : [url.slice(0, at), url.slice(at)];
}
