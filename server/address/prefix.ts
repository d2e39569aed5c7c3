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
 * A request's path and query when the dashboard is served below `prefix` (`/swarm`; empty: at the root). A
 * proxy in front may keep the prefix or strip it. The page loads all files relative to its own address, so
 * each page has one address: without a trailing slash, except the dashboard's own. Redirects are relative, so
 * they are correct whatever a proxy has stripped.
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

/** Redirects by request, for other addresses of a page. */
const moved = new WeakMap<IncomingMessage, string>();

/**
 * Replaces a request's address by the inner one, before its path is used. Only existing pages are redirected:
 * a proxy with a prefix that is not set here could otherwise cause a redirect loop.
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
