import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { noteAccepted } from './accepting';
import { isAnswering, isReceiving } from './turns';

/**
 * Connections at one time: 300 streams, and as many for everything else. Each takes some 15 kB, and one of
 * the 1,024 descriptors that a process usually has.
 */
const MOST = 600;

/**
 * Keeps the server's connections to a number that the machine bears. A new one takes the place of one on
 * which nothing is being answered: the oldest of the client with the most.
 */
export function limitConnections(server: Server, most = MOST): void {
  const byAddress = new Map<string, Set<Socket>>();
  let open = 0;
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
