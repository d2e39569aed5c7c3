import type { Socket } from 'node:net';

/** A client that is still sending gets this long to read its answer (ms). */
const LINGER_MS = 1000;

/**
 * Ends a connection whose client may still be sending. Nothing more is read, so a refused upload ends at the
 * system's buffers; but closing a connection with unread bytes discards the answer (RFC 9112, 9.6), so it is
 * destroyed a moment later.
 */
export function hangUp(socket: Socket): void {
  socket.end();
  // After Node's last step for a request, which is to discard its body.
  setImmediate(() => socket.pause());
  const timer = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(timer));
}
