import type { IncomingMessage } from 'node:http';

/**
 * Headers that browsers and programs send. An allow-list, because every proxy invents its own headers.
 */
const FROM_CLIENTS = new RegExp(
  `^(${[
    'host|connection|keep-alive|te|trailer|transfer-encoding|expect|upgrade|upgrade-insecure-requests|http2-settings',
    'accept|accept-[a-z-]+|content-[a-z-]+|user-agent|authorization|cookie|date|from|range|if-[a-z-]+',
    'origin|referer|sec-[a-z0-9-]+|access-control-request-[a-z-]+|cache-control|pragma|last-event-id',
    'dnt|save-data|priority|purpose|idempotency-key|x-requested-with|x-csrf-token|x-clusterhat-[a-z-]+|x-prometheus-[a-z-]+',
  ].join('|')})$`,
);

/**
 * Describes the sign that a request came through a proxy; null without one. A proxy that adds no header and
 * uses HTTP/1.1 cannot be distinguished from a local program.
 */
export function signOfProxy(request: Pick<IncomingMessage, 'headers' | 'httpVersion'>) {
  // nginx without settings adds no header, but uses HTTP/1.0.
  if (request.httpVersion === '1.0') return 'speaks HTTP/1.0';
  const name = Object.keys(request.headers).find((header) => !FROM_CLIENTS.test(header));
  return name === undefined ? null : `has the header ${name.slice(0, 60)}`;
}
