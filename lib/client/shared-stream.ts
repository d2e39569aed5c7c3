import { BUILD } from '@/lib/build';
import type { LiveStream } from './live-stream';
import type { StreamEvents } from './stream';
import type { PageMessage, WorkerMessage } from './shared-messages';

/** The worker's script, relative to the page (scripts/lib/build.mjs). */
const WORKER = `_next/static/live-${BUILD}.js`;

/** The worker sends a message at least every two seconds; after this time without one it has ended (ms). */
const SILENCE = 6000;
/** Time for the worker to answer a page that is shown (ms); it may have to be loaded first. */
const START = 5000;
/** How often a visible page answers the worker's messages (ms). */
const ALIVE = 30_000;

/**
 * Joins the worker that holds the connection for all pages of this browser. One that does not answer is started
 * again; calls `giveUp` once if it still does not, or cannot be started.
 */
export function openSharedStream(events: StreamEvents, giveUp: () => void): LiveStream {
  let port: MessagePort | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  /** It was started again, and has sent nothing since. */
  let retried = false;
  let sentAt = 0;

  const send = (message: PageMessage) => {
    sentAt = performance.now();
    port?.postMessage(message);
  };
  const leave = () => {
    clearTimeout(timer);
    send('closed');
    port?.close();
    port = undefined;
  };
  const close = () => {
    leave();
    document.removeEventListener('visibilitychange', show);
    removeEventListener('pagehide', leave);
    removeEventListener('pageshow', restore);
  };
  const fail = () => {
    if (!port) return;
    close();
    giveUp();
  };
  const expectMessage = (ms: number) => {
    clearTimeout(timer);
    timer = setTimeout(() => {
      events.link('silent');
      if (retried) return fail();
      retried = true;
      leave();
      join();
    }, ms);
  };
  const receive = ({ data: { text, link, refused } }: MessageEvent<WorkerMessage>) => {
    retried = false;
    if (document.hidden) clearTimeout(timer);
    else {
      expectMessage(SILENCE);
      if (performance.now() - sentAt >= ALIVE) send('alive');
    }
    if (text !== undefined) events.message(text);
    if (refused) events.refused(refused);
    // Before its first message a new connection changes nothing here.
    if (link && link !== 'connecting') events.link(link);
  };
  const show = () => {
    if (document.hidden) {
      clearTimeout(timer);
      send('hidden');
    } else {
      expectMessage(START);
      send('shown');
    }
  };
  const join = () => {
    try {
      const worker = new SharedWorker(WORKER, { name: BUILD });
      worker.addEventListener('error', fail);
      port = worker.port;
    } catch {
      // Storage, and with it shared workers, may be blocked.
      close();
      return giveUp();
    }
    port.addEventListener('message', receive);
    port.start();
    show();
  };
  /** A page that the browser kept and shows again. */
  const restore = ({ persisted }: PageTransitionEvent) => {
    if (persisted) join();
  };
  document.addEventListener('visibilitychange', show);
  addEventListener('pagehide', leave);
  addEventListener('pageshow', restore);
  join();
  return { reconnect: () => send('reconnect'), close };
}
