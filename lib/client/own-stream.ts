import { openWhileSeen } from './seen-connection';
import { openStream, type StreamEvents } from './stream';
import type { LiveStream } from './live-stream';

/** A page's own connection, where it cannot share one: given up while the page is hidden. */
export function openOwnStream(
  url: string,
  events: StreamEvents,
  isBusy: () => boolean,
): LiveStream {
  const isSeen = () => !document.hidden;
  const connection = openWhileSeen(() => openStream(url, events, isSeen), isBusy);
  const update = () => connection.setSeen(isSeen());
  document.addEventListener('visibilitychange', update);
  addEventListener('pageshow', update);
  update();
  return {
    reconnect: () => connection.reconnect(),
    close() {
      document.removeEventListener('visibilitychange', update);
      removeEventListener('pageshow', update);
      connection.close();
    },
  };
}
