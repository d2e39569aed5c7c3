import type { ConnectOpts, Socket } from 'node:net';

/**
 * The most of an answer that is parsed at a time (bytes); the rest waits for the next turn of the event
 * loop. The parser does not stop in the middle: of the 64 kB that Node reads at once, thousands of
 * answers of 1xx or chunks of one byte are each an event, on every connection of the run.
 */
const PIECE_BYTES = 1024;

/** Read and copied within one callback, so one is enough for all sockets. */
const buffer = Buffer.allocUnsafe(PIECE_BYTES);

/** Options for `http.request`: whatever connection it opens is read in pieces. */
export const inPieces: Pick<ConnectOpts, 'onread'> = {
  onread: {
    buffer,
    callback(this: Socket, length: number, filled: Uint8Array): boolean {
      this.push(Buffer.from(filled.subarray(0, length)));
      // Stops reading; the stream begins again once the piece has been consumed.
      return false;
    },
  },
};
