import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY } from '@/lib/api';

/** Whether Content-Length is above `most`. */
export function isTooLong({ headers }: IncomingMessage, most: number): boolean {
  return Number(headers['content-length'] ?? 0) > most;
}

/** What has become of a body: all of it is there, it is too long, or too many long ones are there already. */
export type Arrival = 'whole' | 'too-long' | 'too-many';

/**
 * Bytes of all bodies at one time beyond the first `MAX_BODY` of each, until they are answered: the process has to stay
 * small, and 600 connections could each send a long form.
 */
const MOST_HELD = 16_000_000;
let held = 0;

/** What `stream.Readable.isDisturbed` looks at first. */
const DISTURBED = Symbol.for('nodejs.stream.disturbed');

/** Puts back what was read, for the route. A `Request` refuses a stream of which something was read and is gone. */
function putBack(request: IncomingMessage, chunks: readonly Buffer[]): void {
  request.unshift(Buffer.concat(chunks));
  Object.assign(request, { [DISTURBED]: false });
}

/**
 * Calls `then` when the whole body is in the request's buffer, so that a slow sender takes no place; or when it
 * will not be. The server's `requestTimeout` bounds the time; a connection that is closed first causes no call.
 */
export function whenArrived(
  request: IncomingMessage,
  response: ServerResponse,
  most: number,
  then: (arrival: Arrival) => unknown,
): void {
  const { headers } = request;
  const chunked = headers['transfer-encoding'] !== undefined;
  if (!chunked && Number(headers['content-length'] ?? 0) === 0) {
    then('whole');
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  let own = 0;
  const hold = (bytes: number) => {
    held += bytes - own;
    own = bytes;
  };
  response.once('close', () => hold(0));

  const arrived = (): Arrival | null => {
    // Node's own buffer has 16 KiB, and is not filled any further until it is read.
    for (;;) {
      const chunk = request.read() as Buffer | null;
      if (chunk === null) return request.complete ? 'whole' : null;
      chunks.push(chunk);
      length += chunk.length;
      if (length > most) return 'too-long';
      hold(Math.max(0, length - MAX_BODY));
      if (own > 0 && held > MOST_HELD) return 'too-many';
    }
  };
  const look = () => {
    const arrival = arrived();
    if (arrival === null) return;
    request.off('readable', look);
    if (arrival === 'whole') putBack(request, chunks);
    else hold(0);
    chunks.length = 0;
    // Node notices the removed listener at the next tick; only then can the route add its own.
    setImmediate(() => then(arrival));
  };
  request.on('readable', look);
}
