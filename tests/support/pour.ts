import type { Socket } from 'node:net';

/** Sends `beginning` and then `block` endlessly, as fast as the peer reads. */
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

/** Like `pour`, after the first bytes of a request have arrived. */
export const pourOnRequest =
  (...args: Parameters<typeof pour>) =>
  (socket: Socket): void => {
    socket.once('data', () => pour(...args)(socket));
  };
