import type { Server } from 'node:http';
import type { Settings } from '@/lib/settings';
import type { Handler } from './handler';
import { createHttpServer } from './http-server';
import { limitRequests } from './limits';

export type { Handler } from './handler';

/**
 * The server in front of Next: what every request must pass before Next sees it, in this order: limits
 * of its connection and client (limits.ts), whether it may be here at all (admission.ts), the headers of
 * every answer (headers.ts).
 */
export function createGate(handle: Handler, settings: Settings): Server {
  return createHttpServer(limitRequests(handle, settings));
}
