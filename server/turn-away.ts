import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemKind } from '@/lib/api';
import { logRefused } from '@/lib/log';
import { countRefused } from '@/lib/observe/counters';
import { refusalPage, wantsPage } from './refusal-page';

/** Why a request goes no further than the gate. */
export interface TurnedAway {
  status: number;
  kind: ProblemKind;
  /** One sentence on what is wrong. */
  detail: string;
  /** One sentence on what to do about it. */
  next?: string;
  /** `Retry-After`, `Allow`. */
  headers?: Readonly<Record<string, string>>;
}

/** A problem document (RFC 9457) and what has to be known of it before it is sent. */
export function problemText({ status, kind, detail, next }: TurnedAway): string {
  const title = kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('-', ' ');
  return JSON.stringify({ type: 'about:blank', title, status, kind, detail, next });
}

/** Counts and logs a request that goes no further; `status` is null where it was not answered. */
export function recordRefusal(
  request: IncomingMessage,
  { kind, status }: { kind: ProblemKind; status: number | null },
): void {
  const { method = '', url = '', headers, socket } = request;
  const client = headers['x-clusterhat-client'] ?? socket.remoteAddress;
  countRefused(kind);
  logRefused({ kind, method, path: url.split('?', 1)[0] ?? '', client: String(client), status });
}

/** Answers with a problem document, or a page for a browser, and ends the connection, whatever else it has brought or will bring. */
export function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  why: TurnedAway,
): void {
  if (response.headersSent) return void request.socket.destroy();
  recordRefusal(request, why);
  const asPage = wantsPage(request);
  const text = asPage ? refusalPage(why) : problemText(why);
  response.writeHead(why.status, {
    'Content-Type': asPage ? 'text/html; charset=utf-8' : 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...why.headers,
  });
  response.end(text);
}
