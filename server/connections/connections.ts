import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { noteAccepted, whenAccepted } from './accepting';
import { Arrivals } from './arrivals';
import { isAnswering, isReceiving } from './turns';

/**
 * Connections at one time: 300 streams, and as many for everything else. Each takes some 15 kB, and one of
 * the 1,024 descriptors that a process usually has.
 */
const MOST = 600;

/**
 * Bounds the number of connections. A new one replaces one without a request in progress: the oldest of the
 * client with the most. Those of a flood are read when
 * all of it is accepted (arrivals.ts). Listeners of `connection`
 * receive them when they are read.
 */
export function limitConnections(server: Server, most = MOST): void {
  const byAddress = new Map<string, Set<Socket>>();
  let open = 0;
  const readers = server.listeners('connection');
  server.removeAllListeners('connection');
  // Nothing is read of a connection before a reader listens to it.
  Object.assign(server, { pauseOnConnect: true });
  const arrivals = new Arrivals<Socket>((socket) => {
    for (const read of readers) read.call(server, socket);
    socket.resume();
  }, whenAccepted);
  server.on('connection', (socket: Socket) => {
    noteAccepted();
    if (open >= most && !makeRoom(byAddress)) {
      socket.destroy();
      return;
    }
    const address = socket.remoteAddress ?? '';
    const own = byAddress.get(address) ?? new Set();
    byAddress.set(address, own.add(socket));
    open++;
    socket.once('close', () => {
      open--;
      own.delete(socket);
      if (own.size === 0 && byAddress.get(address) === own) byAddress.delete(address);
    });
    arrivals.add(address, socket);
  });
}

function makeRoom(byAddress: ReadonlyMap<string, ReadonlySet<Socket>>): boolean {
  const heaviestFirst = [...byAddress.values()].sort((a, b) => b.size - a.size);
  for (const sockets of heaviestFirst) {
    for (const socket of sockets) {
      if (socket.destroyed || (isAnswering(socket) && !isReceiving(socket))) continue;
      socket.destroy();
      return true;
    }
  }
  return false;
}
