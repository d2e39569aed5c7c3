/**
 * Server-sent events for many streams with bounded memory: nothing is queued. A stream takes the next message
 * from its sources only when its connection has room, so a slow or stuck tab gets the latest state later
 * instead of every state in between.
 */

/** A source of messages for one stream. */
export interface Source {
  /** Calls `notify` when `take` may have a message; returns a function that unsubscribes. */
  subscribe(notify: () => void): () => void;
  /** Returns the next message (`encodeMessage`); null when there is none. */
  take(): Uint8Array | null;
  /** Whether there will be none, which ends the stream. Without it a stream does not end by itself. */
  isOver?(): boolean;
}

const encoder = new TextEncoder();

/** A message on the wire: its event's name and its JSON. `id`: what a client that reconnects sends as Last-Event-ID. */
export function encodeMessage(event: string, json: string, id?: string): Uint8Array {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return encoder.encode(`event: ${event}\n${idLine}data: ${json}\n\n`);
}

const OPEN = Symbol.for('clusterhat.live.open');
const CLOSED = Symbol.for('clusterhat.live.closed');
type Global = { [OPEN]?: Map<() => void, unknown>; [CLOSED]?: boolean };

/** The close functions of all open streams with their owners; global, as pages and routes can have their own instances of this module. */
function openStreams(): Map<() => void, unknown> {
  const scope = globalThis as Global;
  scope[OPEN] ??= new Map();
  return scope[OPEN];
}

/**
 * Sends `bye` to every open stream and closes it; streams that are opened later close at once. An open one would
 * keep the server alive after SIGTERM, and every tab reconnects at once.
 */
export function closeStreams(): void {
  (globalThis as Global)[CLOSED] = true;
  for (const close of openStreams().keys()) close();
}

/** Whether the server is shutting down: `closeStreams` was called. */
export function streamsClosed(): boolean {
  return (globalThis as Global)[CLOSED] === true;
}

/** Maximum open streams: far more than a household has tabs, and what a small machine can serve. */
const MAX_STREAMS = 300;

/** Number of open streams. */
export function streamCount(): number {
  return openStreams().size;
}

/** Maximum streams of one client or one session: a class behind one address signs in, or sets TRUSTED_PROXY. */
const MAX_PER_OWNER = 50;

/** Which limit prevents another stream of `owner`; null: none. */
export function streamsFull(owner: unknown): 'owner' | 'server' | null {
  const owners = [...openStreams().values()];
  if (owners.filter((other) => other === owner).length >= MAX_PER_OWNER) return 'owner';
  return owners.length >= MAX_STREAMS ? 'server' : null;
}

/** Time after which a browser reconnects (ms): a run ends later than that after its last viewer has left. */
const RETRY = 'retry: 1000\n\n';

/**
 * A stream that had no room for a message for this long is closed (ms). Its client stopped reading; or there
 * never was one, when a connection was closed before Next handled its request.
 */
const NO_ROOM_MS = 30_000;

/** The last message before the server shuts down. */
const BYE = encodeMessage('bye', '{"kind":"bye"}');

/** The first and the last bytes of a stream. */
export interface StreamEnds {
  first: Uint8Array | null;
  /** Sent when the server shuts down. */
  last: Uint8Array | null;
}

const SSE_ENDS: StreamEnds = { first: encoder.encode(RETRY), last: BYE };

/**
 * Streams the messages of `sources` until one of them ends, the client leaves (`left`) or reads nothing for 30 s, or
 * `closeStreams` is called. Counts towards `owner`'s limit.
 */
export function sseStream(
  sources: readonly Source[],
  left: AbortSignal,
  owner: unknown,
  { first, last }: StreamEnds = SSE_ENDS,
): ReadableStream<Uint8Array> {
  let end = () => {};
  let pump = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      // Continues in turn at the next pull: a slow connection has room for one message at a time, and a
      // source that always has a message would starve the others.
      let turn = 0;
      let watchdog: NodeJS.Timeout | undefined;
      const watch = () => {
        if ((controller.desiredSize ?? 0) > 0) {
          clearTimeout(watchdog);
          watchdog = undefined;
        } else watchdog ??= setTimeout(end, NO_ROOM_MS).unref();
      };
      pump = () => {
        if (!open) return;
        watch();
        let empty = 0;
        while (empty < sources.length && (controller.desiredSize ?? 0) > 0) {
          const message = sources[turn]?.take() ?? null;
          turn = (turn + 1) % sources.length;
          empty = message === null ? empty + 1 : 0;
          if (message !== null) controller.enqueue(message);
        }
        if (empty >= sources.length && sources.some((source) => source.isOver?.())) return end();
        watch();
      };
      const unsubscribe = sources.map((source) => source.subscribe(pump));
      end = () => {
        if (!open) return;
        open = false;
        clearTimeout(watchdog);
        openStreams().delete(end);
        left.removeEventListener('abort', end);
        for (const stop of unsubscribe) stop();
        try {
          if (streamsClosed() && last) controller.enqueue(last);
          controller.close();
        } catch {
          // Already cancelled by the client.
        }
      };
      openStreams().set(end, owner);
      left.addEventListener('abort', end);
      if (left.aborted || streamsClosed()) end();
      else {
        if (first) controller.enqueue(first);
        pump();
      }
    },
    pull() {
      pump();
    },
    cancel() {
      end();
    },
  });
}

/** Headers of the stream: `no-transform` prevents Next from compressing, and so buffering, it. */
export const SSE_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
} as const;
