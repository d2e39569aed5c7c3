import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { DEMO_HAT } from './hat';

/** The addresses of the five nodes, reserved until `release`. */
export interface Addresses {
  /** In the order of the HAT: ctrl, zero1 … zero4. */
  nodes: readonly string[];
  /** Whether every node has its own address. */
  own: boolean;
  release: () => Promise<void>;
}

const FIRST = 77;
const LAST = 126;

/**
 * Reserves 127.0.N.1 … .5, with the first N from 77 on that no other demo uses. Linux accepts
 * connections at all of 127.0.0.0/8. Elsewhere every node gets 127.0.0.1, and only ctrl can be
 * connected to.
 */
export async function claimAddresses(first = FIRST): Promise<Addresses> {
  for (let n = first; n <= LAST && process.platform === 'linux'; n += 1) {
    const nodes = DEMO_HAT.map((_, i) => `127.0.${n}.${i + 1}`);
    if (!(await isOurs(nodes[0] ?? ''))) break;
    // An abstract socket leaves no file behind and takes no port that an engine may use.
    const lock = await hold(`\0clusterhat-demo-127.0.${n}`);
    if (lock) return { nodes, own: true, release: () => close(lock) };
  }
  return { nodes: DEMO_HAT.map(() => '127.0.0.1'), own: false, release: async () => {} };
}

/** Whether a server can listen at the address. */
async function isOurs(host: string): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen({ host, port: 0 }), 'listening');
    await close(server);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRNOTAVAIL') return false;
    throw error;
  }
}

/** Locks a name until the server is closed; undefined if another process holds it. */
async function hold(path: string): Promise<Server | undefined> {
  const server = createServer((socket) => socket.destroy());
  try {
    await once(server.listen({ path }), 'listening');
    return server.unref();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
