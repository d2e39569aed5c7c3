import { createServer, type AddressInfo, type Socket } from 'node:net';
import { capturedJson, type EngineJson } from './engine';
import { withTest, type OnEnd } from './ends';

/** A listener of the test, and what it received. */
export interface Trap {
  port: number;
  /** Connections so far. */
  connections(): number;
  /** All received bytes. */
  text(): string;
}

/** Listens on loopback until the end of the test, and handles each connection after its first bytes. */
export async function setTrap(
  manner: (socket: Socket) => void = () => {},
  onEnd: OnEnd = withTest,
): Promise<Trap> {
  let seen = 0;
  let text = '';
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    seen++;
    open.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => open.delete(socket));
    socket.on('data', (chunk: Buffer) => (text += chunk.toString('latin1')));
    socket.once('data', () => manner(socket));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onEnd(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { port, connections: () => seen, text: () => text };
}

/** The captured swarm with one node, on loopback, and a service for each of `ports` that the curl panel may dial: `hostile-PORT`. */
export function swarmAt(...ports: number[]): EngineJson {
  const json = capturedJson();
  const [service] = json.services;
  const swarm = json.info['Swarm'] as { NodeID: string; NodeAddr: string };
  swarm.NodeAddr = '127.0.0.1';
  json.nodes = json.nodes
    .filter((node) => node['ID'] === swarm.NodeID)
    .map((node) => ({
      ...node,
      Status: { State: 'ready', Addr: '127.0.0.1' },
      ManagerStatus: { Leader: true, Reachability: 'reachable', Addr: '127.0.0.1:2377' },
    }));
  json.services = ports.map((port) => ({
    ...service,
    ID: `service${port}`,
    Spec: {
      ...(service?.['Spec'] as object),
      Name: `hostile-${port}`,
      Labels: { 'clusterhat.curl': 'true' },
    },
    Endpoint: {
      Ports: [{ Protocol: 'tcp', TargetPort: 80, PublishedPort: port, PublishMode: 'ingress' }],
    },
  }));
  json.tasks = [];
  return json;
}
