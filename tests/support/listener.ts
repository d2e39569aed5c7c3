import net from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { pourOnRequest } from './pour';

/** How a listener treats one connection; `n` counts them from 1. */
export type Manner = (socket: net.Socket, n: number) => void;

/** A listener on loopback with what it has seen. */
export interface Listener {
  readonly port: number;
  /** Connections so far. */
  readonly seen: number;
  /** Connections that are open now. */
  readonly open: number;
}

/** Listens on loopback until the test is over, treating every connection in the given manner. */
export async function listen(manner: Manner): Promise<Listener> {
  const sockets = new Set<net.Socket>();
  let seen = 0;
  const server = net.createServer((socket) => {
    seen += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // The client leaves whenever it likes: that is what is tested.
    socket.on('error', () => {});
    manner(socket, seen);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    port: address.port,
    get seen() {
      return seen;
    },
    get open() {
      return sockets.size;
    },
  };
}

/** A port on loopback where nobody listens. */
export async function closedPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Waits until an expectation holds. */
export function until(expectation: () => void): Promise<void> {
  return vi.waitFor(expectation, { interval: 2, timeout: 5000 });
}

/** Answers with this text once the request's headers are in, and closes. */
export function reply(text: string | Buffer): Manner {
  return (socket) => {
    socket.once('data', () => socket.end(text));
  };
}

/** An HTTP response. */
export function response(status: string, body = '', headers: string[] = []): string {
  const head = [`HTTP/1.1 ${status}`, `Content-Length: ${Buffer.byteLength(body)}`, ...headers];
  return `${head.join('\r\n')}\r\nConnection: close\r\n\r\n${body}`;
}

/** The echo service's answer from a container. */
export function echo(container: string): string {
  return response('200 OK', `This is ${container} running on linux/arm saying: Hello!\n`);
}

/** Takes turns between manners, one connection each. */
export function inTurn(...manners: Manner[]): Manner {
  return (socket, n) => manners[(n - 1) % manners.length]?.(socket, n);
}

/** Every way in which a target can misbehave. */
export const BAD = {
  /** Sends elsewhere. */
  redirect: (port: number): Manner =>
    reply(response('302 Found', '', [`Location: http://127.0.0.1:${port}/`])),
  /** Sends a byte of its body whenever the last one has left, and never ends. */
  drip: ((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
      const drop = () => socket.write('.', () => setTimeout(drop, 5).unref());
      drop();
    });
  }) as Manner,
  /** Accepts and says nothing. */
  silent: ((socket) => socket.resume()) as Manner,
  /** Answers something that is not HTTP. */
  garbage: reply(Buffer.from('\u0000\u0001SSH-2.0-OpenSSH_9.2\r\n', 'latin1')),
  /** A body without an end, as fast as the other side takes it. */
  huge: pourOnRequest(
    'HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n',
    Buffer.alloc(65536, 'x'),
  ),
  /** Headers without an end, as fast as the other side takes them. */
  headers: pourOnRequest('HTTP/1.1 200 OK\r\n', `X-Bomb: ${'x'.repeat(1000)}\r\n`.repeat(64)),
  /** Announces an answer again and again (RFC 8297), as fast as the other side takes it. */
  hints: pourOnRequest('', 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'.repeat(64)),
  /** Breaks the connection instead of answering. */
  reset: ((socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  }) as Manner,
  /** Closes the connection instead of answering. */
  hangUp: ((socket) => {
    socket.once('data', () => socket.end());
  }) as Manner,
  /** Breaks the connection in the middle of its body. */
  halfReset: ((socket) => {
    socket.once('data', () => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is';
      // Once the client has it: a reset throws away what it has not read.
      socket.write(head, () => setTimeout(() => socket.resetAndDestroy(), 20).unref());
    });
  }) as Manner,
  /** Ends in the middle of its body. */
  short: reply('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is'),
};
