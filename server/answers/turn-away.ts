import type { IncomingMessage, ServerResponse } from 'node:http';
import { problemOf, type ProblemKind } from '@/lib/api';
import { CLIENT_HEADER } from '@/lib/auth/client';
import { recordRefused } from '@/lib/observe/refused';
import { pathOf } from '../address/path';
import { refusalPage, wantsPage } from './refusal-page';

/** Why the gate refuses a request. */
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

/** The problem document (RFC 9457) of a refusal. */
export function problemText(why: TurnedAway): string {
  return JSON.stringify(problemOf(why));
}

/** Counts and logs a refused request; `status` is null when its connection was ended without an answer. */
export function recordRefusal(
  request: IncomingMessage,
  { kind, status }: { kind: ProblemKind; status: number | null },
): void {
  const { method = '', headers, socket } = request;
  const client = String(headers[CLIENT_HEADER] ?? socket.remoteAddress ?? '');
  recordRefused({ kind, method, path: pathOf(request), client, status });
}

/** Answers with a problem document, or with a page for a browser, and ends the connection. */
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
