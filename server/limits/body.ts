import type { IncomingMessage, ServerResponse } from 'node:http';
import { MAX_BODY } from '@/lib/api';
import { BodyBuffer } from './body-buffer';

/** Whether Content-Length is above `most`. */
export function isTooLong({ headers }: IncomingMessage, most: number): boolean {
  return Number(headers['content-length'] ?? 0) > most;
}

/** What has become of a body: all of it is there, it is too long, or too many long ones are there already. */
export type Arrival = 'whole' | 'too-long' | 'too-many';

/**
 * Memory of all bodies at one time (bytes) beyond the first `MAX_BODY` of each, until they are answered: the process has to
 * stay small, and 600 connections could each send a long form.
 */
const MOST_HELD = 16_000_000;
/** The part of it for requests without a sign-in, so that these cannot keep operators from sending forms. */
const MOST_HELD_OF_OTHERS = MOST_HELD / 2;
const held = { operators: 0, others: 0 };

/** What `stream.Readable.isDisturbed` looks at first. */
const DISTURBED = Symbol.for('nodejs.stream.disturbed');

/** Puts back what was read, for the route. A `Request` refuses a stream of which something was read and is gone. */
function putBack(request: IncomingMessage, bytes: Buffer): void {
  request.unshift(bytes);
  Object.assign(request, { [DISTURBED]: false });
}

/**
 * Calls `then` when the whole body is in the request's buffer, so that a slow sender takes no place; or when it
 * will not be. The server's `requestTimeout` bounds the time; a connection that is closed first causes no call.
 * `isOperator`: whether the request's session or token is an operator's; called at most once, for a long body.
 */
export function whenArrived(
  request: IncomingMessage,
  response: ServerResponse,
  { most, isOperator }: { most: number; isOperator: () => boolean },
  then: (arrival: Arrival) => unknown,
): void {
  const { headers } = request;
  const chunked = headers['transfer-encoding'] !== undefined;
  const announced = chunked ? most : Number(headers['content-length'] ?? 0);
  if (announced === 0) {
    then('whole');
    return;
  }
  let body: BodyBuffer | null = null;
  let own = 0;
  let group: keyof typeof held | null = null;
  const hold = (bytes: number) => {
    if (bytes === own) return;
    group ??= isOperator() ? 'operators' : 'others';
    held[group] += bytes - own;
    own = bytes;
  };
  const isFull = () =>
    held.operators + held.others > MOST_HELD ||
    (group === 'others' && held.others > MOST_HELD_OF_OTHERS);
  response.once('close', () => hold(0));

  const arrived = (): Arrival | null => {
    // Node's own buffer has 16 KiB, and is not filled any further until it is read.
    for (;;) {
      const chunk = request.read() as Buffer | null;
      if (chunk === null) return request.complete ? 'whole' : null;
      if ((body?.length ?? 0) + chunk.length > most) return 'too-long';
      body ??= new BodyBuffer(Math.min(announced, most));
      body.add(chunk);
      hold(Math.max(0, body.size - MAX_BODY));
      if (own > 0 && isFull()) return 'too-many';
    }
  };
  const look = () => {
    const arrival = arrived();
    if (arrival === null) return;
    request.off('readable', look);
    if (arrival === 'whole') putBack(request, body?.bytes() ?? Buffer.alloc(0));
    else hold(0);
    body = null;
    // Node notices the removed listener at the next tick; only then can the route add its own.
    setImmediate(() => then(arrival));
  };
  request.on('readable', look);
}
