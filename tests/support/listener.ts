import net from 'node:net';
import { onTestFinished, vi } from 'vitest';
import { pourOnRequest } from './pour';

/** Handles one connection; `n` counts connections from 1. */
export type Manner = (socket: net.Socket, n: number) => void;

/** A listener on loopback and its connections. */
export interface Listener {
  readonly port: number;
  /** Connections so far. */
  readonly seen: number;
  /** Connections that are open now. */
  readonly open: number;
}

/** Listens on loopback until the end of the test and handles every connection with `manner`. */
export async function listen(manner: Manner): Promise<Listener> {
  const sockets = new Set<net.Socket>();
  let seen = 0;
  const server = net.createServer((socket) => {
    seen += 1;
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // Clients may disconnect at any time: that is under test.
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

/** A port on loopback without a listener. */
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

/** Sends this text after the request's headers have arrived, and closes. */
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

/** The echo service's response from a container. */
export function echo(container: string): string {
  return response('200 OK', `This is ${container} running on linux/arm saying: Hello!\n`);
}

/** Handles connections with these manners in turn. */
export function inTurn(...manners: Manner[]): Manner {
  return (socket, n) => manners[(n - 1) % manners.length]?.(socket, n);
}

/** Misbehaving targets. */
export const BAD = {
  /** Redirects. */
  redirect: (port: number): Manner =>
    reply(response('302 Found', '', [`Location: http://127.0.0.1:${port}/`])),
  /** Sends its body byte by byte and never ends. */
  drip: ((socket) => {
    socket.once('data', () => {
      socket.write('HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n');
      const drop = () => socket.write('.', () => setTimeout(drop, 5).unref());
      drop();
    });
  }) as Manner,
  /** Accepts and never responds. */
  silent: ((socket) => socket.resume()) as Manner,
  /** Responds with something other than HTTP. */
  garbage: reply(Buffer.from('\u0000\u0001SSH-2.0-OpenSSH_9.2\r\n', 'latin1')),
  /** An endless body, as fast as the peer reads. */
  huge: pourOnRequest(
    'HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n',
    Buffer.alloc(65536, 'x'),
  ),
  /** Endless headers, as fast as the peer reads. */
  headers: pourOnRequest('HTTP/1.1 200 OK\r\n', `X-Bomb: ${'x'.repeat(1000)}\r\n`.repeat(64)),
  /** Endless early hints (RFC 8297), as fast as the peer reads. */
  hints: pourOnRequest('', 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n'.repeat(64)),
  /** Resets the connection instead of responding. */
  reset: ((socket) => {
    socket.once('data', () => socket.resetAndDestroy());
  }) as Manner,
  /** Closes the connection instead of responding. */
  hangUp: ((socket) => {
    socket.once('data', () => socket.end());
  }) as Manner,
  /** Resets the connection in the middle of its body. */
  halfReset: ((socket) => {
    socket.once('data', () => {
      const head = 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is';
      // After the client has received it: a reset discards unread data.
      socket.write(head, () => setTimeout(() => socket.resetAndDestroy(), 20).unref());
    });
  }) as Manner,
  /** Closes the connection in the middle of its body. */
  short: reply('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nThis is'),
};
