import type { ConnectOpts, Socket } from 'node:net';

/**
 * Maximum bytes of an answer that are parsed at a time; the rest waits for the next turn of the event
 * loop. Node reads 64 kB at once and the parser does not pause: thousands of 1xx answers or one-byte
 * chunks would each be an event, on every connection of the run.
 */
const PIECE_BYTES = 1024;

/** Shared by all sockets: filled and copied within one callback. */
const buffer = Buffer.allocUnsafe(PIECE_BYTES);

/** Options for `http.request` that make its connection read in pieces. */
export const readInPieces: Pick<ConnectOpts, 'onread'> = {
  onread: {
    buffer,
    callback(this: Socket, length: number, filled: Uint8Array): boolean {
      this.push(Buffer.from(filled.subarray(0, length)));
      // Stops reading; the stream begins again once the piece has been consumed.
      return false;
    },
  },
};
