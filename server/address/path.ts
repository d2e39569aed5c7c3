import type { IncomingMessage } from 'node:http';

/** The path of a request without its query, and after `takePrefix` without a proxy's prefix. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  return url.split('?', 1)[0] ?? '/';
}

/** The query of a request, without its question mark. */
export function queryOf({ url = '/' }: Pick<IncomingMessage, 'url'>): string {
  const at = url.indexOf('?');
  return at < 0 ? '' : url.slice(at + 1);
}

/** Whether a path is one of a page: all others are read by pages and programs. */
export function isPage(path: string): boolean {
  return !/^\/(api|_next)(\/|$)|^\/(healthz|readyz|metrics)$|\.[a-z0-9]+$/.test(path);
}
