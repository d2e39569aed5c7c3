import type { IncomingMessage } from 'node:http';
import type { Handler } from './handler';
import { staticFiles } from './static-files';
import { turnAway } from './turn-away';

/**
 * Answers by itself what needs no page and no engine, and hands the rest to Next.
 * @param built Next's build folder
 */
export function dispatch(next: Handler, built: string): Handler {
  const answerFile = staticFiles(built);
  return async (request, response) => {
    const path = (request.url ?? '').split('?', 1)[0] ?? '';
    if (path === '/healthz') {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
      response.end('ok\n');
    } else if (!answerFile(path, request, response)) {
      if (path.startsWith('/_next/')) {
        const detail = 'There is no such file.';
        return turnAway(request, response, { status: 404, kind: 'not-found', detail });
      }
      dropForeignHeaders(request);
      await next(request, response);
    }
  };
}

/** What the app reads of a request's headers. Next takes some others for orders to itself. */
const OURS =
  /^(accept(-.*)?|authorization|cache-control|connection|content-(encoding|length|type|security-policy)|cookie|date|forwarded|host|if-.*|last-event-id|origin|referer|sec-.*|transfer-encoding|user-agent|x-clusterhat-.*|x-forwarded-.*)$/;

function dropForeignHeaders({ headers }: IncomingMessage): void {
  for (const name of Object.keys(headers)) if (!OURS.test(name)) delete headers[name];
}
