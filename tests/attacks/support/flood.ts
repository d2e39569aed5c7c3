import { once } from 'node:events';
import type { Socket } from 'node:net';
import { closedWithin, dial } from './raw';

/** Options of a flood of requests on one connection. */
export interface FloodOptions {
  from?: string;
  /** False: the client never reads. */
  read?: boolean;
  /** Maximum duration (ms). */
  ms?: number;
}

/** What a flood received. */
export interface Flooded {
  /** Answers that began. */
  answers: number;
  /** Bytes of them. */
  bytes: number;
  ended: boolean;
}

/** Writes a request `count` times to one connection at once, and closes it at its end or after the maximum duration. */
export async function pipeline(
  port: number,
  text: string,
  count: number,
  { from = '127.0.0.2', read = true, ms = 5000 }: FloodOptions = {},
): Promise<Flooded> {
  const socket = await dial(port, from);
  const got = read ? counted(socket) : { answers: 0, bytes: 0 };
  const done = new Promise<void>((resolve) => {
    if (read) socket.on('data', () => got.answers >= count && resolve());
  });
  socket.write(text.repeat(count));
  const ended = await Promise.race([
    closedWithin(socket, ms),
    // The last answer's body follows its head.
    done.then(() => closedWithin(socket, 100)),
  ]);
  socket.destroy();
  return { ...got, ended };
}

const HEAD = Buffer.from('HTTP/1.1 ');

/** Counts answers without storing them. A head split over two chunks is missed. */
function counted(socket: Socket): { answers: number; bytes: number } {
  const got = { answers: 0, bytes: 0 };
  socket.on('data', (chunk: Buffer) => {
    got.bytes += chunk.length;
    for (let at = chunk.indexOf(HEAD); at >= 0; at = chunk.indexOf(HEAD, at + HEAD.length)) {
      got.answers++;
    }
  });
  return got;
}

/** Opens `count` connections as fast as possible and writes the request on each; returns the established ones. */
export async function connections(
  port: number,
  text: string,
  count: number,
  from = '127.0.0.2',
): Promise<Socket[]> {
  const settled = await Promise.allSettled(
    Array.from({ length: count }, async () => {
      const socket = await dial(port, from);
      socket.resume();
      socket.write(text);
      return socket;
    }),
  );
  return settled.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
}

/** Ends all of them and waits until they are closed. */
export async function closeAll(sockets: readonly Socket[]): Promise<void> {
  await Promise.all(
    sockets.map(async (socket) => {
      if (socket.closed) return;
      socket.destroy();
      await once(socket, 'close');
    }),
  );
}
