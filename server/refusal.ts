import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Problem, ProblemKind } from '@/lib/api';
import { logRefused } from '@/lib/log';
import { countRefused } from '@/lib/observe/counters';
import { pathOf } from './path';

/** An answer of the gate's own, in place of Next's. */
export interface Refusal {
  status: number;
  kind: ProblemKind;
  /** One sentence on what is wrong. */
  detail: string;
  /** One sentence on what to do about it, what is to be copied at its end. */
  next?: string;
}

/** Counts, logs and answers a refusal: a page where a browser shows it, otherwise a problem document (RFC 9457). */
export function refuse(request: IncomingMessage, response: ServerResponse, refusal: Refusal): void {
  const { method = '', headers } = request;
  const client = String(headers['x-clusterhat-client'] ?? request.socket.remoteAddress ?? '');
  countRefused(refusal.kind);
  logRefused({ kind: refusal.kind, method, path: pathOf(request), client, status: refusal.status });
  const asPage = headers['sec-fetch-dest'] === 'document' || wantsHtml(request);
  const text = asPage ? page(refusal) : JSON.stringify(problemOf(refusal));
  response.statusCode = refusal.status;
  response.setHeader(
    'Content-Type',
    asPage ? 'text/html; charset=utf-8' : 'application/problem+json',
  );
  response.setHeader('Content-Length', Buffer.byteLength(text));
  response.setHeader('Cache-Control', 'no-store');
  // What is still to come of its body is not read.
  if (method !== 'GET' && method !== 'HEAD') response.setHeader('Connection', 'close');
  response.end(text);
}

function wantsHtml({ headers }: IncomingMessage): boolean {
  return headers.accept?.startsWith('text/html') ?? false;
}

/** A refusal as a problem document. */
export function problemOf({ kind, status, detail, next }: Refusal): Problem {
  const title = kind.charAt(0).toUpperCase() + kind.slice(1).replaceAll('-', ' ');
  return { type: 'about:blank', title, status, kind, detail, ...(next && { next }) };
}

/** Without styles and scripts, which the policy of such an answer does not allow either. */
function page({ detail, next = '' }: Refusal): string {
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="dark light">
<title>ClusterHAT swarm</title>
<h1>ClusterHAT swarm</h1>
<p>${escaped(detail)}</p>
<p>${escaped(next)}</p>
`;
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
