import type { ConnectionState } from './cache';
import type { StreamRefusal } from './refusal';
import { openWhileSeen } from './seen-connection';
import type { StreamConnection, ConnectionEvents } from './stream';
import type { PageMessage, WorkerMessage } from './shared-messages';
import { createStreamCopy } from './stream-copy';

/** The state of the connection is sent this often (ms): a page whose worker is silent starts another one. */
const HEARTBEAT_MS = 2000;
/** A visible page that has sent nothing for this long has crashed (ms); it sends a message every 30 s. */
const CRASHED_MS = 90_000;
/** If more time than this passed since the last heartbeat, the machine was asleep, and the pages with it (ms). */
const ASLEEP_MS = 20_000;

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
  /** The pages, and when each visible one has last sent a message (`performance.now`, ms); null: it is hidden. */
  const pages = new Map<(message: WorkerMessage) => void, number | null>();
  const copy = createStreamCopy();
  let link: ConnectionState = 'connecting';
  let refused: StreamRefusal['problem'] | null = null;

  const isSeen = () => [...pages.values()].some((lastMessageAt) => lastMessageAt !== null);
  const sendToVisible = (message: WorkerMessage) => {
    for (const [send, lastMessageAt] of pages) if (lastMessageAt !== null) send(message);
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
  let beatAt = 0;
  const beat = () => {
    const now = performance.now();
    const asleep = now - beatAt > ASLEEP_MS;
    beatAt = now;
    for (const [send, lastMessageAt] of pages) {
      if (lastMessageAt === null) continue;
      if (asleep) pages.set(send, now);
      else if (now - lastMessageAt > CRASHED_MS) pages.delete(send);
    }
    if (isSeen()) sendToVisible({ link });
    else update();
  };
  const update = () => {
    const seen = isSeen();
    if (seen) {
      if (heartbeat === undefined) beatAt = performance.now();
      heartbeat ??= setInterval(beat, HEARTBEAT_MS);
    } else {
      clearInterval(heartbeat);
      heartbeat = undefined;
    }
    if (pages.size === 0) connection.close();
    else connection.setSeen(seen);
  };
  return {
    join(send) {
      pages.set(send, null);
      const show = () => {
        pages.set(send, performance.now());
        update();
        catchUp(send);
        if (refused) send({ refused });
        // Always last, so that each `shown` has an answer.
        send({ link });
      };
      return (message) => {
        switch (message) {
          case 'shown':
            show();
            break;
          case 'alive':
            // It counted as crashed: a debugger has stopped it for a while.
            if (pages.get(send) == null) show();
            else pages.set(send, performance.now());
            break;
          case 'hidden':
            pages.set(send, null);
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
