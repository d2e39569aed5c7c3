import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Settings } from '@/lib/settings';
import { createAdmission } from './admission';
import type { Handler } from './handler';
import { dropInternalHeaders, setHeaders, setPagePolicy } from './headers';
import { createHttpServer } from './http-server';
import { limitRequests } from './limits';
import { redirectMoved, takePrefix } from './prefix';
import { refuse } from './refusal';

export type { Handler } from './handler';

/**
 * The server in front of Next: what every request must pass before Next sees it, in this order: the path
 * below a proxy's prefix (prefix.ts), limits of its connection and client (limits.ts), the headers of
 * every answer (headers.ts), whether it may be here at all (admission.ts). `listens`: the host that it
 * will listen on.
 */
export function createGate(handle: Handler, settings: Settings, listens: string): Server {
  const admission = createAdmission(settings, listens);

  /** Whether a request goes on to Next; if not, it has been answered. */
  const enters = (request: IncomingMessage, response: ServerResponse): boolean => {
    dropInternalHeaders(request.headers);
    setHeaders(response, settings.origin);
    const refusal = admission(request);
    if (refusal) refuse(request, response, refusal);
    return refusal === null;
  };

  const admitted: Handler = async (request, response) => {
    if (!enters(request, response)) return;
    if (redirectMoved(request, response)) return;
    setPagePolicy(request, response);
    await handle(request, response);
  };
  const limited = limitRequests(admitted, settings);
  return createHttpServer((request, response) => {
    takePrefix(request, settings.origin?.prefix ?? '');
    limited(request, response);
  });
}
