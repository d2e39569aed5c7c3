import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ProblemKind } from '@/lib/api';

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

/** Answers with a problem document and ends the connection, whatever else it has brought or will bring. */
export function turnAway(
  request: IncomingMessage,
  response: ServerResponse,
  why: TurnedAway,
): void {
  if (response.headersSent) return void request.socket.destroy();
  const text = problemText(why);
  response.writeHead(why.status, {
    'Content-Type': 'application/problem+json',
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    Connection: 'close',
    ...why.headers,
  });
  response.end(text);
}
