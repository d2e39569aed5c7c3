import type { IncomingMessage } from 'node:http';
import { MAX_BODY } from '@/lib/api';
import { BodyBuffer } from '../limits/body-buffer';

/**
 * Holds what arrives of the body of a request that is not read yet in one block, as Node would hold an object for each part
 * of it. Calls `refuse` for more than `MAX_BODY`. Returns what puts it back before the request is read; null without a body.
 */
export function holdBody(request: IncomingMessage, refuse: () => void): (() => void) | null {
  const { headers } = request;
  const isChunked = headers['transfer-encoding'] !== undefined;
  const announced = isChunked ? MAX_BODY : Number(headers['content-length'] ?? 0);
  if (announced === 0) return null;
  let body: BodyBuffer | null = null;
  const putBack = () => {
    request.off('readable', look);
    if (body) request.unshift(body.bytes());
    body = null;
  };
  const look = () => {
    for (;;) {
      const chunk = request.read() as Buffer | null;
      if (chunk === null) break;
      if ((body?.length ?? 0) + chunk.length > MAX_BODY) {
        request.off('readable', look);
        body = null;
        refuse();
        return;
      }
      body ??= new BodyBuffer(Math.min(announced, MAX_BODY));
      body.add(chunk);
    }
    // After its end is noticed nothing can be put back.
    if (request.complete) putBack();
  };
  request.on('readable', look);
  return putBack;
}
