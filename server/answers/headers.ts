import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import type { PublicOrigin } from '@/lib/settings';
import { isLoopback, parseHost } from '../admission/host';
import { isPage, pathOf } from '../address/path';

/** Headers that Next sends to itself and trusts. */
const OF_NEXT =
  /^(x-(middleware|invoke|nextjs|next|now|vercel|matched|prerender|nonce)(-.*)?|next-.*|rsc|content-security-policy.*)$/;

/** Removes the headers that only Next itself may set. */
export function dropInternalHeaders(headers: IncomingHttpHeaders): void {
  for (const name of Object.keys(headers)) if (OF_NEXT.test(name)) delete headers[name];
}

/** Browser features that the page does not use. */
const PERMISSIONS = ['camera', 'display-capture', 'geolocation', 'microphone', 'payment', 'usb']
  .map((feature) => `${feature}=()`)
  .join(', ');

const FIXED: Readonly<Record<string, string>> = {
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Permissions-Policy': PERMISSIONS,
  'Referrer-Policy': 'same-origin',
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
};

const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/**
 * The Content-Security-Policy of a page. Scripts are the build's files and Next's inline ones with the nonce.
 * React writes style attributes into the HTML; everything else comes from files.
 */
function pagePolicy(nonce: string): string {
  return [
    "default-src 'self'",
    `script-src 'self' 'nonce-${nonce}'`,
    "style-src 'self'",
    "style-src-attr 'unsafe-inline'",
    // Images in style sheets.
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
  ].join('; ');
}

/** Sets the headers of every answer. Routes add theirs. */
export function setHeaders(response: ServerResponse, own: PublicOrigin | null): void {
  for (const [name, value] of Object.entries(FIXED)) response.setHeader(name, value);
  response.setHeader('Content-Security-Policy', NOTHING);
  if (own?.secure) response.setHeader('Strict-Transport-Security', 'max-age=31536000');
  // On plain http browsers ignore it and log an error to the console.
  if (own?.secure || isLoopback(parseHost(own?.host ?? response.req.headers.host)?.name ?? '')) {
    response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  }
}

/** The worker that a browser's pages share (lib/client/shared-stream.ts); only such a file is a context with a policy of its own. */
const WORKER = /^\/_next\/static\/live-\w+\.js$/;

/** Gives the worker's script its policy: it connects to this server only. */
export function setWorkerPolicy(path: string, response: ServerResponse): void {
  if (!WORKER.test(path)) return;
  response.setHeader('Content-Security-Policy', `${NOTHING}; connect-src 'self'`);
}

/**
 * Gives a page its policy with a nonce of this answer. Next takes the nonce from the request, under the
 * name that the header has in the response.
 */
export function setPagePolicy(request: IncomingMessage, response: ServerResponse): void {
  if (!isPage(pathOf(request))) return;
  const policy = pagePolicy(randomBytes(16).toString('base64'));
  request.headers['content-security-policy'] = policy;
  response.setHeader('Content-Security-Policy', policy);
  response.setHeader('Cache-Control', 'no-store');
}
