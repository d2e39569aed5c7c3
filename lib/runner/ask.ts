import http from 'node:http';
import type { ErrorKind } from '@/lib/curl/run';
import type { Clock } from './clock';

/** Bounds on one request; no answer can cost more than these. */
export interface AskLimits {
  /** From sending to the connection, milliseconds. */
  readonly connectMs: number;
  /** From the connection to the last byte, milliseconds: a slow drip does not stretch it. */
  readonly readMs: number;
  /** The most bytes of a body that are read; the connection is cut there. */
  readonly bodyBytes: number;
  /** The most bytes of headers; more is no answer. */
  readonly headerBytes: number;
}

/** The most answers of 1xx before the answer proper: each is let through anew by the limit on headers. */
const MAX_ANNOUNCEMENTS = 5;

/** What became of one request, before anyone asks who answered. */
export interface Asked {
  /** The clock's `now` when it was sent. */
  readonly sentAt: number;
  /** The clock's `now` at the last byte, or at the failure. */
  readonly endedAt: number;
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  readonly status: number | null;
  readonly body: string;
  /** The body went on beyond the limit. */
  readonly truncated: boolean;
  readonly error: ErrorKind | null;
}

/** What is asked, and of whom. */
export interface Question {
  /** Numeric, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  /** Keeps connections to use them again; null: a connection for this request alone. */
  readonly agent: http.Agent | null;
}

/**
 * Sends one request and tells once what became of it. Follows no redirect, asks no resolver (the
 * address is numeric). The returned function destroys the socket; then nothing is told.
 */
export function ask(
  { address, port, path, method, agent }: Question,
  limits: AskLimits,
  clock: Clock,
  on: { connect(): void; done(asked: Asked): void },
): () => void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let connected = false;
  let connectMs: number | null = null;
  let firstByteMs: number | null = null;
  let status: number | null = null;
  let over = false;

  const request = http.request({
    host: address,
    port,
    path,
    method,
    // Without an agent a connection per request: the routing mesh takes turns per connection.
    agent: agent ?? false,
    headers: {
      accept: '*/*',
      connection: agent ? 'keep-alive' : 'close',
      'user-agent': 'clusterhat-swarm',
    },
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    lookup: (hostname, _options, callback) =>
      callback(new Error(`${hostname} is not a numeric address`), '', 4),
  });

  let callOff = clock.after(limits.connectMs, () => end('connect timeout'));
  let unhear = () => {};

  const close = (keep: boolean) => {
    over = true;
    callOff();
    unhear();
    if (!keep) request.destroy();
  };

  /** `keep`: the answer is complete, so that its connection can be used again. */
  const end = (error: ErrorKind | null, { truncated = false, keep = false } = {}) => {
    if (over) return;
    const endedAt = clock.now();
    close(keep && agent !== null);
    const body = Buffer.concat(chunks).toString('utf8');
    on.done({ sentAt, endedAt, connectMs, firstByteMs, status, body, truncated, error });
  };

  const onConnection = () => {
    connected = true;
    callOff();
    callOff = clock.after(limits.readMs, () => end('read timeout'));
  };

  request.on('socket', (socket) => {
    const onConnect = () => {
      if (over) return;
      connectMs = clock.now() - sentAt;
      onConnection();
      on.connect();
    };
    const onData = () => {
      firstByteMs = clock.now() - sentAt;
    };
    // A socket that is used again has connected long ago.
    if (request.reusedSocket) onConnection();
    else socket.once('connect', onConnect);
    // Before Node's own listener, which tells of a response and may have it refused at once.
    socket.prependOnceListener('data', onData);
    unhear = () => {
      socket.off('connect', onConnect);
      socket.off('data', onData);
    };
  });
  request.on('response', (response) => {
    status = response.statusCode ?? null;
    const refusal = statusError(status);
    // A kept connection can be used again only when the refusal has been read to its end.
    if (refusal && !agent) return end(refusal);
    response.on('data', (chunk: Buffer) => {
      if (over) return;
      const room = limits.bodyBytes - bytes;
      chunks.push(chunk.subarray(0, room));
      bytes += chunk.length;
      if (chunk.length > room) end(refusal, { truncated: true });
    });
    response.on('end', () => end(response.complete ? refusal : 'reset', { keep: true }));
    response.on('error', () => end('reset'));
  });
  let announcements = 0;
  request.on('information', () => {
    announcements += 1;
    if (announcements > MAX_ANNOUNCEMENTS) end('bad body');
  });
  request.on('upgrade', (response, socket) => {
    status = response.statusCode ?? null;
    socket.destroy();
    end('bad body');
  });
  request.on('error', (error) => end(errorKind(error, connected)));
  request.on('close', () => end(connected ? 'reset' : 'refused'));
  request.end();
  // From here on it is the network's time; until here it was ours, and counts as lateness.
  const sentAt = clock.now();

  return () => {
    if (!over) close(false);
  };
}

/** Only 2xx is an answer; a number that HTTP has no class for is none either (RFC 9110, 15). */
function statusError(status: number | null): ErrorKind | null {
  if (status === null || status < 200 || status >= 600) return 'bad body';
  if (status < 300) return null;
  if (status < 400) return '3xx';
  return status < 500 ? '4xx' : '5xx';
}

/** Nobody is at the address: the kernel has given up asking for it. */
const UNREACHABLE = new Set(['EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ETIMEDOUT']);

function errorKind(error: NodeJS.ErrnoException, connected: boolean): ErrorKind {
  const code = error.code ?? '';
  // llhttp's errors: what came is not HTTP, or its headers do not fit.
  if (code.startsWith('HPE_')) return 'bad body';
  if (connected) return 'reset';
  return UNREACHABLE.has(code) ? 'connect timeout' : 'refused';
}
