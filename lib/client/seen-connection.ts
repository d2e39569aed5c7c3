import type { StreamConnection } from './stream';

/** A connection that no visible page needs is closed after this time (ms). */
const HIDDEN_MS = 60_000;

/** A connection that is open while a page that needs it is visible, and some time longer. */
export interface SeenConnection {
  /** Reports whether a page is visible now: then opens the connection, or checks that it still works. */
  setSeen(seen: boolean): void;
  /** Replaces the connection by a new one, if there is one. */
  reconnect(): void;
  close(): void;
}

/** `isBusy`: it is kept open for hidden pages too, as a run ends without viewers. */
export function openWhileSeen(open: () => StreamConnection, isBusy: () => boolean): SeenConnection {
  let connection: StreamConnection | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const close = () => {
    clearTimeout(timer);
    connection?.close();
    connection = undefined;
  };
  const closeLater = () => {
    timer = setTimeout(() => (isBusy() ? closeLater() : close()), HIDDEN_MS);
  };
  return {
    setSeen(seen) {
      clearTimeout(timer);
      if (!seen) {
        if (connection) closeLater();
      } else if (connection) connection.wake();
      else connection = open();
    },
    reconnect: () => connection?.reconnect(),
    close,
  };
}
