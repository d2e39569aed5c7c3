import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Settings } from '@/lib/settings';
import { createAdmission } from './admission/admission';
import type { Handler } from './handler';
import { dropInternalHeaders, setHeaders, setPagePolicy } from './answers/headers';
import { createHttpServer } from './connections/http-server';
import { limitRequests } from './limits/limits';
import { redirectMoved, takePrefix } from './address/prefix';
import { refuseMethod } from './address/target';
import { turnAway } from './answers/turn-away';

export type { Handler } from './handler';

/**
 * The server in front of Next. Every request passes, in this order: its turn on its connection (turns.ts), the
 * headers of every answer (headers.ts), the path below a proxy's prefix (prefix.ts), admission by its headers
 * (admission.ts), the table of routes and the limits (limits.ts). `listens`: the host that it will listen on.
 */
export function createGate(handle: Handler, settings: Settings, listens: string): Server {
  const admission = createAdmission(settings, listens);
  const prefix = settings.origin?.prefix ?? '';

  /** Whether a request may pass; if not, it has been answered. */
  const enters = (request: IncomingMessage, response: ServerResponse): boolean => {
    dropInternalHeaders(request.headers);
    setHeaders(response, settings.origin);
    takePrefix(request, prefix);
    const refusal = refuseMethod(request) ?? admission(request);
    if (refusal) turnAway(request, response, refusal);
    return refusal === null && !redirectMoved(request, response);
  };

  const withPolicy: Handler = async (request, response) => {
    setPagePolicy(request, response);
    await handle(request, response);
  };
  return createHttpServer(limitRequests(withPolicy, settings, enters));
}
