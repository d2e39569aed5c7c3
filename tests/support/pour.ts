import type { Socket } from 'node:net';

/** Sends a beginning, and then blocks as fast as the other side reads them, without an end. */
export const pour =
  (beginning: string, block: string | Buffer) =>
  (socket: Socket): void => {
    socket.write(beginning);
    const more = () => {
      while (!socket.destroyed && socket.write(block));
    };
    socket.on('drain', more);
    more();
  };

/** As `pour`, once a request has begun to arrive. */
export const pourOnRequest =
  (...args: Parameters<typeof pour>) =>
  (socket: Socket): void => {
    socket.once('data', () => pour(...args)(socket));
  };
