import { createServer, type Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Timer } from '../clock';
import { findImage } from '../images';
import type { Random } from '../random';
import type { TaskRecord } from '../store';
import type { Swarm } from '../swarm';
import type { Port } from '../types';
import { type ListenerEntry, Listeners } from './listeners';
import { rawResponse, requestLine, respond } from './response';
import { UnreachableNodes } from './unreachable-nodes';

/** How long a connection to an unreachable node stays open without a response, in ms. */
const UNREACHABLE_TIMEOUT_MS = 60_000;

/** A container that the mesh sends connections to. */
interface Backend {
  task: TaskRecord;
  container: string;
  nodeId: string;
  /** The port its process listens at; connections to another are refused. */
  listens: number | undefined;
  /** Median milliseconds: of the process's own work, and of the network. */
  work: number;
  hop: number;
  /** Its connections, and how many responses each still waits for. */
  sockets: Map<Socket, number>;
  /** Asked to stop: pending requests get their response, then connections close. */
  stopping: boolean;
  dead: boolean;
}

/**
 * The routing mesh: every node address listens at every published port while the service has
 * tasks, and sends its connections to them in turn, each node in its own order, as IPVS does. The
 * response is the echo service's, delayed as on a Pi Zero.
 */
export class EchoMesh {
  private readonly backends = new Map<string, Backend>();
  /** Stopping: they get no new connections. */
  private readonly stopping = new Map<string, Backend>();
  private readonly owner = new WeakMap<
    Socket,
    { backend: Backend; entryHop: number; from: string }
  >();
  private readonly listeners: Listeners;
  private readonly unreachable: UnreachableNodes;
  private readonly http: Server;
  /** Every open connection: `close` ends them all. */
  private readonly sockets = new Set<Socket>();
  private pending: Timer | undefined;
  private closed = false;

  constructor(
    private readonly swarm: Swarm,
    /** Node id → the address at which that node listens. */
    private readonly addresses: ReadonlyMap<string, string>,
    /** A separate generator, so that the number of requests does not change what the swarm does. */
    private readonly random: Random,
  ) {
    const { clock } = swarm;
    const refresh = () => this.refresh();
    this.unreachable = new UnreachableNodes(clock, refresh);
    this.listeners = new Listeners(
      clock,
      addresses,
      (entry, socket) => this.connect(entry, socket),
      refresh,
    );
    this.http = createServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      request.resume();
      const { method = 'GET', url: target = '/', headers } = request;
      const id = headers['x-request-id']?.toString();
      this.respondLater(request.socket, (backend, from) => {
        response.shouldKeepAlive &&= !backend.stopping;
        respond(response, { hostname: hostnameOf(backend), method, target });
        this.log(backend, { method, target, id, from });
      });
    });
    this.http.on('clientError', (error, socket) => this.handleParseError(error, socket as Socket));
    swarm.onMove(({ task, container, move }) => {
      if (move === 'start') this.add(task, container);
      if (move === 'stopping') this.stop(container);
      if (move === 'die') this.end(container);
    });
    swarm.onReach((nodeId, reachable) => this.setReachable(nodeId, reachable));
    swarm.store.onChange(({ kind }) => {
      if (kind !== 'task') this.refresh();
    });
  }

  /** Ports that could not be opened, with the system's reason. */
  get refused(): ReadonlyMap<string, string> {
    return this.listeners.refused;
  }

  async close(): Promise<void> {
    this.closed = true;
    this.swarm.clock.cancel(this.pending);
    for (const socket of this.sockets) socket.destroy();
    await this.listeners.close();
  }

  /** Calls `reply` with the connection's backend, and the address that it comes from, after its latency. */
  private respondLater(socket: Socket, reply: (backend: Backend, from: string) => void): void {
    const owner = this.owner.get(socket);
    if (!owner) {
      socket.destroy();
      return;
    }
    const { backend, entryHop, from } = owner;
    backend.sockets.set(socket, (backend.sockets.get(socket) ?? 0) + 1);
    const delay = this.random.logNormal(entryHop + backend.hop + backend.work, 0.35);
    this.swarm.clock.after(delay, () => {
      if (socket.destroyed || this.unreachable.has(backend.nodeId)) return;
      if (backend.dead) {
        // The node has restarted and does not know this connection.
        socket.resetAndDestroy();
        return;
      }
      backend.sockets.set(socket, (backend.sockets.get(socket) ?? 1) - 1);
      reply(backend, from);
    });
  }

  /** A container's line of a request, if its process writes one. */
  private log({ task }: Backend, request: Parameters<typeof requestLine>[0]): void {
    if (!findImage(task.api.Spec.ContainerSpec.Image)?.isEchoServer) return;
    const line = requestLine(request);
    if (line !== undefined) this.swarm.logs.write(task, 'stdout', line);
  }

  /** Node's parser rejects bytes beyond ASCII in a path. Go accepts them, and curl sends them. */
  private handleParseError(
    error: Error & { code?: string; rawPacket?: Buffer },
    socket: Socket,
  ): void {
    const packet = error.rawPacket?.toString('latin1') ?? '';
    const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n/.exec(packet) ?? [];
    if (error.code === 'HPE_INVALID_URL' && method && target) {
      const [, id] = /\r\nx-request-id: *([^\r\n]*?) *\r\n/i.exec(packet) ?? [];
      this.respondLater(socket, (backend, from) => {
        respond(rawResponse(socket), { hostname: hostnameOf(backend), method, target });
        this.log(backend, { method, target, id, from });
      });
    } else if (socket.writable) {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
      rawResponse(socket).writeHead(status, {}).end('');
    } else socket.destroy();
  }

  private setReachable(nodeId: string, reachable: boolean): void {
    if (reachable) {
      this.unreachable.remove(nodeId);
      for (const [container, backend] of this.backends) {
        if (backend.dead && backend.nodeId === nodeId) this.backends.delete(container);
      }
    } else {
      this.unreachable.add(nodeId);
    }
    this.refresh();
  }

  private add(task: TaskRecord, container: string): void {
    const nodeId = task.api.NodeID ?? '';
    const node = this.swarm.store.nodes.get(nodeId);
    const hardware = node && this.swarm.hardwareOf(node);
    this.backends.set(container, {
      task,
      container,
      nodeId,
      listens: findImage(task.api.Spec.ContainerSpec.Image)?.listens,
      work: hardware?.latency.work ?? 1,
      hop: hardware?.latency.hop ?? 1,
      sockets: new Map(),
      stopping: false,
      dead: false,
    });
    this.refresh();
  }

  /** A container gets no new connections; idle ones close. */
  private stop(container: string): void {
    const backend = this.backends.get(container);
    if (!backend) return;
    this.backends.delete(container);
    backend.stopping = true;
    this.stopping.set(container, backend);
    for (const [socket, pending] of backend.sockets) if (pending === 0) socket.end();
    this.refresh();
  }

  /** A container has ended: its connections are reset, unless its node cannot send a reset. */
  private end(container: string): void {
    const backend = this.backends.get(container) ?? this.stopping.get(container);
    if (!backend) return;
    this.stopping.delete(container);
    backend.dead = true;
    // The mesh does not know yet: it still sends connections there, and their clients wait.
    if (this.unreachable.has(backend.nodeId)) return;
    this.backends.delete(container);
    for (const socket of backend.sockets.keys()) socket.resetAndDestroy();
    this.refresh();
  }

  /** Updates the listeners, once for a burst of changes. */
  private refresh(): void {
    if (this.closed) return;
    this.pending ??= this.swarm.clock.after(0, () => {
      this.pending = undefined;
      this.listeners.set(this.wantedEntries());
    });
  }

  /** Each node and published port with a task to connect to. */
  private wantedEntries(): { nodeId: string; port: number }[] {
    const { services, nodes } = this.swarm.store;
    const chosen = [...this.backends.values()].flatMap(({ nodeId, task }) =>
      tcpPorts(task.hostPorts).map((port) => ({ nodeId, port })),
    );
    const ports = [...services.values()].flatMap(({ api }) => tcpPorts(api.Endpoint.Ports));
    const published = ports.flatMap((port) =>
      [...this.addresses.keys()].map((nodeId) => ({ nodeId, port })),
    );
    return [...published, ...chosen].filter(
      ({ nodeId, port }) =>
        this.addresses.has(nodeId) && nodes.has(nodeId) && this.targets(nodeId, port).length > 0,
    );
  }

  /**
   * The tasks that a node's port leads to, in a fixed order, without those on nodes that the mesh
   * leaves out. A port in host mode leads to the node's own tasks only.
   */
  private targets(nodeId: string, port: number): { backend: Backend; targetPort: number }[] {
    const found: { backend: Backend; targetPort: number }[] = [];
    for (const backend of this.backends.values()) {
      if (this.unreachable.isExcluded(backend.nodeId)) continue;
      const service = this.swarm.store.services.get(backend.task.api.ServiceID);
      const ingress = service?.api.Endpoint.Ports?.filter(
        ({ PublishMode }) => PublishMode === 'ingress',
      );
      const own = backend.nodeId === nodeId ? (backend.task.hostPorts ?? []) : [];
      const published = [...(ingress ?? []), ...own].find(
        ({ PublishedPort, Protocol }) => PublishedPort === port && Protocol === 'tcp',
      );
      if (published) found.push({ backend, targetPort: published.TargetPort });
    }
    return found;
  }

  private connect(entry: ListenerEntry, socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    const targets = this.targets(entry.nodeId, entry.port);
    const next = targets[entry.turn % Math.max(1, targets.length)];
    if (this.unreachable.has(entry.nodeId)) return this.leaveUnanswered(socket);
    entry.turn += 1;
    if (!next) return void socket.resetAndDestroy();
    const { backend, targetPort } = next;
    if (this.unreachable.has(backend.nodeId)) return this.leaveUnanswered(socket);
    if (backend.listens !== targetPort) return void socket.resetAndDestroy();
    backend.sockets.set(socket, 0);
    socket.on('close', () => backend.sockets.delete(socket));
    const node = this.swarm.store.nodes.get(entry.nodeId);
    const entryHop = (node && this.swarm.hardwareOf(node)?.latency.hop) ?? 0;
    // The entry node's address in the ingress network, which the mesh puts in place of the client's.
    const from = `10.0.0.${[...this.addresses.keys()].indexOf(entry.nodeId) + 2}`;
    const hop = entry.nodeId === backend.nodeId ? 0 : entryHop;
    this.owner.set(socket, { backend, entryHop: hop, from });
    this.http.emit('connection', socket);
  }

  /** Holds a connection to an unreachable node: neither a response nor a refusal arrives. */
  private leaveUnanswered(socket: Socket): void {
    const timer = this.swarm.clock.after(UNREACHABLE_TIMEOUT_MS, () => socket.destroy());
    socket.resume();
    socket.on('close', () => this.swarm.clock.cancel(timer));
  }
}

/** The published ports that clients can send HTTP requests to. */
function tcpPorts(ports: readonly Port[] | undefined): number[] {
  return (ports ?? []).flatMap(({ PublishedPort, Protocol }) =>
    PublishedPort && Protocol === 'tcp' ? [PublishedPort] : [],
  );
}

/** A container's hostname: docker sets it to the first twelve characters of the id. */
function hostnameOf({ container }: Backend): string {
  return container.slice(0, 12);
}
