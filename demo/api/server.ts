import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { DemoEngineError } from '../errors';
import type { EngineRole } from '@/lib/demo-control';
import { atLeast, compareVersions, type Release } from '../release';
import type { Swarm } from '../swarm';
import { listenOnSocket, removeSocket } from '../unix-socket';
import { containerRoutes } from './containers';
import { EventStreams } from './events';
import type { ApiReply, ApiRoute } from './http';
import { namedDataRoutes } from './named-data';
import { nodeRoutes } from './nodes';
import { serviceRoutes } from './services';
import { LogStreams } from './logs';
import { NO_QUORUM, systemRoutes } from './system';
import { taskRoutes } from './tasks';

/** The largest body that is read, in bytes; specs have about a thousandth of it. */
const MAX_BODY = 4 * 1024 * 1024;

/** Responses to requests about the swarm from an engine that is not a working manager. */
const REFUSALS: Record<Exclude<EngineRole, 'manager'>, { status: number; text: string }> = {
  worker: {
    status: 503,
    text: "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.",
  },
  'no-swarm': {
    status: 503,
    text: 'This node is not a swarm manager. Use "docker swarm init" or "docker swarm join" to connect this node to swarm and try again.',
  },
  locked: {
    status: 503,
    text: 'Swarm is encrypted and needs to be unlocked before it can be used. Please use "docker swarm unlock" to unlock it.',
  },
  'no-quorum': { status: 500, text: NO_QUORUM },
};

/** The Engine API on a unix socket. It can be stopped and started again. */
export class EngineServer {
  readonly events: EventStreams;
  private readonly routes: ApiRoute[];
  private server: Server | undefined;
  private readonly connections = new Set<Socket>();
  /** Sends the responses that the simulated delay holds back. */
  private readonly delayed = new Set<() => void>();

  constructor(
    private readonly swarm: Swarm,
    readonly socketPath: string,
    controlSocket: string,
  ) {
    this.events = new EventStreams(swarm);
    this.routes = [
      ...systemRoutes(swarm, { controlSocket }),
      ...nodeRoutes(swarm),
      ...namedDataRoutes(swarm),
      ...serviceRoutes(swarm),
      ...taskRoutes(swarm),
      ...containerRoutes(swarm),
      ...this.events.routes(),
      ...new LogStreams(swarm).routes(),
    ];
  }

  get listening(): boolean {
    return this.server !== undefined;
  }

  async start(): Promise<void> {
    if (this.server) return;
    const server = createServer((request, response) => this.receive(request, response));
    // Docker's engine keeps idle connections open.
    server.keepAliveTimeout = 0;
    server.on('connection', (socket: Socket) => {
      this.connections.add(socket);
      socket.on('close', () => this.connections.delete(socket));
    });
    await listenOnSocket(server, this.socketPath);
    this.server = server;
  }

  /** Sends all delayed responses now. */
  flushDelayed(): void {
    for (const reply of this.delayed) reply();
  }

  /** Closes all connections at once and removes the socket. */
  async stop(): Promise<void> {
    const { server } = this;
    if (!server) return;
    this.server = undefined;
    for (const socket of this.connections) socket.destroy();
    await new Promise((done) => server.close(done));
    removeSocket(this.socketPath);
  }

  private receive(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= MAX_BODY) chunks.push(chunk);
    });
    request.on('end', () => {
      const body = size > MAX_BODY ? '' : Buffer.concat(chunks).toString();
      const { latencyMs } = this.swarm.faults;
      if (latencyMs <= 0) return this.respond(request, response, body);
      // In real time, at any speed of the swarm.
      const reply = () => {
        clearTimeout(timer);
        if (this.delayed.delete(reply) && !response.destroyed)
          this.respond(request, response, body);
      };
      const timer = setTimeout(reply, latencyMs);
      this.delayed.add(reply);
      response.on('close', reply);
    });
  }

  private respond(request: IncomingMessage, response: ServerResponse, body: string): void {
    const { answer } = this.swarm.faults;
    if (answer === 'nothing') return;
    if (answer === 'error-500') return send(response, problem(500, 'demo: the engine is unwell'));
    if (answer === 'error-503') return send(response, problem(503, 'demo: the engine is busy'));
    const reply = this.answer(request, response, body);
    if ('stream' in reply) return reply.stream(response);
    if (answer === 'half-json' && reply.json !== undefined) return sendHalf(response, reply.json);
    send(response, reply);
  }

  private answer(request: IncomingMessage, response: ServerResponse, body: string): ApiReply {
    try {
      return this.dispatch(request, response, body);
    } catch (error) {
      if (error instanceof UnsupportedVersion && error.isPlainText) {
        const headers = { 'X-Content-Type-Options': 'nosniff' };
        return { status: error.status, text: `${error.message}\n`, headers };
      }
      if (error instanceof DemoEngineError) return problem(error.status, error.message);
      const stack = error instanceof Error ? error.stack : String(error);
      process.stderr.write(`demo engine: ${stack}\n`);
      return problem(500, "demo: internal error; see the demo engine's output");
    }
  }

  private dispatch(request: IncomingMessage, response: ServerResponse, body: string): ApiReply {
    const url = new URL(request.url ?? '/', 'http://engine');
    const { path, api } = versionOf(url.pathname, this.swarm.release);
    const method = request.method ?? 'GET';
    for (const { pattern, swarm, run, method: takes } of this.routes) {
      const match = takes === method ? pattern.exec(path) : null;
      if (!match) continue;
      // As on an engine, an unknown path has none of these headers, and an unsupported version not the last.
      const { release } = this.swarm;
      response.setHeader('Api-Version', release.api);
      response.setHeader('Ostype', 'linux');
      response.setHeader('Server', `Docker/${release.engine} (linux)`);
      checkVersion(api, release);
      response.setHeader('Docker-Experimental', 'false');
      const { role, managers, faults } = this.swarm;
      if (swarm && faults.answer === 'swarm-silent') return { stream: () => {} };
      // Nothing is written without a majority; what is known is read for a while.
      const refused = role === 'manager' && !managers.hasMajority && method !== 'GET';
      const as = refused ? 'no-quorum' : role;
      if (swarm && as !== 'manager') {
        const { status, text } = REFUSALS[as];
        throw new DemoEngineError(status, text);
      }
      const params = match.slice(1).map((text) => decodeURIComponent(text));
      return run({ method, params, query: url.searchParams, body, api, request });
    }
    throw new DemoEngineError(404, 'page not found');
  }
}

/** Separates `/v1.41/nodes` into the path and the API version; without one, the engine's own. */
function versionOf(pathname: string, { api }: Release): { path: string; api: string } {
  const [, version = api, path = pathname] = /^\/v([\d.]+)(\/.*)$/.exec(pathname) ?? [];
  return { path, api: version };
}

/** An API version that the engine does not support. */
class UnsupportedVersion extends DemoEngineError {
  /** Clients below 1.24 cannot read JSON errors. Docker 26 to 28.0 sent them JSON anyway. */
  readonly isPlainText: boolean;

  constructor(message: string, asked: string, { api }: Release) {
    super(400, message);
    const always = atLeast(api, '1.45') && !atLeast(api, '1.49');
    this.isPlainText = !atLeast(asked, '1.24') && !always;
  }
}

/** Rejects unsupported API versions with the engine's messages. */
function checkVersion(asked: string, release: Release): void {
  const { api, minApi } = release;
  if (compareVersions(asked, minApi) < 0) {
    const why = `client version ${asked} is too old. Minimum supported API version is ${minApi}, please upgrade your client to a newer version`;
    throw new UnsupportedVersion(why, asked, release);
  }
  if (compareVersions(asked, api) > 0) {
    const why = `client version ${asked} is too new. Maximum supported API version is ${api}`;
    throw new UnsupportedVersion(why, asked, release);
  }
}

function problem(status: number, message: string): ApiReply {
  return { status, json: `${JSON.stringify({ message })}\n` };
}

function send(response: ServerResponse, reply: ApiReply): void {
  if ('stream' in reply) return;
  const { status, json: body, text, headers } = reply;
  if (body !== undefined) {
    response.writeHead(status, { 'Content-Type': 'application/json' });
    response.end(body);
  } else if (text !== undefined) {
    const length = Buffer.byteLength(text);
    const type = 'text/plain; charset=utf-8';
    response.writeHead(status, { ...headers, 'Content-Type': type, 'Content-Length': length });
    response.end(text);
  } else {
    response.writeHead(status, { 'Content-Length': 0 });
    response.end();
  }
}

function sendHalf(response: ServerResponse, body: string): void {
  const bytes = Buffer.from(body);
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': bytes.length });
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => response.destroy());
}
