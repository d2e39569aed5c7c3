import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '@/lib/api';

/** Whether Content-Length is above `MAX_BODY`. */
export function isTooLong({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > MAX_BODY;
}

/**
 * Calls `then` when the whole body is in the request's buffer, so that a slow sender takes no place; with false
 * when it is too long. The server's `requestTimeout` bounds the time; a connection that is closed first causes
 * no call.
 */
export function whenArrived(request: IncomingMessage, then: (fits: boolean) => void): void {
  const { headers } = request;
  const chunked = headers['transfer-encoding'] !== undefined;
  if (!chunked && Number(headers['content-length'] ?? 0) === 0) return then(true);
  // Node fills the buffer while there is a listener; nothing is read from it here.
  const look = () => {
    const fits = request.readableLength <= MAX_BODY;
    if (fits && !request.complete) return;
    request.off('readable', look);
    // Node notices the removed listener at the next tick; only then can the route add its own.
    setImmediate(then, fits);
  };
  request.on('readable', look);
}
