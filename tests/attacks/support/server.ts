import { readdirSync, readlinkSync } from 'node:fs';
import { afterAll, beforeAll } from 'vitest';
import { countingProxy, type CountingProxy } from '../../bench/counting-proxy';
import {
  startDashboard,
  type DashboardProcess,
  type DashboardOptions,
} from '../../e2e/support/dashboard';
import { startDemo, type TestDemoOptions, type DemoSwarm } from '../../e2e/support/demo';
import { withTest, type OnEnd } from './ends';

/** A server under attack: the production build on the test's own demo swarm. */
export interface AttackTarget extends DashboardProcess {
  port: number;
  swarm: DemoSwarm;
  /** Number of calls to the engine; null unless counted. */
  engine: CountingProxy | null;
  /** Number of its open sockets, including the listening one and those to the engine. */
  sockets(): number;
  /** Whether its process is running. */
  alive(): boolean;
}

/** How a server and its demo swarm are started. */
export type TargetOptions = Partial<DashboardOptions> & {
  demo?: TestDemoOptions;
  /** Counts the calls to the engine. The server then does not recognize the demo as its own. */
  counted?: boolean;
};

/** Starts a demo swarm and a server on it; both end with the test, unless `onEnd` is another cleanup. */
export async function startTarget(
  { demo, counted = false, ...options }: TargetOptions = {},
  onEnd: OnEnd = withTest,
): Promise<AttackTarget> {
  const swarm = await startDemo(demo);
  onEnd(() => swarm.stop());
  const engine = counted ? await countingProxy(swarm.socketPath) : null;
  onEnd(() => engine?.close());
  const dockerHost = engine ? `unix://${engine.socketPath}` : swarm.dockerHost;
  const server = await startServer({ dockerHost, ...options }, onEnd);
  return Object.assign(server, { swarm, engine });
}

/** As `startTarget`, one for all tests of a file, if they do not affect each other. */
export function sharedTarget(options?: TargetOptions): () => AttackTarget {
  let target: AttackTarget | undefined;
  const ends: (() => unknown)[] = [];
  beforeAll(async () => {
    target = await startTarget(options, (end) => void ends.unshift(end));
  });
  afterAll(async () => {
    for (const end of ends) await end();
  });
  return () => {
    if (!target) throw new Error('not started yet');
    return target;
  };
}

/** A server on the engine that `options` name. */
export type Server = Omit<AttackTarget, 'swarm' | 'engine'>;

/** Starts a server on the engine that `options` name; it ends with the test, unless `onEnd` is another cleanup. */
export async function startServer(
  options: DashboardOptions,
  onEnd: OnEnd = withTest,
): Promise<Server> {
  const dashboard = await startDashboard(options);
  onEnd(async () => void (await dashboard.stop('SIGKILL')));
  return Object.assign(dashboard, {
    port: Number(new URL(dashboard.url).port),
    sockets: () => socketsOf(dashboard.pid()),
    alive: () => isAlive(dashboard.pid()),
  });
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function socketsOf(pid: number): number {
  const folder = `/proc/${pid}/fd`;
  return readdirSync(folder).filter((descriptor) => {
    try {
      return readlinkSync(`${folder}/${descriptor}`).startsWith('socket:');
    } catch {
      return false; // Closed meanwhile.
    }
  }).length;
}
