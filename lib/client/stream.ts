import type { LiveMessage } from '@/lib/api';
import type { ConnectionState } from './cache';
import { fetchRefusal, type StreamRefusal } from './refusal';

const KINDS = ['hello', 'view', 'patch', 'status', 'run', 'timeline', 'bye'] as const;

/** Pauses between attempts (ms): a server that is back is noticed within two seconds. */
const RETRY = [500, 1000, 1500];

/** Shortest time between two requested connections (ms). */
const MIN_INTERVAL = 500;

/** The server sends a message at least every two seconds; after this time without one it is silent (ms). */
const SILENCE = 5000;

/** If more time than this passed since the last tick, the machine was asleep (ms). */
const ASLEEP = 4000;

/** Callbacks of a page's stream. */
export interface StreamEvents {
  /** The JSON text of one message. */
  message(text: string): void;
  link(link: ConnectionState): void;
  /** The server responds with a problem instead of a stream; the link is `refused` then. */
  refused(problem: StreamRefusal['problem']): void;
}

/** Callbacks of `openStream`. */
export interface ConnectionEvents extends Omit<StreamEvents, 'message'> {
  /** The JSON text of one message, and its event's name. */
  message(text: string, kind: LiveMessage['kind']): void;
}

/** An open connection. */
export interface StreamConnection {
  /** Opens a new one. At most twice a second, in case each fails in the same way. */
  reconnect(): void;
  /** Opens a new one at once, unless a message has just arrived: for a page that is seen again. */
  wake(): void;
  close(): void;
}

/**
 * Keeps one EventSource open, in a page or in the worker that pages share. It reconnects itself, because the
 * browser's own retry waits three seconds and stops after some responses; at once when the network is back.
 * `isSeen`: whether a page of it is visible.
 */
export function openStream(
  url: string,
  events: ConnectionEvents,
  isSeen: () => boolean,
): StreamConnection {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let attempts = 0;
  let refused = false;
  /** Times of the last message and of the last attempt (`performance.now`, ms). */
  let lastMessage = performance.now();
  let lastAttempt = lastMessage;

  const connect = () => {
    clearTimeout(timer);
    timer = undefined;
    source?.close();
    lastAttempt = performance.now();
    const opened = new EventSource(url);
    source = opened;
    for (const kind of KINDS) {
      opened.addEventListener(kind, (event: MessageEvent<string>) => {
        lastMessage = performance.now();
        attempts = 0;
        refused = false;
        events.link('open');
        events.message(event.data, kind);
      });
    }
    opened.onerror = () => void retry(opened);
  };

  const retry = async (failed: EventSource) => {
    // CLOSED: the server responded, but not with a stream.
    const answered = failed.readyState === EventSource.CLOSED;
    failed.close();
    if (failed !== source) return;
    const refusal = answered ? await fetchRefusal(url) : null;
    if (failed !== source) return;
    refused = refusal !== null;
    if (refusal) {
      events.refused(refusal.problem);
      events.link('refused');
    } else if (performance.now() - lastMessage < SILENCE) events.link('lost');
    const pause = refusal?.retryMs ?? RETRY[Math.min(attempts++, RETRY.length - 1)];
    timer = setTimeout(connect, pause);
  };

  let lastTick = Date.now();
  const watch = setInterval(() => {
    const asleep = Date.now() - lastTick > ASLEEP;
    lastTick = Date.now();
    // `performance.now` may stop during sleep, so the last message seems recent. The slow timers of a hidden
    // tab look the same.
    if (asleep && isSeen()) return connect();
    const now = performance.now();
    if (now - lastMessage < SILENCE) return;
    if (!refused) events.link('silent');
    // A connection that hangs (cable unplugged, laptop asleep) does not recover.
    if (timer || now - lastAttempt <= SILENCE) return;
    refused = false;
    connect();
  }, 1000);

  const wake = () => {
    if (isSeen() && performance.now() - lastMessage > 2000) connect();
  };
  addEventListener('online', wake);

  connect();
  return {
    reconnect() {
      const pause = lastAttempt + MIN_INTERVAL - performance.now();
      if (pause <= 0) return connect();
      source?.close();
      clearTimeout(timer);
      timer = setTimeout(connect, pause);
    },
    wake,
    close() {
      clearTimeout(timer);
      clearInterval(watch);
      source?.close();
      source = undefined;
      removeEventListener('online', wake);
    },
  };
}
