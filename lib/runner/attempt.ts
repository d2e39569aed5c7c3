import http from 'node:http';
import type { ErrorKind } from '@/lib/curl/run';
import type { MonotonicClock } from './clock';
import { connectionError, statusError } from './error-kind';
import { readInPieces } from './read-in-pieces';

/** Maximum of 1xx answers before the final one: Node's header limit applies to each of them separately. */
const MAX_ANNOUNCEMENTS = 5;
/** Maximum of chunks in a body. Each is a separate buffer, even a single byte. */
const MAX_CHUNKS = 256;

/** Bounds on one request. */
export interface RequestLimits {
  /** From sending to the connection, in ms. */
  readonly connectMs: number;
  /** From the connection to the last byte, in ms; slow bytes do not extend it. */
  readonly readMs: number;
  /** Maximum bytes of a body that are read; the connection is closed there. */
  readonly bodyBytes: number;
  /** Maximum bytes of headers; more is an error. */
  readonly headerBytes: number;
}

/** One request and where it is sent. */
export interface HttpRequest {
  /** Numeric, without brackets. */
  readonly address: string;
  readonly port: number;
  readonly path: string;
  readonly method: 'GET' | 'HEAD';
  /** Reuses connections; null: a new connection. */
  readonly agent: http.Agent | null;
  /** Sent as `X-Request-Id`: a service that logs it has a line to this answer. */
  readonly requestId?: string;
  /** Returns what arrived as `received`, and reads the body of an error too. */
  readonly keep?: boolean;
}

/** What arrived of one response. */
export interface Received {
  /** Of the final response; null when none could be read. */
  readonly head: Pick<
    http.IncomingMessage,
    'httpVersion' | 'statusCode' | 'statusMessage' | 'rawHeaders'
  > | null;
  /** The body, at most `bodyBytes`. */
  readonly bytes: Uint8Array;
  /** The body was read to its end. */
  readonly complete: boolean;
  /** Why bytes that arrived are no response. */
  readonly unreadable: 'headers too long' | 'not HTTP' | null;
}

/** Callbacks of a request: for each new connection, and once at its end. */
export interface RequestEvents<T> {
  connect(): void;
  done(outcome: T): void;
}

/** Outcome of one request on one connection. */
export interface AttemptOutcome {
  /** The clock's `now` when it was sent. */
  readonly sentAt: number;
  /** The clock's `now` at the last byte, or at the failure. */
  readonly endedAt: number;
  readonly connectMs: number | null;
  readonly firstByteMs: number | null;
  readonly status: number | null;
  readonly body: string;
  /** The body was longer than the limit. */
  readonly truncated: boolean;
  readonly error: ErrorKind | null;
  /** A reused connection was closed before the first byte of the answer. */
  readonly stale: boolean;
  /** Null unless the request has `keep`. */
  readonly received: Received | null;
}

/**
 * Sends one request and calls back once at its end. The returned function destroys the socket; no
 * callback follows.
 */
export function attempt(
  { address, port, path, method, agent, requestId, keep: keeps = false }: HttpRequest,
  limits: RequestLimits,
  clock: MonotonicClock,
  on: RequestEvents<AttemptOutcome>,
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
  let head: Received['head'] = null;
  let complete = false;
  let unreadable: Received['unreadable'] = null;

  const request = http.request({
    host: address,
    port,
    path,
    method,
    // Without an agent each request has a new connection: the routing mesh balances per connection.
    agent: agent ?? false,
    headers: {
      accept: '*/*',
      connection: agent ? 'keep-alive' : 'close',
      'user-agent': 'clusterhat-swarm',
      ...(requestId === undefined ? {} : { 'x-request-id': requestId }),
    },
    maxHeaderSize: limits.headerBytes,
    insecureHTTPParser: false,
    lookup: (hostname, _options, callback) =>
      callback(new Error(`${hostname} is not a numeric address`), '', 4),
    ...readInPieces,
  });

  let cancelTimer = clock.after(limits.connectMs, () => end('connect timeout'));
  let unsubscribe = () => {};

  const close = (keep: boolean) => {
    over = true;
    cancelTimer();
    unsubscribe();
    if (!keep) request.destroy();
  };

  /** `keep`: the answer is complete, so its connection can be reused. */
  const end = (
    error: ErrorKind | null,
    { truncated = false, keep = false, closed = false } = {},
  ) => {
    if (over) return;
    const endedAt = clock.now();
    close(keep && agent !== null);
    const bytes = Buffer.concat(chunks);
    const body = bytes.toString('utf8');
    const stale = closed && reused && firstByteMs === null;
    const received = keeps ? { head, bytes, complete, unreadable } : null;
    const times = { sentAt, endedAt, connectMs, firstByteMs };
    on.done({ ...times, status, body, truncated, error, stale, received });
  };

  const onConnection = () => {
    connected = true;
    cancelTimer();
    cancelTimer = clock.after(limits.readMs, () => end('read timeout'));
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
      // Twice the limits: blank lines before the head and chunk headers are counted nowhere else.
      if (rawBytes > 2 * (limits.headerBytes + limits.bodyBytes))
        end(statusError(status), { truncated: true });
    };
    // Not `request.reusedSocket`: Node leaves it false for a request that had to wait for the socket.
    reused = !socket.connecting;
    if (reused) onConnection();
    else socket.once('connect', onConnect);
    // Before Node's own listener, which emits the response: that can end the request at once.
    socket.prependListener('data', onData);
    unsubscribe = () => {
      socket.off('connect', onConnect);
      socket.off('data', onData);
    };
  });
  request.on('response', (response) => {
    status = response.statusCode ?? null;
    head = response;
    const refusal = statusError(status);
    // A kept connection can be reused only when the answer has been read to its end.
    if (refusal && !agent && !keeps) return end(refusal);
    response.on('data', (chunk: Buffer) => {
      if (over) return;
      const room = limits.bodyBytes - bytes;
      chunks.push(chunk.subarray(0, room));
      bytes += chunk.length;
      if (chunk.length > room || chunks.length > MAX_CHUNKS) end(refusal, { truncated: true });
    });
    response.on('end', () => {
      complete = response.complete;
      end(complete ? refusal : 'closed', { keep: true });
    });
    response.on('error', () => end('closed'));
  });
  let announcements = 0;
  request.on('information', () => {
    announcements += 1;
    if (announcements > MAX_ANNOUNCEMENTS) end('only 1xx');
  });
  request.on('upgrade', (response, socket) => {
    status = response.statusCode ?? null;
    head = response;
    socket.destroy();
    end('bad body');
  });
  request.on('error', (error: NodeJS.ErrnoException) => {
    const kind = connectionError(error, connected);
    if (kind === 'bad body') unreadable = unreadableBecause(error);
    end(kind, { closed: kind === 'closed' || kind === 'reset' });
  });
  request.on('close', () => end(connected ? 'closed' : 'not sent', { closed: true }));
  request.end();
  // Time before this line is the dashboard's own and counts as lateness, not as latency.
  const sentAt = clock.now();

  return () => {
    if (!over) close(false);
  };
}

function unreadableBecause({ code }: NodeJS.ErrnoException): Received['unreadable'] {
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers too long' : 'not HTTP';
}
