import type { ServerResponse } from 'node:http';

/** How often is looked at (ms). */
const LOOK_MS = 1000;
/** An answer of which nothing is taken for so long is given up (ms): a phone's network may be away for a while. */
const STUCK_MS = 30_000;
/** While others wait: an answer is given up that had to wait for its reader so long (ms, in all). */
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
 * Ends the connection of an answer that is not read, so that it does not keep its place for ever; sooner
 * while `isWanted` says that others wait for that place.
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
