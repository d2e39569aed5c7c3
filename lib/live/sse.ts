import type { LiveMessage } from '../api';

/**
 * Server-sent events for many viewers with bounded memory: nothing is queued. A viewer asks its
 * sources for the next thing to send only when its connection has room, so a slow or stuck tab
 * gets the latest state later instead of every state in between.
 */

/** Somewhere that messages come from, for one viewer. */
export interface Source {
  /** Calls `notify` when `take` may have something; returns how to stop that. */
  subscribe(notify: () => void): () => void;
  /** The next message by `encodeMessage`, or null when there is nothing new. */
  take(): Uint8Array | null;
}

const encoder = new TextEncoder();

/** A message on the wire: its event's name and its JSON. What several viewers are sent is encoded once. */
export function encodeMessage(event: LiveMessage['kind'], json: string): Uint8Array {
  return encoder.encode(`event: ${event}\ndata: ${json}\n\n`);
}

const OPEN = Symbol.for('clusterhat.live.open');
const CLOSED = Symbol.for('clusterhat.live.closed');
type Global = { [OPEN]?: Map<() => void, unknown>; [CLOSED]?: boolean };

/** Closers of all open streams, and whose they are; on `globalThis`, as pages and routes can get instances of their own of this module. */
function openStreams(): Map<() => void, unknown> {
  const scope = globalThis as Global;
  scope[OPEN] ??= new Map();
  return scope[OPEN];
}

/**
 * Tells every open stream that the server ends, and ends it; and lets none be opened any more: an open one would keep the server alive
 * after SIGTERM, and every tab calls again at once.
 */
export function closeStreams(): void {
  (globalThis as Global)[CLOSED] = true;
  for (const close of openStreams().keys()) close();
}

/** Whether the server is ending: `closeStreams` was called. */
export function streamsClosed(): boolean {
  return (globalThis as Global)[CLOSED] === true;
}

/** Streams open at one time: far more than a household has tabs, and no more than a small machine bears. */
const MOST_STREAMS = 300;

/** Streams that are open now. */
export function streamCount(): number {
  return openStreams().size;
}

/** Streams of one client or one session: a class behind one address signs in, or names its proxy. */
const MOST_OF_OWNER = 50;

/** Whose streams have to be closed before `owner` can have another one; null: there is room. */
export function streamsFull(owner: unknown): 'owner' | 'everybody' | null {
  const owners = [...openStreams().values()];
  if (owners.filter((other) => other === owner).length >= MOST_OF_OWNER) return 'owner';
  return owners.length >= MOST_STREAMS ? 'everybody' : null;
}

/** What a browser waits before it reconnects (ms): less than the runner waits for its last watcher. */
const RETRY = 'retry: 1000\n\n';

/**
 * A stream that had no room for a message for so long is ended (ms). Its viewer stopped reading; or there
 * never was one, when a connection was gone before Next looked at its request.
 */
const NO_ROOM_MS = 30_000;

/** The last word of a server that ends, to everybody. */
const BYE = encodeMessage('bye', '{"kind":"bye"}');

/**
 * A stream of the messages of `sources`, until the viewer leaves, reads nothing for 30 s, or `closeStreams`
 * is called. It counts as one of `owner`'s.
 */
export function sseStream(
  sources: readonly Source[],
  left: AbortSignal,
  owner: unknown,
): ReadableStream<Uint8Array> {
  let end = () => {};
  let pump = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      // Goes on from one pull to the next, in turn: a slow connection has room for one message at a
      // time, and a source that always has something new would keep the others waiting for ever.
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
        let silent = 0;
        while (silent < sources.length && (controller.desiredSize ?? 0) > 0) {
          const message = sources[turn]?.take() ?? null;
          turn = (turn + 1) % sources.length;
          silent = message === null ? silent + 1 : 0;
          if (message !== null) controller.enqueue(message);
        }
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
          if (streamsClosed()) controller.enqueue(BYE);
          controller.close();
        } catch {
          // Already cancelled by the viewer.
        }
      };
      openStreams().set(end, owner);
      left.addEventListener('abort', end);
      if (left.aborted || streamsClosed()) end();
      else {
        controller.enqueue(encoder.encode(RETRY));
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

/** Headers of the stream: `no-transform` keeps Next from compressing (and so holding back) it. */
export const SSE_HEADERS = {
  'Content-Type': 'text/event-stream; charset=utf-8',
  'Cache-Control': 'no-cache, no-transform',
  'X-Accel-Buffering': 'no',
} as const;
