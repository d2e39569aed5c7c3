import { once } from 'node:events';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect, type Socket } from 'node:net';

/** An answer, its body as text. */
export interface RawReply {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  /** From the call to the end of the body (ms). */
  ms: number;
}

/** The request of `ask`; only Host and Content-Length are added. */
export interface RawRequest {
  method?: string;
  headers?: Record<string, string | string[]>;
  body?: string | Buffer;
  /** The client's own address. */
  from?: string;
  /** Rejects without a complete answer after this time (ms). */
  within?: number;
  /** Resolves at the answer's head and closes: for endless answers. */
  headOnly?: boolean;
}

/** One request on a new connection. */
export function ask(
  port: number,
  path: string,
  {
    method = 'GET',
    headers = {},
    body,
    from = '127.0.0.1',
    within = 60_000,
    headOnly = false,
  }: RawRequest = {},
): Promise<RawReply> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        host: '127.0.0.1',
        port,
        path,
        method,
        localAddress: from,
        agent: false,
        headers: {
          ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
          ...headers,
        },
      },
      (answer) => {
        let text = '';
        const end = () => {
          clearTimeout(late);
          const { statusCode: status = 0, headers } = answer;
          resolve({ status, headers, body: text, ms: performance.now() - began });
        };
        if (headOnly) {
          end();
          asked.destroy();
          return;
        }
        answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        answer.on('error', reject);
        answer.on('end', end);
      },
    );
    const late = setTimeout(
      () => asked.destroy(new Error(`${method} ${path}: no answer within ${within} ms`)),
      within,
    );
    asked.on('error', (error) => {
      clearTimeout(late);
      reject(error);
    });
    asked.end(body);
  });
}

/** As `ask`, with a JSON body. */
export function post(
  port: number,
  path: string,
  body: unknown,
  { headers, ...question }: RawRequest = {},
): Promise<RawReply> {
  return ask(port, path, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json', ...headers },
    ...question,
  });
}

/** The text of a request without a body. */
export function requestText(
  method: string,
  path: string,
  port: number,
  headers: Record<string, string> = {},
): string {
  const lines = Object.entries({ Host: `127.0.0.1:${port}`, ...headers });
  return `${method} ${path} HTTP/1.1\r\n${lines.map(([k, v]) => `${k}: ${v}\r\n`).join('')}\r\n`;
}

/** Opens a connection whose errors are ignored; resolves when it is established. */
export async function dial(
  port: number,
  from = '127.0.0.1',
  { allowHalfOpen = false } = {},
): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, allowHalfOpen });
  await once(socket, 'connect');
  socket.on('error', () => {});
  return socket;
}

/** What a connection received. */
export interface Exchange {
  text: string;
  /** The status of each answer in turn. */
  statuses: number[];
  /** The server ended the connection. */
  ended: boolean;
}

/** Sends bytes as they are and reads until the server ends the connection, or for `ms`. */
export async function exchange(
  port: number,
  bytes: string | Buffer,
  { ms = 2000, from = '127.0.0.1' } = {},
): Promise<Exchange> {
  const socket = await dial(port, from);
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  socket.write(bytes);
  const ended = await closedWithin(socket, ms);
  socket.destroy();
  return { text, statuses: statusesOf(text), ended };
}

/** The statuses in the text of pipelined answers. */
export function statusesOf(text: string): number[] {
  return Array.from(text.matchAll(/HTTP\/1\.1 (\d{3}) /g), ([, status]) => Number(status));
}

/** Resolves when the connection is closed, or after `ms`; returns whether it is closed. */
export async function closedWithin(socket: Socket, ms: number): Promise<boolean> {
  if (socket.closed) return true;
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(false), ms);
    socket.once('close', () => {
      clearTimeout(timer);
      resolve(true);
    });
  });
}

/** Path of a script of the page. */
export async function staticPath(port: number): Promise<string> {
  const { body } = await ask(port, '/');
  const path = /(?:src|href)="([^"]*_next\/static\/[^"]+\.js)"/.exec(body)?.[1];
  if (!path) throw new Error('the page names no script');
  return new URL(path, `http://127.0.0.1:${port}/`).pathname;
}
