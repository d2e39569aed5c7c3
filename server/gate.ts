import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Settings } from '@/lib/settings';

/** Answers one request. */
export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * The server in front of Next: what every request must pass before Next sees it, in this order: limits
 * of its connection and client (limits.ts), whether it may be here at all (admission.ts), the headers of
 * every answer (headers.ts).
 */
export function createGate(handle: Handler, _settings: Settings): Server {
  return createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
}
