import http from 'node:http';
import type { ErrorKind } from '@/lib/curl/run';
import type { MonotonicClock } from './clock';
import { connectionError, statusError } from './outcome';
import { inPieces } from './pieces';

/** The most answers of 1xx before the answer proper: each is let through anew by the limit on headers. */
const MAX_ANNOUNCEMENTS = 5;
/** The most pieces that a body may come in. Each is a buffer of its own, even where it is one byte. */
const MAX_CHUNKS = 256;

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

/** What is asked, and of whom. */
export interface HttpRequest {
  /** Numeric, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  /** Keeps connections to use them again; null: a connection for this request alone. */
  readonly agent: http.Agent | null;
}

/** Callbacks of a request: for each connection that it makes, and once for its end. */
export interface AskEvents<T> {
  connect(): void;
  done(outcome: T): void;
}

/** What became of one request on one connection. */
export interface Attempted {
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
  /** The connection had been used before, and was closed before a byte of the answer came. */
  readonly stale: boolean;
}

/**
 * Sends one request and calls back once at its end. The returned function destroys the socket; no
 * callback follows.
 */
export function attempt(
  { address, port, path, method, agent }: HttpRequest,
  limits: AskLimits,
  clock: MonotonicClock,
  on: AskEvents<Attempted>,
): () => void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  let rawBytes = 0;
  let connected = false;
  let reused = false;
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
    ...inPieces,
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
  const end = (
    error: ErrorKind | null,
    { truncated = false, keep = false, closed = false } = {},
  ) => {
    if (over) return;
    const endedAt = clock.now();
    close(keep && agent !== null);
    const body = Buffer.concat(chunks).toString('utf8');
    const stale = closed && reused && firstByteMs === null;
    on.done({ sentAt, endedAt, connectMs, firstByteMs, status, body, truncated, error, stale });
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
    const onData = (chunk: Buffer) => {
      firstByteMs ??= clock.now() - sentAt;
      rawBytes += chunk.length;
      // Twice what head and body may have: line breaks before the head and chunks' own lines count nowhere else.
      if (rawBytes > 2 * (limits.headerBytes + limits.bodyBytes))
        end(statusError(status), { truncated: true });
    };
    // A socket that is used again has connected long ago. Not `request.reusedSocket`: Node leaves it
    // false for a request that had to wait for the socket.
    reused = !socket.connecting;
    if (reused) onConnection();
    else socket.once('connect', onConnect);
    // Before Node's own listener, which emits the response, and that may be refused at once.
    socket.prependListener('data', onData);
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
      if (chunk.length > room || chunks.length > MAX_CHUNKS) end(refusal, { truncated: true });
    });
    response.on('end', () => end(response.complete ? refusal : 'closed', { keep: true }));
    response.on('error', () => end('closed'));
  });
  let announcements = 0;
  request.on('information', () => {
    announcements += 1;
    if (announcements > MAX_ANNOUNCEMENTS) end('only 1xx');
  });
  request.on('upgrade', (response, socket) => {
    status = response.statusCode ?? null;
    socket.destroy();
    end('bad body');
  });
  request.on('error', (error) => {
    const kind = connectionError(error, connected);
    end(kind, { closed: kind === 'closed' || kind === 'reset' });
  });
  request.on('close', () => end(connected ? 'closed' : 'not sent', { closed: true }));
  request.end();
  // From here on it is the network's time; until here it was ours, and counts as lateness.
  const sentAt = clock.now();

  return () => {
    if (!over) close(false);
  };
}
