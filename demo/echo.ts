import { isUtf8 } from 'node:buffer';
import {
  createServer as createHttpServer,
  type Server as HttpServer,
  STATUS_CODES,
} from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import type { Timer } from './clock';
import { findImage } from './images';
import type { Random } from './random';
import type { TaskRecord } from './store';
import type { Swarm } from './swarm';

/** After this long without a word from a node its peers stop sending it connections. */
const MESH_NOTICES_MS = 5000;
/** A port that could not be opened is tried again after this long. */
const REOPEN_MS = 2000;
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
  private reopening: Timer | undefined;
  private closed = false;
  /** Ports that could not be opened, with the system's reason: `127.0.77.1:80` → `EACCES`. */
  readonly refused = new Map<string, string>();

  /** `addresses`: node id → the address at which that node can be entered. */
  constructor(
    private readonly swarm: Swarm,
    private readonly addresses: ReadonlyMap<string, string>,
    /** Dice of its own: how often somebody asks must not change what the swarm does. */
    private readonly random: Random,
  ) {
    this.http = createHttpServer({ keepAliveTimeout: 75_000 }, (request, response) => {
      request.resume();
      this.soon(request.socket, (backend) => {
        response.shouldKeepAlive &&= !backend.stopping;
        answer(backend, request.method ?? 'GET', said(request.url ?? '/'), response);
      });
    });
    this.http.on('clientError', (error, socket) => this.unread(error, socket as Socket));
    swarm.onMove(({ task, container, move }) => {
      if (move === 'start') this.add(task, container);
      if (move === 'stopping' || move === 'die') this.drop(container, move === 'die');
    });
    swarm.onReach((nodeId, reachable) => this.setDark(nodeId, !reachable));
    swarm.store.onChange(({ kind }) => {
      if (kind !== 'task') this.refresh();
    });
  }

  /** Lets a connection's task answer, after as long as that takes. */
  private soon(socket: Socket, reply: (backend: Backend) => void): void {
    const owner = this.owner.get(socket);
    if (!owner) {
      socket.destroy();
      return;
    }
    const { backend, entryHop } = owner;
    backend.sockets.set(socket, (backend.sockets.get(socket) ?? 0) + 1);
    const delay = this.random.logNormal(entryHop + backend.hop + backend.work, 0.35);
    this.swarm.clock.after(delay, () => {
      if (socket.destroyed || this.isDark(backend.nodeId)) return;
      if (backend.dead) {
        // The node is back and knows nothing of this connection.
        socket.resetAndDestroy();
        return;
      }
      backend.sockets.set(socket, (backend.sockets.get(socket) ?? 1) - 1);
      reply(backend);
    });
  }

  /** Node takes no bytes beyond ASCII in a path. Go does, and curl sends them. */
  private unread(error: Error & { code?: string; rawPacket?: Buffer }, socket: Socket): void {
    const packet = error.rawPacket?.toString('latin1') ?? '';
    const [, method, target] = /^([A-Z]+) (\S+) HTTP\/1\.[01]\r\n/.exec(packet) ?? [];
    if (error.code === 'HPE_INVALID_URL' && method && target) {
      this.soon(socket, (backend) => answer(backend, method, said(target), byHand(socket)));
    } else if (socket.writable) {
      const status = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
      byHand(socket).writeHead(status, {}).end('');
    } else socket.destroy();
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
    this.swarm.clock.cancel(this.reopening);
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
    const places = new Set([...wanted].map((key) => this.placeOf(key)));
    for (const place of this.refused.keys()) if (!places.has(place)) this.refused.delete(place);
    for (const key of wanted) if (!this.entries.has(key)) this.open(key);
  }

  /** `127.0.77.1:80` for a node's id and a port, `ID/80`. */
  private placeOf(key: string): string {
    const [nodeId = '', port] = key.split('/');
    return `${this.addresses.get(nodeId)}:${port}`;
  }

  private open(key: string): void {
    const [nodeId = '', port = '0'] = key.split('/');
    const address = this.addresses.get(nodeId);
    const server = createServer({ noDelay: true });
    const entry: Entry = { server, nodeId, port: Number(port), turn: 0 };
    this.entries.set(key, entry);
    server.on('connection', (socket: Socket) => this.enter(entry, socket));
    const place = this.placeOf(key);
    server.on('error', (error: NodeJS.ErrnoException) => {
      if (this.entries.get(key) !== entry) return;
      this.entries.delete(key);
      const known = this.refused.has(place);
      this.refused.set(place, error.code ?? error.message);
      if (!known) process.stderr.write(`demo: can not listen at ${place} (${error.code})\n`);
      this.swarm.clock.cancel(this.reopening);
      this.reopening = this.swarm.clock.after(REOPEN_MS, () => this.refresh());
    });
    server.listen(entry.port, address, () => this.refused.delete(place));
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
  writeHead(status: number, headers: Record<string, string | number>): Answerable;
  end(body: string): unknown;
}

/** Answers on a connection that Node's parser has given up, and ends it. */
function byHand(socket: Socket): Answerable {
  const response: Answerable = {
    writeHead(status, headers) {
      const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
      const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, ...lines, 'Connection: close'];
      socket.write(`${head.join('\r\n')}\r\n\r\n`);
      return response;
    },
    end: (body) => socket.end(body),
  };
  return response;
}

/** The echo service's answer: echo-server/echo.go is the original. */
function answer(
  backend: Backend,
  method: string,
  words: string | undefined,
  response: Answerable,
): void {
  if (words === undefined) {
    const refusal = { 'Content-Type': 'text/plain; charset=utf-8', Connection: 'close' };
    response.writeHead(400, refusal);
    response.end('400 Bad Request');
    return;
  }
  const ok = method === 'GET' || method === 'HEAD';
  const hostname = backend.container.slice(0, 12);
  const body = ok
    ? `This is ${hostname} running on linux/arm saying: ${words}\n`
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

/**
 * The path as the echo service says it: without its first slash and its query, decoded where that
 * stays a line. Undefined where Go's server refuses it. `target` is as Node gives it, a character
 * for each byte.
 */
function said(target: string): string | undefined {
  const [path = ''] = (/^[a-z]+:\/\/[^/?]*(.*)$/is.exec(target)?.[1] ?? target).split('?');
  if (/%(?![0-9a-f]{2})/i.test(path)) return undefined;
  const bytes = Buffer.from(
    path.replace(/%(..)/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
  const text = isUtf8(bytes) ? bytes.toString() : undefined;
  // oxlint-disable-next-line no-control-regex -- these are what must not be decoded
  const isLine = text !== undefined && !/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/.test(text);
  return (isLine ? text : encoded(path, bytes)).replace(/^\//, '');
}

/** Go's URL.EscapedPath: as it was sent, where that was well encoded. */
function encoded(path: string, bytes: Buffer): string {
  if (/^[\w\-.~!$&'()*+,;=:@/[\]%]*$/.test(path)) return path;
  return bytes
    .toString('latin1')
    .replace(
      /[^\w\-.~$&+,/:;=@]/g,
      (byte) => `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
    );
}

function destroyAll(backend: Backend): void {
  for (const socket of backend.sockets.keys()) socket.resetAndDestroy();
}

function closeServer(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
