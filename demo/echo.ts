import { createServer as createHttpServer, type Server as HttpServer } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Timer } from './clock';
import { findImage } from './images';
import type { TaskRecord } from './store';
import type { Swarm } from './swarm';

/** After this long without a word from a node its peers stop sending it connections. */
const MESH_NOTICES_MS = 5000;
/** A connection into the void is held this long before it is dropped. */
const VOID_MS = 60_000;

/** A container that connections can go to. */
interface Backend {
  task: TaskRecord;
  container: string;
  nodeId: string;
  /** The port its process listens at; connections to another are refused. */
  listens: number | undefined;
  work: number;
  hop: number;
  /** Its connections, and how many answers each still owes. */
  sockets: Map<Socket, number>;
  /** Told to stop: what is owed is still answered, then connections close. */
  stopping: boolean;
  dead: boolean;
}

/** One published port at one entry node. */
interface Entry {
  server: Server;
  nodeId: string;
  port: number;
  turn: number;
}

/**
 * The routing mesh: every node address listens at every published port while tasks stand behind
 * it, and each hands its connections to the service's tasks in turn, each node in its own, as IPVS
 * does. What answers is the echo service's text, as slowly as a Zero would.
 */
export class EchoMesh {
  private readonly backends = new Map<string, Backend>();
  /** Stopping: no new connections, the old ones end. */
  private readonly leaving = new Map<string, Backend>();
  private readonly entries = new Map<string, Entry>();
  private readonly owner = new WeakMap<Socket, { backend: Backend; entryHop: number }>();
  private readonly http: HttpServer;
  private readonly dark = new Map<string, { gone: boolean; timer: Timer }>();
  /** Every open connection, so that closing ends all of them. */
  private readonly sockets = new Set<Socket>();
  private pending: Timer | undefined;
  private closed = false;
  /** Ports that could not be opened, with the system's reason: `127.0.77.1:80` → `EACCES`. */
  readonly refused = new Map<string, string>();

  /** `addresses`: node id → the address at which that node can be entered. */
  constructor(
    private readonly swarm: Swarm,
    private readonly addresses: ReadonlyMap<string, string>,
  ) {
    this.http = createHttpServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      const { socket } = request;
      const owner = this.owner.get(socket);
      if (!owner) {
        socket.destroy();
        return;
      }
      request.resume();
      const { backend, entryHop } = owner;
      backend.sockets.set(socket, (backend.sockets.get(socket) ?? 0) + 1);
      const { random, clock } = this.swarm;
      const delay = random.logNormal(entryHop + backend.hop + backend.work, 0.35);
      clock.after(delay, () => {
        if (socket.destroyed || this.isDark(backend.nodeId)) return;
        if (backend.dead) {
          // The node is back and knows nothing of this connection.
          socket.resetAndDestroy();
          return;
        }
        backend.sockets.set(socket, (backend.sockets.get(socket) ?? 1) - 1);
        response.shouldKeepAlive &&= !backend.stopping;
        answer(backend, request.method ?? 'GET', request.url ?? '/', response);
      });
    });
    swarm.onMove(({ task, container, move }) => {
      if (move === 'start') this.add(task, container);
      if (move === 'stopping' || move === 'die') this.drop(container, move === 'die');
    });
    swarm.onReach((nodeId, reachable) => this.setDark(nodeId, !reachable));
    swarm.store.onChange(({ kind }) => {
      if (kind !== 'task') this.refresh();
    });
  }

  /** A node went dark or came back: its own address and its containers answer accordingly. */
  private setDark(nodeId: string, dark: boolean): void {
    const known = this.dark.get(nodeId);
    if (!dark) {
      this.swarm.clock.cancel(known?.timer);
      this.dark.delete(nodeId);
      for (const [container, backend] of this.backends) {
        if (backend.dead && backend.nodeId === nodeId) this.backends.delete(container);
      }
    } else if (!known) {
      const state = {
        gone: false,
        timer: this.swarm.clock.after(MESH_NOTICES_MS, () => {
          state.gone = true;
          this.refresh();
        }),
      };
      this.dark.set(nodeId, state);
    }
    this.refresh();
  }

  /** Closes everything. */
  async close(): Promise<void> {
    this.closed = true;
    this.swarm.clock.cancel(this.pending);
    for (const socket of this.sockets) socket.destroy();
    await Promise.all([...this.entries.values()].map(({ server }) => closeServer(server)));
    this.entries.clear();
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

  /** Takes a container out; its connections finish what they do, or break when it died. */
  private drop(container: string, died: boolean): void {
    const backend = this.backends.get(container) ?? this.leaving.get(container);
    if (!backend) return;
    if (died) {
      this.leaving.delete(container);
      backend.dead = true;
      // A plug that was pulled says nothing: connections still go there, and whoever has one waits.
      if (this.isDark(backend.nodeId)) return;
      this.backends.delete(container);
      destroyAll(backend);
    } else {
      this.backends.delete(container);
      backend.stopping = true;
      this.leaving.set(container, backend);
      for (const [socket, owed] of backend.sockets) if (owed === 0) socket.end();
    }
    this.refresh();
  }

  private isDark(nodeId: string): boolean {
    return this.dark.has(nodeId);
  }

  /** Opens and closes listeners to match services and tasks; once for a burst of changes. */
  private refresh(): void {
    if (this.closed) return;
    this.pending ??= this.swarm.clock.after(0, () => {
      this.pending = undefined;
      this.settle();
    });
  }

  private settle(): void {
    const wanted = new Set<string>();
    for (const { api } of this.swarm.store.services.values()) {
      for (const { PublishedPort, Protocol } of api.Endpoint.Ports ?? []) {
        if (!PublishedPort || Protocol !== 'tcp') continue;
        for (const nodeId of this.addresses.keys()) {
          if (!this.swarm.store.nodes.has(nodeId)) continue;
          if (this.behind(nodeId, PublishedPort).length > 0)
            wanted.add(`${nodeId}/${PublishedPort}`);
        }
      }
    }
    for (const [key, entry] of this.entries) {
      if (wanted.has(key)) continue;
      this.entries.delete(key);
      entry.server.close();
    }
    for (const key of wanted) if (!this.entries.has(key)) this.open(key);
  }

  private open(key: string): void {
    const [nodeId = '', port = '0'] = key.split('/');
    const address = this.addresses.get(nodeId);
    const server = createServer({ noDelay: true });
    const entry: Entry = { server, nodeId, port: Number(port), turn: 0 };
    this.entries.set(key, entry);
    server.on('connection', (socket: Socket) => this.enter(entry, socket));
    server.on('error', (error: NodeJS.ErrnoException) => {
      this.refused.set(`${address}:${port}`, error.code ?? error.message);
      process.stderr.write(`demo: can not listen at ${address}:${port} (${error.code})\n`);
    });
    server.listen(entry.port, address, () => this.refused.delete(`${address}:${port}`));
  }

  /**
   * Tasks behind a port of a node, in a fixed order; without those of nodes known to be gone. A
   * port in host mode leads to the node's own tasks only.
   */
  private behind(nodeId: string, port: number): { backend: Backend; target: number }[] {
    const found: { backend: Backend; target: number }[] = [];
    for (const backend of this.backends.values()) {
      if (this.dark.get(backend.nodeId)?.gone) continue;
      const service = this.swarm.store.services.get(backend.task.api.ServiceID);
      const published = service?.api.Endpoint.Ports?.find(
        ({ PublishedPort, Protocol, PublishMode }) =>
          PublishedPort === port &&
          Protocol === 'tcp' &&
          (PublishMode === 'ingress' || backend.nodeId === nodeId),
      );
      if (published) found.push({ backend, target: published.TargetPort });
    }
    return found;
  }

  private enter(entry: Entry, socket: Socket): void {
    this.sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => this.sockets.delete(socket));
    const behind = this.behind(entry.nodeId, entry.port);
    const next = behind[entry.turn % Math.max(1, behind.length)];
    if (this.isDark(entry.nodeId)) return this.swallow(socket);
    entry.turn += 1;
    if (!next) return void socket.resetAndDestroy();
    const { backend, target } = next;
    if (this.isDark(backend.nodeId)) return this.swallow(socket);
    if (backend.listens !== target) return void socket.resetAndDestroy();
    backend.sockets.set(socket, 0);
    socket.on('close', () => backend.sockets.delete(socket));
    const node = this.swarm.store.nodes.get(entry.nodeId);
    const entryHop = (node && this.swarm.hardwareOf(node)?.latency.hop) ?? 0;
    this.owner.set(socket, { backend, entryHop: entry.nodeId === backend.nodeId ? 0 : entryHop });
    this.http.emit('connection', socket);
  }

  /** Packets to a node without power: no answer, no refusal. */
  private swallow(socket: Socket): void {
    const timer = this.swarm.clock.after(VOID_MS, () => socket.destroy());
    socket.resume();
    socket.on('close', () => this.swarm.clock.cancel(timer));
  }
}

interface Answerable {
  writeHead(status: number, headers: Record<string, string | number>): unknown;
  end(body: string): unknown;
}

/** The echo service's answer: echo-server/echo.go is the original. */
function answer(backend: Backend, method: string, url: string, response: Answerable): void {
  const ok = method === 'GET' || method === 'HEAD';
  const hostname = backend.container.slice(0, 12);
  const body = ok
    ? `This is ${hostname} running on linux/arm saying: ${said(url)}\n`
    : 'Only GET and HEAD are answered here.\n';
  response.writeHead(ok ? 200 : 405, {
    'Content-Type': 'text/plain; charset=utf-8',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...(ok ? {} : { Allow: 'GET, HEAD' }),
  });
  response.end(method === 'HEAD' ? '' : body);
}

/** The path as the echo service says it: without its first slash, decoded where that stays a line. */
export function said(url: string): string {
  const path = (/^[a-z]+:\/\/[^/]*(\/[^?#]*)/i.exec(url)?.[1] ?? url).replace(/\?.*$/, '');
  let text = path;
  try {
    const decoded = decodeURIComponent(path);
    // oxlint-disable-next-line no-control-regex -- these are what must not be decoded
    if (!/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(decoded)) text = decoded;
  } catch {
    // Not UTF-8 when decoded: said as it was sent.
  }
  return text.replace(/^\//, '');
}

function destroyAll(backend: Backend): void {
  for (const socket of backend.sockets.keys()) socket.resetAndDestroy();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
