import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run, RunRequest } from '@/lib/curl/run';
import { runRequestSchema } from '@/lib/curl/run-schemas';
import { dockerEngine, type Engine } from '@/lib/engine';
import { Feed } from '@/lib/live/feed';
import { runnerHooks } from '@/lib/runner/app-runner';
import { createRunner } from '@/lib/runner/runner';
import { both, editEach } from '@/tests/support/odd-cases';
import { oddEngine, type Oddity } from '@/tests/support/odd-engine';
import { docker, eventually, labEnv } from './support';

/** Where the curl panel sends its requests on real engines: chosen ports, and addresses that cannot be reached. */

const SERVICE = 'reached';
const PORT = 8897;
const HAT = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];

let env: Record<string, string> = {};
let socketPath = '';
/** An address of the lab's network that no machine has: the kernel asks for it and gives up. */
let nowhere = '';

beforeAll(async () => {
  env = await labEnv();
  socketPath = env['DOCKER_HOST']?.replace('unix://', '') ?? '';
  nowhere = (env['LAB_CTRL'] ?? '').replace(/\d+$/, '99');
  await docker('service', 'rm', SERVICE).catch(() => '');
  const ports = `--publish published=${PORT},target=8080 --publish mode=host,target=8080`;
  const create = `service create --name ${SERVICE} --replicas 6 ${ports} carmeloc/goweb:1.0`;
  await docker(...create.split(' '));
}, 720_000);

afterAll(async () => {
  await docker('service', 'rm', SERVICE);
});

/** A runner on the lab, with something odd about its engine. */
async function dashboard(oddity: Oddity | null) {
  const odd = await oddEngine(socketPath, oddity);
  const engine: Engine = dockerEngine({ kind: 'unix', socketPath: odd.socketPath });
  const feed = new Feed(engine, { hat: HAT, echoService: SERVICE });
  const runner = createRunner(runnerHooks(feed, engine));
  const start = async (over: Partial<RunRequest>) => {
    const request = runRequestSchema.parse({ service: SERVICE, publishedPort: PORT, ...over });
    const started = runner.start(request, await feed.fresh());
    if (!started.ok) throw new Error(started.why.detail);
    return started.run.id;
  };
  const end = (id: string): Promise<Run> =>
    eventually(
      `the end of run ${id}`,
      () => {
        const run = runner.get(id);
        return Promise.resolve(run?.state === 'ended' ? run : undefined);
      },
      270_000,
    );
  return {
    feed,
    start,
    end,
    runToEnd: async (over: Partial<RunRequest>) => end(await start(over)),
    close: async () => {
      await runner.shutdown();
      await odd.close();
    },
  };
}

test('each task answers at the port that its engine chose, and a replacement at its own', async () => {
  const { runToEnd, start, end, feed, close } = await dashboard(null);
  const burst = { entryNode: 'rotate', mode: 'burst', burst: 60, publishedPort: 0 } as const;
  await eventually('six tasks that answer', async () => {
    const { verdict } = await runToEnd(burst).catch(() => ({ verdict: '' }));
    return verdict.startsWith('6 of 6 running tasks answered') ? true : undefined;
  });
  const id = await start({ ...burst, mode: 'steady', rate: 10, seconds: 20, keepGoing: true });
  const { nodes, tasks } = await feed.fresh();
  const task = tasks.find(({ phase }) => phase === 'running');
  const node = nodes.find((one) => one.id === task?.nodeId)?.name ?? '';
  const socket = `${env['LAB_RUN']}/${node}/docker.sock`;
  await dockerEngine({ kind: 'unix', socketPath: socket }).killContainer(task?.container ?? '');
  const run = await end(id);
  const replacement = run.shares.find(
    ({ name, taskId }) => name === task?.name && taskId !== task?.id,
  );
  expect(replacement?.answers).toBeGreaterThan(0);
  expect(run.failed).toBeLessThan(10);
  await close();
}, 360_000);

/** What the engine reports of ctrl: the manager's advertised address alone, or nothing else either. */
const advertised = (alone: boolean): Oddity =>
  both(
    editEach('/nodes', (node) =>
      node.ManagerStatus
        ? {
            ...node,
            ManagerStatus: { ...node.ManagerStatus, Addr: `${nowhere}:2377` },
            ...(alone && { Status: { ...node.Status, Addr: nowhere } }),
          }
        : node,
    ),
    ({ path, json }) => {
      if (path !== '/info' || !alone) return undefined;
      const { Swarm, ...more } = json as { Swarm: object };
      return { body: { ...more, Swarm: { ...Swarm, NodeAddr: nowhere } } };
    },
  );

test('an advertised address that does not exist: the node is entered at its other one', async () => {
  const { runToEnd, close } = await dashboard(advertised(false));
  const run = await runToEnd({ rate: 5, seconds: 10 });
  expect(run).toMatchObject({ failed: 0, url: `http://${env['LAB_CTRL']}:${PORT}/Hello!` });
  expect(run.verdict).toMatch(/^Round robin/);
  await close();
}, 180_000);

test('an entry node whose addresses do not exist gives no verdict on the mesh', async () => {
  const { runToEnd, close } = await dashboard(advertised(true));
  const alone = await runToEnd({ rate: 5, seconds: 30 });
  expect(alone.ended).toBe('connect failures');
  expect(alone.verdict).toContain(`ctrl cannot be reached from here (${nowhere})`);
  await close();
}, 270_000);
