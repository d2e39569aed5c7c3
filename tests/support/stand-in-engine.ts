import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer, type ServerOptions } from 'node:https';
import { onTestFinished } from 'vitest';

/** The swarm's part of `/info` on a manager. */
export const MANAGER = {
  NodeID: 'n1',
  NodeAddr: '172.19.181.254',
  LocalNodeState: 'active',
  ControlAvailable: true,
  Error: '',
};

/** `info`: more of its `/info`. Responds to `/info`, `/tasks` and `/events` as an engine does; the stream has one event. */
export function engineListener(swarm: object = MANAGER, info: object = {}): RequestListener {
  return (request, response) => {
    const path = request.url?.split('?')[0];
    response.setHeader('content-type', 'application/json');
    if (path === '/events') response.write('{"Type":"service","Action":"update"}\n');
    else if (path === '/tasks') response.end('[]');
    else if (path === '/info')
      response.end(JSON.stringify({ Name: 'ctrl', Swarm: swarm, ...info }));
    else response.writeHead(404).end('{"message":"page not found"}');
  };
}

/** A server that listens until the end of the test and counts its connections. */
export interface StandIn {
  server: Server;
  /** Zero on a unix socket. */
  port: number;
  /** Total and open connections. */
  connections: () => { seen: number; open: number };
}

/** Listens on loopback, with TLS if `tls` is given, or at a socket path. */
export async function standIn(
  listener: RequestListener,
  { tls, at = '127.0.0.1' }: { tls?: ServerOptions; at?: string } = {},
): Promise<StandIn> {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener);
  let seen = 0;
  let open = 0;
  server.on(tls ? 'secureConnection' : 'connection', (socket: NodeJS.EventEmitter) => {
    seen += 1;
    open += 1;
    socket.once('close', () => (open -= 1));
  });
  await new Promise<void>((done, failed) => {
    server.once('error', failed);
    if (at.startsWith('/')) server.listen(at, done);
    else server.listen(0, at, done);
  });
  onTestFinished(async () => {
    const closed = new Promise((done) => server.close(done));
    server.closeAllConnections();
    await closed;
  });
  const address = server.address();
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0;
  return { server, port, connections: () => ({ seen, open }) };
}
