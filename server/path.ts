import type { IncomingMessage } from 'node:http';
import { innerUrl } from './prefix';

/** The path that a request asks for, below the prefix and without its query. */
export function pathOf({ url = '/' }: Pick<IncomingMessage, 'url'>, prefix = ''): string {
  return (innerUrl(url, prefix).url ?? '/').split('?', 1)[0] ?? '/';
}

/** Whether a path is one of a page: all others are read by pages and programs. */
export function isPage(path: string): boolean {
  return !/^\/(api|_next)(\/|$)|^\/(healthz|readyz|metrics)$|\.[a-z0-9]+$/.test(path);
}
