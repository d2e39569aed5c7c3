import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { demoBodies, type DemoState, type ParsedDemoBody } from '@/lib/demo-control';
import { mayRun } from '@/lib/swarm/task-state';
import type { EngineServer } from './api/server';
import type { EchoMesh } from './echo/mesh';
import { DemoEngineError } from './errors';
import { DEMO_HAT, nameOf } from './hat';
import { fill, isFilled, unfill } from './fill';
import { parseBody } from './spec/parse-body';
import type { NodeRecord } from './store';
import type { Swarm } from './swarm';
import { listenOnSocket, removeSocket } from './unix-socket';

/**
 * The control endpoint (lib/demo-control.ts). It has its own socket, so it responds while the
 * engine is stopped. `GET /` returns the state; `POST /…` makes one change and returns the new state.
 */

interface NodeFaults {
  power: boolean;
  link: boolean;
}

/** Serves the control endpoint. */
export class Control {
  private readonly server: Server;
  private readonly nodeFaults = new Map<string, NodeFaults>();

  constructor(
    private readonly swarm: Swarm,
    private readonly engine: EngineServer,
    private readonly mesh: EchoMesh,
    /** Joins nodes again that were removed from the swarm. */
    private readonly assemble: () => void,
    readonly socketPath: string,
  ) {
    this.server = createServer((request, response) => void this.receive(request, response));
  }

  start(): Promise<void> {
    return listenOnSocket(this.server, this.socketPath);
  }

  async stop(): Promise<void> {
    if (!this.server.listening) return;
    this.server.closeAllConnections();
    await new Promise((done) => this.server.close(done));
    removeSocket(this.socketPath);
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const reply = (status: number, value: unknown) => {
      response.writeHead(status, { 'Content-Type': 'application/json' });
      response.end(`${JSON.stringify(value)}\n`);
    };
    try {
      const body = await readBody(request);
      const path = new URL(request.url ?? '/', 'http://control').pathname;
      if (request.method === 'POST') await this.change(path, body === '' ? '{}' : body);
      else if (request.method !== 'GET' || path !== '/') {
        throw new DemoEngineError(
          404,
          'GET / or POST /node, /task, /image, /engine, /chatter, /fill, /reset',
        );
      }
      reply(200, this.state());
    } catch (error) {
      const status = error instanceof DemoEngineError ? error.status : 500;
      reply(status, { message: error instanceof Error ? error.message : String(error) });
    }
  }

  private async change(path: string, body: string): Promise<void> {
    if (path === '/node') return this.changeNode(parseBody(demoBodies[path], body));
    if (path === '/task') return this.killTask(parseBody(demoBodies[path], body));
    if (path === '/image') return this.changeImage(parseBody(demoBodies[path], body));
    if (path === '/engine') return this.changeEngine(parseBody(demoBodies[path], body));
    if (path === '/chatter') {
      const { service, linesPerSecond } = parseBody(demoBodies[path], body);
      return this.swarm.chatter.set(this.swarm.service(service).api.ID, linesPerSecond);
    }
    if (path === '/fill') {
      const { nodes, tasks } = parseBody(demoBodies[path], body);
      return fill(this.swarm, nodes, tasks);
    }
    if (path === '/reset') {
      parseBody(demoBodies[path], body);
      return this.reset();
    }
    throw new DemoEngineError(404, `no such control: ${path}`);
  }

  private changeNode(change: ParsedDemoBody<'/node'>): void {
    const node = this.swarm.node(change.node);
    const now = this.faultsOf(node);
    if (change.power !== undefined && change.power !== now.power) {
      now.power = change.power;
      this.swarm.power(node, change.power);
    }
    if (change.link !== undefined && change.link !== now.link) {
      now.link = change.link;
      this.swarm.link(node, change.link);
    }
    const agent = this.swarm.agentOf(node);
    if (agent && change.clockSkewMs !== undefined) agent.skewMs = change.clockSkewMs;
  }

  private killTask({ kill, exitCode }: ParsedDemoBody<'/task'>): void {
    const { store } = this.swarm;
    const found = [...store.tasks.values()].filter(
      (one) =>
        one.api.Status.State === 'running' &&
        (one.api.ID === kill ||
          this.swarm.taskName(one) === kill ||
          (kill.length >= 12 && one.api.Status.ContainerStatus?.ContainerID.startsWith(kill))),
    );
    // A lost task still counts as running, and its replacement has the same name.
    const task = found.find(({ api }) => mayRun(api.DesiredState)) ?? found[0];
    const node = store.nodes.get(task?.api.NodeID ?? '');
    if (!task || !node || !this.swarm.agentOf(node)?.kill(task, exitCode)) {
      throw new DemoEngineError(404, `no running task ${kill}`);
    }
  }

  private changeImage({ image, pull, exit }: ParsedDemoBody<'/image'>): void {
    const { images } = this.swarm.faults;
    const now = images.get(image) ?? {};
    if (pull !== undefined) now.pull = pull;
    if (exit !== undefined) now.exit = exit ?? undefined;
    if (now.pull || now.exit) images.set(image, now);
    else images.delete(image);
  }

  private async changeEngine(change: ParsedDemoBody<'/engine'>): Promise<void> {
    const { faults } = this.swarm;
    if (change.latencyMs !== undefined) faults.latencyMs = change.latencyMs;
    if (change.latencyMs === 0) this.engine.flushDelayed();
    if (change.answer !== undefined) faults.answer = change.answer;
    if (change.role !== undefined) faults.role = change.role;
    if (change.cutEvents) this.engine.events.cut();
    if (change.running === true) await this.engine.start();
    if (change.running === false) await this.engine.stop();
  }

  private async reset(): Promise<void> {
    this.swarm.faults.reset();
    this.swarm.chatter.reset();
    this.engine.flushDelayed();
    for (const node of this.swarm.store.nodes.values()) {
      this.nodeFaults.delete(node.api.ID);
      this.swarm.restore(node);
      const agent = this.swarm.agentOf(node);
      if (agent) agent.skewMs = 0;
    }
    await unfill(this.swarm);
    this.swarm.managers.reset();
    this.assemble();
    await this.engine.start();
  }

  private faultsOf(node: NodeRecord): NodeFaults {
    const known = this.nodeFaults.get(node.api.ID) ?? { power: true, link: true };
    this.nodeFaults.set(node.api.ID, known);
    return known;
  }

  private state(): DemoState {
    const { faults, store } = this.swarm;
    const filled = isFilled(this.swarm);
    const all = [...store.nodes.values()];
    const hat = DEMO_HAT.flatMap(({ name }) => all.find((node) => nameOf(node) === name) ?? []);
    const nodes = hat.map((node) => ({
      name: nameOf(node),
      id: node.api.ID,
      ...this.faultsOf(node),
      clockSkewMs: this.swarm.agentOf(node)?.skewMs ?? 0,
    }));
    const engine = {
      running: this.engine.listening,
      latencyMs: faults.latencyMs,
      answer: faults.answer,
      role: faults.role,
    };
    const images = [...faults.images].map(([image, fault]) => ({
      image,
      ...(fault.pull === undefined ? {} : { pull: fault.pull }),
      ...(fault.exit ? { exit: fault.exit } : {}),
    }));
    const chatter = this.swarm.chatter.current();
    const calm =
      engine.running &&
      engine.latencyMs === 0 &&
      engine.answer === 'normal' &&
      this.swarm.role === 'manager' &&
      images.length === 0 &&
      chatter.length === 0 &&
      !filled &&
      nodes.length === DEMO_HAT.length &&
      nodes.every(({ power, link, clockSkewMs }) => power && link && clockSkewMs === 0);
    return {
      dockerHost: `unix://${this.engine.socketPath}`,
      engine,
      nodes,
      images,
      chatter,
      filled,
      refusedPorts: Object.fromEntries(this.mesh.refused),
      calm,
    };
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of request) {
    body += String(chunk);
    if (body.length > 100_000) throw new DemoEngineError(413, 'the body is too large');
  }
  return body;
}
