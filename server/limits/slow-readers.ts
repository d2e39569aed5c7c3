import type { ServerResponse } from 'node:http';

/** Interval of the checks (ms). */
const LOOK_MS = 1000;
/** An answer that is not read for this long is ended (ms): a phone's network can pause. */
const STUCK_MS = 30_000;
/** The same while other requests wait (ms, in total). */
const UNREAD_MS = 3000;

interface Watched {
  response: ServerResponse;
  isWanted: () => boolean;
  /** Bytes that the system has taken. */
  taken: number;
  stuckMs: number;
  unreadMs: number;
}

const watched = new Set<Watched>();
let timer: NodeJS.Timeout | undefined;

/**
 * Ends the connection of an answer that is not read, so that its place becomes free; sooner while `isWanted`
 * returns that others wait for it.
 */
export function watchReader(response: ServerResponse, isWanted: () => boolean): void {
  const one: Watched = { response, isWanted, taken: 0, stuckMs: 0, unreadMs: 0 };
  watched.add(one);
  timer ??= setInterval(look, LOOK_MS).unref();
  response.once('close', () => {
    watched.delete(one);
    if (watched.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  });
}

function look(): void {
  for (const one of watched) {
    const { socket } = one.response.req;
    const pending = socket.writableLength;
    if (pending === 0) {
      one.stuckMs = 0;
      continue;
    }
    const taken = socket.bytesWritten - pending;
    one.stuckMs = taken === one.taken ? one.stuckMs + LOOK_MS : 0;
    one.taken = taken;
    one.unreadMs += LOOK_MS;
    if (one.stuckMs >= STUCK_MS || (one.unreadMs >= UNREAD_MS && one.isWanted())) socket.destroy();
  }
}
