import { isUtf8 } from 'node:buffer';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';

/** The part of Node's `ServerResponse` that a response needs. */
export interface Writable {
  writeHead(status: number, headers: Record<string, string | number>): Writable;
  end(body: string): unknown;
}

/** Writes a response to a connection that Node's HTTP parser has given up on, and ends it. */
export function rawResponse(socket: Socket): Writable {
  const response: Writable = {
    writeHead(status, headers) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, 'Connection: close'];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      return response;
    },
    end: (body) => socket.end(body),
  };
  return response;
}

/**
 * Writes echo-server's response (echo-server/echo.go is the original). `hostname` is the
 * container's; `target` is the request's as Node has it, one character per byte.
 */
export function respond(
  response: Writable,
  request: { hostname: string; method: string; target: string },
): void {
  const text = echoedText(request.target);
  if (text === undefined) {
    const headers = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
    response.writeHead(400, headers);
    response.end('400 Bad Request');
    return;
  }
  const { method, hostname } = request;
  const allowed = method === 'GET' || method === 'HEAD';
  const body = allowed
    ? `This is ${hostname} running on linux/arm saying: ${text}\n`
    : 'Only GET and HEAD are answered here.\n';
  response.writeHead(allowed ? 200 : 405, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...(allowed ? {} : { Allow: 'GET, HEAD' }),
  });
  response.end(method === 'HEAD' ? '' : body);
}

/** The longest path that echo-server logs, and the longest request id. */
const MAX_LOGGED_PATH = 200;
const REQUEST_ID = /^[A-Za-z0-9._-]{1,64}$/;

/** The line that echo-server logs of a request (echo-server/requests.go); undefined where Go's server rejects it. */
export function requestLine(request: {
  method: string;
  target: string;
  id: string | undefined;
  from: string;
}): string | undefined {
  const { method, target, id, from } = request;
  if (echoedText(target) === undefined) return undefined;
  const path = pathOf(target);
  const escaped = escapedPath(path, decoded(path));
  const shown =
    escaped.length > MAX_LOGGED_PATH ? `${escaped.slice(0, MAX_LOGGED_PATH)}...` : escaped;
  const status = method === 'GET' || method === 'HEAD' ? 200 : 405;
  const known = id !== undefined && REQUEST_ID.test(id) ? id : '-';
  return `${method} ${shown} ${status} id=${known} from=${from}`;
}

/**
 * The path without its first slash and its query, decoded if the result is one line of text.
 * Undefined where Go's server rejects the path.
 */
function echoedText(target: string): string | undefined {
  const path = pathOf(target);
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  const bytes = decoded(path);
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  // oxlint-disable-next-line no-control-regex -- these must not be decoded
  const isLine = text !== undefined && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
  return (isLine ? text : escapedPath(path, bytes)).replace(/^\//, '');
}

/** The path of a request's target, which a proxy sends with scheme and host, without its query. */
function pathOf(target: string): string {
  const [path = ''] = (/^[a-z]+:\/\/[^/?]*(.*)$/is.exec(target)?.[1] ?? target).split('?');
  return path;
}

function decoded(path: string): Buffer {
  const text = path.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(text, 'latin1');
}

/** Go's `URL.EscapedPath`: the path as it was sent if that was a valid encoding. */
function escapedPath(path: string, bytes: Buffer): string {
  if (/^[\w\-.~!$&'()*+,;=:@/[\]%]*$/.test(path)) return path;
  return bytes
    .toString('latin1')
    .replace(
      /[^\w\-.~$&+,/:;=@]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}
