import type { ConnectionState } from './cache';
import type { StreamRefusal } from './refusal';
import { openWhileSeen } from './seen-connection';
import type { StreamConnection, ConnectionEvents } from './stream';
import type { PageMessage, WorkerMessage } from './shared-messages';
import { createStreamCopy } from './stream-copy';

/** The state of the connection is sent this often (ms): a page whose worker is silent starts another one. */
const HEARTBEAT_MS = 2000;

/** One connection to the dashboard's server for many pages. */
export interface Hub {
  /** Adds a page, which counts as hidden until it says otherwise; returns what handles its messages. */
  join(send: (message: WorkerMessage) => void): (message: PageMessage) => void;
}

/**
 * Passes the messages of one stream on to the visible pages. A page that becomes visible receives a copy of
 * everything first, so a hidden one costs nothing.
 */
export function createHub(
  open: (events: ConnectionEvents, isSeen: () => boolean) => StreamConnection,
): Hub {
  /** The pages, and whether each is visible. */
  const pages = new Map<(message: WorkerMessage) => void, boolean>();
  const copy = createStreamCopy();
  let link: ConnectionState = 'connecting';
  let refused: StreamRefusal['problem'] | null = null;

  const isSeen = () => [...pages.values()].includes(true);
  const sendToVisible = (message: WorkerMessage) => {
    for (const [send, visible] of pages) if (visible) send(message);
  };
  const events: ConnectionEvents = {
    message(text, kind) {
      copy.add(text, kind);
      sendToVisible({ text });
    },
    link(next) {
      if (next === link) return;
      link = next;
      if (next !== 'refused') refused = null;
      sendToVisible({ link });
    },
    refused(problem) {
      refused = problem;
      if (problem.kind !== 'sign-in-required') return sendToVisible({ refused });
      // After a session has ended, hidden pages must drop their data too.
      copy.clear();
      for (const send of pages.keys()) send({ refused });
    },
  };
  const connection = openWhileSeen(
    () => {
      copy.clear();
      link = 'connecting';
      refused = null;
      return open(events, isSeen);
    },
    () => copy.hasActiveRun(),
  );

  /** Sends a page everything; if the copy is not complete, a new connection does. */
  const catchUp = (send: (message: WorkerMessage) => void) => {
    const messages = copy.messages();
    if (messages) for (const text of messages) send({ text });
    else connection.reconnect();
  };
  let heartbeat: ReturnType<typeof setInterval> | undefined;
  const update = () => {
    const seen = isSeen();
    if (seen) heartbeat ??= setInterval(() => sendToVisible({ link }), HEARTBEAT_MS);
    else {
      clearInterval(heartbeat);
      heartbeat = undefined;
    }
    if (pages.size === 0) connection.close();
    else connection.setSeen(seen);
  };
  return {
    join(send) {
      pages.set(send, false);
      return (message) => {
        switch (message) {
          case 'shown':
            pages.set(send, true);
            update();
            catchUp(send);
            if (refused) send({ refused });
            // Always last, so that each `shown` has an answer.
            send({ link });
            break;
          case 'hidden':
            pages.set(send, false);
            update();
            break;
          case 'reconnect':
            connection.reconnect();
            break;
          case 'closed':
            pages.delete(send);
            update();
            break;
        }
      };
    },
  };
}
