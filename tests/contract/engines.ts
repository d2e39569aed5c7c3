import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import * as z from 'zod/mini';
import { startDemo } from '@/demo/demo';
import { requestOverSocket, type SocketResponse } from '@/tests/support/unix-socket';
import { VersionRules } from './engine-version';
import {
  type EngineNode,
  type EngineService,
  type EngineTask,
  nodeSchema,
  serviceSchema,
  taskSchema,
} from '@/lib/swarm/engine-json';

/** An engine that the suite runs on. */
export interface TestEngine {
  socketPath: string;
  client: Client;
  version: VersionRules;
  /** Ends the demo. Real engines stay up: each test removes what it created. */
  close: () => Promise<void>;
}

/** An image that both engines can run. */
export const IMAGE = 'carmeloc/goweb:1.0';
/** An image that neither engine can pull. */
export const NO_IMAGE = 'clusterhat/nosuch:1';

/** Starts a separate demo for this file, with the newest API version by default. */
export async function demoEngine(api?: string): Promise<TestEngine> {
  const folder = mkdtempSync(join(tmpdir(), 'contract-'));
  const socketPath = join(folder, 'demo.sock');
  const options = { socketPath, seed: 20_261, speed: 1, replicas: 3 };
  const demo = await startDemo({ ...options, ...(api === undefined ? {} : { api }) });
  return connect(socketPath, async () => {
    await demo.close();
    rmSync(folder, { recursive: true, force: true });
  });
}

/** The manager of the real engines, at `CONTRACT_DOCKER_HOST`. */
export function realEngine(dockerHost: string): Promise<TestEngine> {
  return connect(dockerHost.replace(/^unix:\/\//, ''), async () => {});
}

async function connect(socketPath: string, end: () => Promise<void>): Promise<TestEngine> {
  const client = new Client(socketPath);
  return {
    socketPath,
    client,
    version: await versionOf(client),
    async close() {
      client.close();
      await end();
    },
  };
}

async function versionOf(client: Client): Promise<VersionRules> {
  return new VersionRules((await client.call('GET', '/version')).body);
}

const objectSchema = z.looseObject({
  ID: z.string(),
  Version: z.object({ Index: z.number() }),
  Spec: z.looseObject({}),
});
/** A swarm object with its complete spec, to be changed and posted. */
export type RawObject = z.infer<typeof objectSchema>;

const messageSchema = z.object({
  Type: z.string(),
  Action: z.string(),
  scope: z.string(),
  Actor: z.object({ ID: z.string(), Attributes: z.record(z.string(), z.string()) }),
});
/** An event of the engine. */
export type Message = z.infer<typeof messageSchema>;

/** Plain HTTP on the engine's socket: the suite checks what the engine sends, without a library in between. */
export class Client {
  private readonly agent = new Agent({ keepAlive: true });

  constructor(private readonly socketPath: string) {}

  close(): void {
    this.agent.destroy();
  }

  /** Sends a request; returns the status and the parsed JSON (undefined for an empty body). */
  async call(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; body: unknown }> {
    const { status, body: text } = await this.send(method, path, body);
    return { status, body: text.trim() === '' ? undefined : JSON.parse(text) };
  }

  /** Sends a request; returns the response as it is. */
  send(method: string, path: string, body?: unknown, type?: string): Promise<SocketResponse> {
    const options = { agent: this.agent, ...(type === undefined ? {} : { type }) };
    return requestOverSocket(this.socketPath, method, path, body, options);
  }

  private async get<T>(schema: z.ZodMiniType<T>, path: string): Promise<T> {
    const { status, body } = await this.call('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return z.parse(schema, body);
  }

  nodes(): Promise<EngineNode[]> {
    return this.get(z.array(nodeSchema), '/nodes');
  }

  service(name: string): Promise<EngineService> {
    return this.get(serviceSchema, `/services/${name}`);
  }

  /** The tasks of a service, history included, newest first. */
  async tasks(service: string, more: Record<string, string[]> = {}): Promise<EngineTask[]> {
    const filters = encodeURIComponent(JSON.stringify({ service: [service], ...more }));
    const tasks = await this.get(z.array(taskSchema), `/tasks?filters=${filters}`);
    return tasks.sort((a, b) => b.CreatedAt - a.CreatedAt);
  }

  raw(kind: 'services' | 'nodes', name: string): Promise<RawObject> {
    return this.get(objectSchema, `/${kind}/${name}`);
  }

  /** Posts a changed spec; retries after a conflict, as with a running update. */
  async update(
    kind: 'services' | 'nodes',
    name: string,
    change: (spec: Record<string, unknown>) => void,
    query = '',
  ): Promise<void> {
    for (let tries = 0; tries < 5; tries += 1) {
      const { ID, Version, Spec } = await this.raw(kind, name);
      const spec = structuredClone(Spec);
      change(spec);
      const path = `/${kind}/${ID}/update?version=${Version.Index}${query}`;
      const { status, body } = await this.call('POST', path, spec);
      if (status === 200) return;
      if (!JSON.stringify(body).includes('out of sequence')) {
        throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
      }
    }
    throw new Error(`${name}: always out of sequence`);
  }

  /** Collects events in `seen` until `stop` is called. */
  async follow(filters: Record<string, string[]>): Promise<{ seen: Message[]; stop: () => void }> {
    const seen: Message[] = [];
    const query = encodeURIComponent(JSON.stringify(filters));
    const call = request({ socketPath: this.socketPath, path: `/events?filters=${query}` });
    const response = await new Promise<NodeJS.ReadableStream>((done, fail) => {
      call.on('response', done).on('error', fail).end();
    });
    call.on('error', () => {});
    response.on('error', () => {});
    const lines = createInterface({ input: response });
    lines.on('error', () => {});
    lines.on('line', (line) => {
      seen.push(z.parse(messageSchema, JSON.parse(line)));
    });
    return { seen, stop: () => void call.destroy() };
  }
}

/** A unique name for a service. */
export function serviceName(what: string): string {
  return `contract-${what}-${randomBytes(3).toString('hex')}`;
}

/** Polls every 40 ms until `look` returns something other than undefined, false or null. */
export async function until<T>(
  look: () => Promise<T | undefined | false | null> | T | undefined | false | null,
  what: string,
  limitMs = 240_000,
): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await look();
    if (found !== undefined && found !== false && found !== null) return found;
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms: ${what}`);
    await new Promise((next) => setTimeout(next, 40));
  }
}
