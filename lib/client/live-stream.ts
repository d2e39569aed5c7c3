import { openSharedStream } from './shared-stream';
import type { StreamEvents } from './stream';

/** Pause before the code of a page's own connection is requested again (ms). */
const RETRY = 1000;

/** A page's stream of live messages. */
export interface LiveStream {
  /** Opens a new connection, for a page that missed a message or a browser whose session has changed. */
  reconnect(): void;
  close(): void;
}

/**
 * Opens the stream: shared with the other pages of this browser where it has shared workers, as it opens at most
 * six connections to a server without HTTP/2 (docs/decisions/017). `isBusy`: keeps a connection of the page's own
 * open while the page is hidden.
 */
export function openLiveStream(events: StreamEvents, isBusy: () => boolean): LiveStream {
  let closed = false;
  let stream: LiveStream | undefined;
  const openOwn = () => {
    import('./own-stream').then(
      ({ openOwnStream }) => {
        if (!closed) stream = openOwnStream('api/live', events, isBusy);
      },
      () => {
        if (!closed) setTimeout(openOwn, RETRY);
      },
    );
  };
  // The development server has no such file.
  const canShare = typeof SharedWorker === 'function' && process.env.NODE_ENV === 'production';
  if (canShare) stream = openSharedStream(events, openOwn);
  else openOwn();
  return {
    reconnect: () => stream?.reconnect(),
    close() {
      closed = true;
      stream?.close();
    },
  };
}
