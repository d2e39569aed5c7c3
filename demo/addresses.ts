import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { HAT } from './hat';

/** Addresses for the five nodes, and what holds them until the demo ends. */
export interface Addresses {
  /** In the order of the HAT: ctrl, zero1 … zero4. */
  nodes: readonly string[];
  /** Whether each node has an address of its own. */
  own: boolean;
  release: () => Promise<void>;
}

const FIRST = 77;
const LAST = 126;

/**
 * Finds 127.0.N.1 … .5 with N from 77 on that no other demo holds. Linux answers at all of
 * 127.0.0.0/8; where the system does not, every node gets 127.0.0.1 and one entry node is left.
 */
export async function claimAddresses(first = FIRST): Promise<Addresses> {
  for (let n = first; n <= LAST && process.platform === 'linux'; n += 1) {
    const nodes = HAT.map((_, i) => `127.0.${n}.${i + 1}`);
    if (!(await isOurs(nodes[0] ?? ''))) break;
    // In the abstract namespace: no file that outlives the demo, no port that an engine may have.
    const lock = await hold(`\0clusterhat-demo-127.0.${n}`);
    if (lock) return { nodes, own: true, release: () => close(lock) };
  }
  return { nodes: HAT.map(() => '127.0.0.1'), own: false, release: async () => {} };
}

/** Whether this machine answers at the address. */
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

/** Takes a name until it is closed; undefined when another process has it. */
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
