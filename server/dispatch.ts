import type { Handler } from './handler';
import { pathOf } from './address/path';
import { staticFiles } from './answers/static-files';
import { turnAway } from './answers/turn-away';

/**
 * Answers what needs neither page nor engine (`/healthz`, files), and passes the rest to Next.
 * @param folder the server's folder
 */
export function dispatch(next: Handler, folder: string): Handler {
  const answerFile = staticFiles(folder);
  return async (request, response) => {
    const path = pathOf(request);
    if (path === '/healthz') {
      response.writeHead(200, { 'Content-Type': 'text/plain', 'Cache-Control': 'no-store' });
      response.end('ok\n');
    } else if (!answerFile(path, request, response)) {
      if (path.startsWith('/_next/')) {
        const detail = 'There is no such file.';
        return turnAway(request, response, { status: 404, kind: 'not-found', detail });
      }
      await next(request, response);
    }
  };
}
