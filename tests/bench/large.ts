import { readFileSync } from 'node:fs';
import { setTimeout as later } from 'node:timers/promises';
import { socketOf } from '../../lab/layout';
import { innerPid } from '../../lab/nodes';
import { childOf, identify } from '../../lab/processes';
import { readState } from '../../lab/state';
import { startDashboard } from '../e2e/support/dashboard';
import { docker, removeService, seedState, until } from '../e2e/support/lab';
import { liveEvents } from '../support/live-events';
import { jsonOverSocket } from '../support/unix-socket';
import { countingProxy } from './counting-proxy';
import { fixed, printTable } from './table';

/**
 * A large swarm on the lab's real manager (`npm run -s lab -- up` first): 5,000 tasks whose spec has 4 kB, which wait
 * as no node has their label, then a crash loop with a history of 50 tasks per slot beside them. What one open page
 * costs the engine at rest, and the dashboard with the heap of 128 MB that it is started with.
 */

const TASKS = 5000;
const CRASHING = 8;
const SECONDS = 60;

/** Options of a service whose tasks have the environment, labels, mounts and health check of a real one: 4 kB. */
const SPEC = [
  ...Array.from({ length: 40 }, (_, n) => `--env=SETTING_${n}=${'value-'.repeat(8)}${n}`),
  ...Array.from(
    { length: 10 },
    (_, n) => `--container-label=org.example.part-${n}=${'x'.repeat(40)}`,
  ),
  ...Array.from(
    { length: 5 },
    (_, n) => `--mount=type=volume,source=data-${n},target=/var/lib/data-${n}`,
  ),
  '--health-cmd=wget -q -O /dev/null http://127.0.0.1:8080/healthz || exit 1',
  '--health-interval=30s',
];

/** The manager's dockerd, by its process id on this machine. */
function managerPid(): number {
  const outer = readState()?.nodes['ctrl'];
  const inner = outer && identify(innerPid(outer) ?? 0);
  const engine = inner && childOf(inner, 'dockerd');
  if (engine === undefined) throw new Error('the lab is not up');
  return engine;
}

/** CPU time of a process so far (s): fields 14 and 15 of its stat, in ticks of 10 ms (proc(5)). */
function cpuOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

const engine = socketOf('ctrl');
const taskCount = async () => {
  const tasks = await jsonOverSocket(engine, 'GET', '/tasks');
  return Array.isArray(tasks) ? tasks.length : 0;
};

async function create(name: string, options: readonly string[], ...args: string[]): Promise<void> {
  const own = ['--detach', '--no-resolve-image', `--name=${name}`];
  await docker('service', 'create', ...own, ...options, 'carmeloc/goweb:1.0', ...args);
}

const rows: (string | number)[][] = [];
await seedState();
await docker('swarm', 'update', '--task-history-limit=50');
const proxy = await countingProxy(engine);
const dashboard = await startDashboard({ dockerHost: `unix://${proxy.socketPath}` });
const pid = managerPid();

/** One row: `viewers` streams for a minute. */
async function measure(what: string, viewers: number): Promise<void> {
  const left = new AbortController();
  const streams = Array.from({ length: viewers }, async () => {
    for await (const { event } of liveEvents(dashboard.url, left.signal)) void event;
  });
  await later(20_000);
  proxy.take();
  const before = { engine: cpuOf(pid), own: dashboard.cpu() };
  await later(SECONDS * 1000);
  const { calls, bytes } = proxy.take();
  rows.push([
    what,
    viewers,
    await taskCount(),
    fixed(calls / SECONDS, 2),
    fixed(bytes / SECONDS / 1e6, 2),
    fixed(((cpuOf(pid) - before.engine) / SECONDS) * 100, 1),
    fixed(((dashboard.cpu() - before.own) / SECONDS) * 100, 1),
    Math.round(dashboard.memory()),
    Math.round(dashboard.peakMemory()),
  ]);
  left.abort();
  await Promise.allSettled(streams);
}

try {
  await measure('the seed', 0);
  await measure('the seed', 1);
  await create('large', [`--replicas=${TASKS}`, '--constraint=node.labels.none==such', ...SPEC]);
  await until('the tasks', async () => ((await taskCount()) >= TASKS ? true : undefined), {
    withinMs: 120_000,
  });
  await measure('5,000 tasks of 4 kB', 0);
  await measure('5,000 tasks of 4 kB', 1);
  await measure('5,000 tasks of 4 kB', 5);
  await create(
    'crashing',
    [`--replicas=${CRASHING}`, '--restart-delay=1s', ...SPEC],
    '-no-such-flag',
  );
  await later(120_000);
  await measure('and a crash loop', 0);
  await measure('and a crash loop', 1);
} finally {
  await removeService('large');
  await removeService('crashing');
  await docker('swarm', 'update', '--task-history-limit=5');
  await dashboard.stop();
  proxy.close();
}
printTable(
  'What a large swarm costs, on a real manager',
  [
    'swarm',
    'pages',
    'tasks',
    'engine calls/s',
    'MB/s',
    'dockerd CPU %',
    'dashboard CPU %',
    'dashboard MB',
    'peak MB',
  ],
  rows,
);
