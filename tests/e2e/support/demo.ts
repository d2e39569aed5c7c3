import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { demoStateSchema, type DemoBody, type DemoPath, type DemoState } from '@/lib/demo-control';
import type { ServiceSpec } from '@/demo/types';
import { jsonOverSocket } from '../../support/unix-socket';

/** A demo swarm process of one test. */
export interface DemoSwarm {
  dockerHost: string;
  socketPath: string;
  /** The nodes' listening addresses, in the order of the HAT. */
  addresses: string[];
  /** The demo's process id. */
  pid: number;
  /** Calls the control endpoint (demo/README.md) and returns the new state. */
  control<P extends DemoPath>(path: P, body?: DemoBody<P>): Promise<DemoState>;
  state(): Promise<DemoState>;
  /** Calls the Engine API. Throws with the engine's message unless the status is 2xx. */
  engine(method: string, path: string, body?: unknown): Promise<unknown>;
  stop(): Promise<void>;
}

/** See `node dist/package/demo/demo.mjs --help`. */
export interface TestDemoOptions {
  /** How much faster than a real swarm. */
  speed?: number;
  replicas?: number;
  seed?: number;
  /** The API version of its engine, the newest by default. */
  api?: string;
}

/** Starts `dist/package/demo/demo.mjs` (`npm run build` made it); it ends with the test's own process at the latest. */
export async function startDemo({
  speed = 1,
  replicas = 3,
  seed = 1,
  api,
}: TestDemoOptions = {}): Promise<DemoSwarm> {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-e2e-'));
  const socketPath = join(folder, 'docker.sock');
  const version = api === undefined ? {} : { api };
  const options = { socket: socketPath, speed, replicas, seed, ...version };
  const child = spawn(
    process.execPath,
    [
      'dist/package/demo/demo.mjs',
      '--stdin',
      ...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const statuses = new Map<string, string>();
  for await (const line of createInterface({ input: child.stdout })) {
    const [name = '', value = ''] = line.split('=', 2);
    statuses.set(name, value);
    if (name === 'DEMO_ADDRESSES') break;
  }
  const control = statuses.get('DEMO_CONTROL');
  if (!control) throw new Error(`the demo swarm ended (exit ${child.exitCode})`);
  const state = async (method: string, path: string, body?: unknown) =>
    demoStateSchema.parse(await jsonOverSocket(control, method, path, body));
  return {
    dockerHost: statuses.get('DOCKER_HOST') ?? '',
    socketPath,
    addresses: statuses.get('DEMO_ADDRESSES')?.split(',') ?? [],
    pid: child.pid ?? 0,
    control: (path, body) => state('POST', path, body ?? {}),
    state: () => state('GET', '/'),
    engine: (method, path, body) => jsonOverSocket(socketPath, method, path, body),
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        const ended = once(child, 'exit');
        child.stdin.end();
        await ended;
      }
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The fields of a service that tests use. */
export interface ApiService {
  ID: string;
  Version: { Index: number };
  Spec: ServiceSpec;
  UpdateStatus?: { State: string };
}

/** All services, as the engine lists them. */
export async function services(swarm: DemoSwarm): Promise<ApiService[]> {
  return (await swarm.engine('GET', '/services')) as ApiService[];
}

/** Creates a service of the echo image and returns its id. */
export async function createService(
  swarm: DemoSwarm,
  name: string,
  over: Partial<ServiceSpec> = {},
): Promise<string> {
  const made = await swarm.engine('POST', '/services/create', {
    Name: name,
    Labels: {},
    TaskTemplate: { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } },
    Mode: { Replicated: { Replicas: 3 } },
    EndpointSpec: { Mode: 'vip' },
    ...over,
  });
  return (made as { ID: string }).ID;
}

/** Reads a service's spec, changes it and writes it back, as `docker service update` does. */
export async function updateService(
  swarm: DemoSwarm,
  name: string,
  change: (spec: ServiceSpec) => ServiceSpec,
): Promise<void> {
  const { ID, Version, Spec } = (await swarm.engine('GET', `/services/${name}`)) as ApiService;
  await swarm.engine('POST', `/services/${ID}/update?version=${Version.Index}`, change(Spec));
}

/** `name node` of each running task of a service with desired state running, sorted, from the engine. */
export async function running(swarm: DemoSwarm, service: string): Promise<string[]> {
  const [tasks, nodes, all] = (await Promise.all([
    swarm.engine('GET', '/tasks'),
    swarm.engine('GET', '/nodes'),
    services(swarm),
  ])) as [
    {
      ServiceID: string;
      Slot?: number;
      NodeID?: string;
      Status: { State: string };
      DesiredState: string;
    }[],
    { ID: string; Description: { Hostname: string } }[],
    ApiService[],
  ];
  const id = all.find(({ Spec }) => Spec.Name === service)?.ID;
  const hostnames = new Map(nodes.map((node) => [node.ID, node.Description.Hostname]));
  return tasks
    .filter(
      (task) =>
        task.ServiceID === id && task.Status.State === 'running' && task.DesiredState === 'running',
    )
    .map((task) => `${service}.${task.Slot} ${hostnames.get(task.NodeID ?? '')}`)
    .sort();
}
