/**
 * Server-sent events for many viewers with bounded memory: nothing is queued. A viewer asks its
 * sources for the next thing to send only when its connection has room, so a slow or stuck tab
 * gets the latest state later instead of every state in between.
 */

/** Somewhere that messages come from, for one viewer. */
export interface Source {
  /** Calls `notify` when `take` may have something; returns how to stop that. */
  subscribe(notify: () => void): () => void;
  /** The next message as JSON with its event name, or null when there is nothing new. */
  take(): { event: string; json: string } | null;
}

const OPEN = Symbol.for('clusterhat.live.open');
const CLOSED = Symbol.for('clusterhat.live.closed');
type Global = { [OPEN]?: Set<() => void>; [CLOSED]?: boolean };

/** Closers of all open streams; on `globalThis`, as pages and routes can get instances of their own of this module. */
function openStreams(): Set<() => void> {
  const scope = globalThis as Global;
  scope[OPEN] ??= new Set();
  return scope[OPEN];
}

/**
 * Ends every open stream, and lets none be opened any more: an open one would keep the server alive
 * after SIGTERM, and every tab calls again at once.
 */
export function closeStreams(): void {
  (globalThis as Global)[CLOSED] = true;
  for (const close of openStreams()) close();
}

/** Whether the server is ending: `closeStreams` was called. */
export function streamsClosed(): boolean {
  return (globalThis as Global)[CLOSED] === true;
}

/** What a browser waits before it reconnects (ms): less than the runner waits for its last watcher. */
const RETRY = 'retry: 1000\n\n';

/** A stream of what `sources` have to say, until the viewer leaves or `closeStreams` is called. */
export function sseStream(
  sources: readonly Source[],
  left: AbortSignal,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let end = () => {};
  let pump = () => {};
  return new ReadableStream<Uint8Array>({
    start(controller) {
      let open = true;
      pump = () => {
        if (!open) return;
        for (const source of sources) {
          while ((controller.desiredSize ?? 0) > 0) {
            const message = source.take();
            if (message === null) break;
            controller.enqueue(
              encoder.encode(`event: ${message.event}\ndata: ${message.json}\n\n`),
            );
          }
        }
      };
      const unsubscribe = sources.map((source) => source.subscribe(pump));
      end = () => {
        if (!open) return;
        open = false;
        openStreams().delete(end);
        left.removeEventListener('abort', end);
        for (const stop of unsubscribe) stop();
        try {
          controller.close();
        } catch {
          // Already cancelled by the viewer.
        }
      };
      openStreams().add(end);
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
