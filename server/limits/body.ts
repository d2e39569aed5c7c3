import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '@/lib/api';

export { MAX_BODY };

/** Whether a request announces a body that is longer than `MAX_BODY`. */
export function isTooLong({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > MAX_BODY;
}

/**
 * Calls `then` when the whole body waits in the request's buffer, so that a client which sends it slowly
 * keeps nobody else waiting; with false when it is too long. How long it may take is the server's
 * `requestTimeout`; when the connection is gone before, nothing is called.
 */
export function whenArrived(request: IncomingMessage, then: (fits: boolean) => void): void {
  const { headers } = request;
  const chunked = headers['transfer-encoding'] !== undefined;
  if (!chunked && Number(headers['content-length'] ?? 0) === 0) return then(true);
  // Node fills the buffer while somebody listens, and nothing is taken out of it.
  const look = () => {
    const fits = request.readableLength <= MAX_BODY;
    if (fits && !request.complete) return;
    request.off('readable', look);
    // Node notices the removed listener at the next tick; only then can the route add its own.
    setImmediate(then, fits);
  };
  request.on('readable', look);
}
