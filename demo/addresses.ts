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

/** Swarm's own port: held at ctrl's address, it tells two demos on one machine apart. */
const SWARM_PORT = 2377;
const FIRST = 77;
const LAST = 126;

/**
 * Finds 127.0.N.1 … .5 with N from 77 on that no other demo holds. Linux answers at all of
 * 127.0.0.0/8; where the system does not, every node gets 127.0.0.1 and one entry node is left.
 */
export async function claimAddresses(first = FIRST): Promise<Addresses> {
  for (let n = first; n <= LAST; n += 1) {
    const nodes = HAT.map((_, i) => `127.0.${n}.${i + 1}`);
    const held = await hold(nodes[0] ?? '');
    if (held === 'taken') continue;
    if (held === 'impossible') break;
    return { nodes, own: true, release: () => close(held) };
  }
  return { nodes: HAT.map(() => '127.0.0.1'), own: false, release: async () => {} };
}

function hold(address: string): Promise<Server | 'taken' | 'impossible'> {
  return new Promise((done) => {
    const server = createServer((socket) => socket.destroy());
    server.once('error', (error: NodeJS.ErrnoException) =>
      done(error.code === 'EADDRINUSE' ? 'taken' : 'impossible'),
    );
    server.listen(SWARM_PORT, address, () => {
      server.unref();
      done(server);
    });
  });
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
