import type { Server } from 'node:http';
import type { Settings } from '@/lib/settings';
import { createAdmission } from './admission';
import type { Handler } from './handler';
import { dropInternalHeaders, setHeaders, setPagePolicy } from './headers';
import { createHttpServer } from './http-server';
import { limitRequests } from './limits';
import { refuse } from './refusal';

export type { Handler } from './handler';

/**
 * The server in front of Next: what every request must pass before Next sees it, in this order: limits
 * of its connection and client (limits.ts), whether it may be here at all (admission/), the headers of
 * every answer (headers.ts). `listens`: the host that it will listen on.
 */
export function createGate(handle: Handler, settings: Settings, listens: string): Server {
  const admission = createAdmission(settings, listens);
  const admitted: Handler = async (request, response) => {
    dropInternalHeaders(request.headers);
    setHeaders(response, settings.origin);
    const refusal = admission(request);
    if (refusal) return refuse(request, response, refusal);
    setPagePolicy(request, response);
    return handle(request, response);
  };
  return createHttpServer(limitRequests(admitted, settings));
}
