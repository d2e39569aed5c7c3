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

/**
 * The path without its first slash and its query, decoded if the result is one line of text.
 * Undefined where Go's server rejects the path.
 */
function echoedText(target: string): string | undefined {
  const [path = ''] = (/^[a-z]+:\/\/[^/?]*(.*)$/is.exec(target)?.[1] ?? target).split('?');
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  const bytes = Buffer.from(
    path.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  // oxlint-disable-next-line no-control-regex -- these must not be decoded
  const isLine = text !== undefined && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
  return (isLine ? text : escapedPath(path, bytes)).replace(/^\//, '');
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
