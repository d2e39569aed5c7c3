import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** The network between a browser and a dashboard, which can fail silently. */
export interface Wire {
  url: string;
  /**
   * From now on nothing passes: event streams stay open without data, new connections wait.
   * Idle connections are closed, as Chromium does with its own before a sleep.
   */
  freeze(): void;
  /** New connections work again; those that were open stay dead, as after a sleep. */
  thaw(): void;
  close(): Promise<void>;
}

/** Starts a relay in front of the dashboard at `url`. */
export async function startWire(url: string): Promise<Wire> {
  const { port } = new URL(url);
  const open = new Set<Socket>();
  const waiting = new Set<Socket>();
  const streams = new WeakSet<Socket>();
  let frozen = false;

  const join = (near: Socket) => {
    const far = connect(Number(port), '127.0.0.1');
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      open.add(one);
      one.on('data', (chunk: Buffer) => {
        if (chunk.includes('GET /api/live')) streams.add(near).add(far);
        other.write(chunk);
      });
      one.on('error', () => other.destroy());
      one.on('close', () => {
        open.delete(one);
        other.destroy();
      });
    }
  };
  const server = createServer((near) => {
    if (frozen) waiting.add(near);
    else join(near);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    freeze() {
      frozen = true;
      for (const socket of open) {
        if (streams.has(socket)) socket.removeAllListeners('data').pause();
        else socket.destroy();
      }
    },
    thaw() {
      frozen = false;
      for (const near of waiting) join(near);
      waiting.clear();
    },
    async close() {
      for (const socket of [...open, ...waiting]) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
