import type { ConnectionState } from './cache';
import { askWhyRefused, type StreamRefusal } from './refusal';

const KINDS = ['hello', 'view', 'patch', 'status', 'run', 'timeline', 'bye'] as const;

/** Waits between tries, in ms: a server that is back is found within two seconds. */
const RETRY = [500, 1000, 1500];

/** The server says something at least every second or two; this long without a word is silence. */
const SILENCE = 5000;

/** The clock has gone on by so much more than a second since the last second: the machine slept (ms). */
const SLEPT = 4000;

/** What `openStream` tells its owner. */
export interface StreamEvents {
  /** The JSON text of one message. */
  message(text: string): void;
  link(link: ConnectionState): void;
  /** The server answers, but not with a stream: the link is `refused` then. */
  refused(problem: StreamRefusal['problem']): void;
}

/** An open stream. */
export interface LiveStream {
  /** Starts over: for a tab that has lost track. */
  reconnect(): void;
  close(): void;
}

/**
 * Keeps one EventSource open and tells what comes. It reconnects by itself: the browser's own
 * retry is left aside because it waits three seconds and gives up for good on some answers.
 * At once when the tab is shown again or the network is back.
 */
export function openStream(url: string, events: StreamEvents): LiveStream {
  let source: EventSource | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let tries = 0;
  let refused = false;
  /** When something was last heard, and when the present try began (`performance.now` ms). */
  let heard = performance.now();
  let tried = heard;

  const connect = () => {
    clearTimeout(timer);
    timer = undefined;
    source?.close();
    tried = performance.now();
    const mine = new EventSource(url);
    source = mine;
    for (const kind of KINDS) {
      mine.addEventListener(kind, (event: MessageEvent<string>) => {
        heard = performance.now();
        tries = 0;
        refused = false;
        events.link('open');
        events.message(event.data);
      });
    }
    mine.onerror = () => void retry(mine);
  };

  const retry = async (failed: EventSource) => {
    // A browser tries again by itself after a connection that broke off, and never after a refusal.
    const answered = failed.readyState === EventSource.CLOSED;
    failed.close();
    if (failed !== source) return;
    const refusal = answered ? await askWhyRefused(url) : null;
    if (failed !== source) return;
    refused = refusal !== null;
    if (refusal) {
      events.refused(refusal.problem);
      events.link('refused');
    } else if (performance.now() - heard < SILENCE) events.link('lost');
    const pause = refusal?.retryMs ?? RETRY[Math.min(tries++, RETRY.length - 1)];
    timer = setTimeout(connect, pause);
  };

  let ticked = Date.now();
  const watch = setInterval(() => {
    const slept = Date.now() - ticked > SLEPT;
    ticked = Date.now();
    // `performance.now` may stand still in sleep, so what was heard last seems to be just now. A
    // hidden tab's timers are slowed down, which looks the same.
    if (slept && !document.hidden) return connect();
    const now = performance.now();
    if (now - heard < SILENCE) return;
    if (!refused) events.link('silent');
    // A connection that hangs (a cable pulled, a laptop that slept) is not coming back.
    if (timer || now - tried <= SILENCE) return;
    refused = false;
    connect();
  }, 1000);

  const hurry = () => {
    if (!document.hidden && performance.now() - heard > 2000) connect();
  };
  document.addEventListener('visibilitychange', hurry);
  addEventListener('online', hurry);
  addEventListener('pageshow', hurry);

  connect();
  return {
    reconnect: connect,
    close() {
      clearTimeout(timer);
      clearInterval(watch);
      source?.close();
      source = undefined;
      document.removeEventListener('visibilitychange', hurry);
      removeEventListener('online', hurry);
      removeEventListener('pageshow', hurry);
    },
  };
}
