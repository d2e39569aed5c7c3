import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { Run, RunRequest } from '@/lib/curl/run';
import { runRequestSchema } from '@/lib/curl/run-schemas';
import { dockerEngine, type Engine } from '@/lib/engine';
import { Feed } from '@/lib/live/feed';
import { runnerHooks } from '@/lib/runner/app-runner';
import type { RunEngine } from '@/lib/runner/run-engine';
import { createRunner } from '@/lib/runner/runner';
import { docker, eventually, labEnv } from './support';

/** The curl panel's acceptance on real engines: feed, runner and engine as the server wires them. */

const SERVICE = 'curlpanel';
const PORT = 8898;
const HAT = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];

let engine: Engine;
let feed: Feed;
let runner: RunEngine;
let env: Record<string, string> = {};

beforeAll(async () => {
  env = await labEnv();
  engine = dockerEngine({
    kind: 'unix',
    socketPath: env['DOCKER_HOST']?.replace('unix://', '') ?? '',
  });
  feed = new Feed(engine, { hat: HAT, echoService: SERVICE });
  await docker('service', 'rm', SERVICE).catch(() => '');
  const create = `service create --name ${SERVICE} --replicas 3`;
  const how = `--publish published=${PORT},target=8080 --hostname web-{{.Task.Slot}}.{{.Node.Hostname}}`;
  await docker(...`${create} ${how} carmeloc/goweb:1.0`.split(' '));
  runner = createRunner(runnerHooks(feed, engine));
  await settled();
}, 720_000);

afterAll(async () => {
  await runner.shutdown();
  await docker('service', 'rm', SERVICE);
});

/** Waits until the mesh of every entry node has three tasks. */
async function settled(): Promise<void> {
  await eventually('three tasks that answer everywhere', async () => {
    const { entries, shares } = await runToEnd({ entryNode: 'rotate', mode: 'burst', burst: 30 });
    const whole = entries.every(({ answers }) => answers.slice(0, 3).every((count) => count > 0));
    return shares.filter(({ running }) => running).length === 3 && whole ? true : undefined;
  });
}

async function start(over: Partial<RunRequest>): Promise<string> {
  const request = runRequestSchema.parse({ service: SERVICE, publishedPort: PORT, ...over });
  const started = runner.start(request, await feed.fresh());
  if (!started.ok) throw new Error(started.why.detail);
  return started.run.id;
}

const get = (id: string): Run => {
  const run = runner.get(id);
  if (!run) throw new Error(`no run ${id}`);
  return run;
};

const end = (id: string): Promise<Run> =>
  eventually(
    `the end of run ${id}`,
    () => Promise.resolve(get(id).state === 'ended' ? get(id) : undefined),
    270_000,
  );

async function runToEnd(over: Partial<RunRequest>): Promise<Run> {
  return end(await start(over));
}

/** This machine's connections to the port that are not closed. */
async function sockets(): Promise<number> {
  const hex = (value: number, length: number) =>
    value.toString(16).toUpperCase().padStart(length, '0');
  // This lab's nodes only, as another one may use the port too. The kernel writes addresses backwards.
  const network = (env['LAB_CTRL'] ?? '').split('.').slice(0, 3).toReversed();
  const prefix = network.map((part) => hex(Number(part), 2)).join('');
  const table = await readFile('/proc/net/tcp', 'utf8');
  // The third column is the other end, the fourth its state: 01 is established.
  const line = new RegExp(` [0-9A-F]{2}${prefix}:${hex(PORT, 4)} 01 `);
  return table.split('\n').filter((one) => line.test(one)).length;
}

test('5/s for 30 s from one entry node: even to within one, no repeats, sockets = requests', async () => {
  const run = await runToEnd({ rate: 5, seconds: 30 });
  expect(run).toMatchObject({
    ended: 'finished',
    failed: 0,
    repeats: 0,
    errors: {},
    verdict: 'Round robin: even to within 1 request',
  });
  expect(run.sent + run.skipped).toBe(150);
  expect(run.connections).toBe(run.sent);
  expect(run.spread).toBeLessThanOrEqual(1);
  // They are identified by the hostname that the service sets.
  expect(run.shares.map(({ name }) => name)).toEqual([1, 2, 3].map((slot) => `${SERVICE}.${slot}`));
});

test('kept-alive connections, one in flight: one replica answers everything, with the reason', async () => {
  const run = await runToEnd({ connection: 'keepAlive', inFlight: 1, seconds: 10 });
  expect(run).toMatchObject({ failed: 0, connections: 1, repeats: 1 });
  expect(run.verdict).toMatch(/^Sticks to curlpanel\.\d: 1 kept connection, and the mesh chooses/);
});

test('all five entry nodes in turn fill every cell of the matrix', async () => {
  const run = await runToEnd({ entryNode: 'rotate', rate: 10, seconds: 10 });
  expect(run.entries.map(({ name }) => name)).toEqual(HAT);
  for (const { answers, spread } of run.entries) {
    expect(Math.min(...answers)).toBeGreaterThan(0);
    expect(spread).toBeLessThanOrEqual(1);
  }
});

test('a drill drains a node, reports its cost, and the node is active again at the end of the run', async () => {
  const id = await start({ rate: 10, seconds: 60, keepGoing: true });
  const view = await feed.fresh();
  const task = view.tasks.find(({ name, phase }) => name === `${SERVICE}.2` && phase === 'running');
  const node = view.nodes.find((each) => each.id === task?.nodeId)?.name ?? '';
  const drilled = runner.drill(id, { kind: 'drain', node, seconds: 100 }, view);
  expect(drilled.ok).toBe(true);
  await eventually('an answer of the new task', () =>
    Promise.resolve(get(id).marks[0]?.cost.firstAnswerMs ?? undefined),
  );
  const [mark] = get(id).marks;
  expect(mark).toMatchObject({ kind: 'drain', text: `${node} was drained`, drill: true });
  expect(mark?.cost.firstAnswerBy?.name).toBe(`${SERVICE}.2`);
  runner.stop(id);
  await eventually('the node’s return', () =>
    Promise.resolve(get(id).drill?.state === 'done' ? true : undefined),
  );
  const nodes = await engine.nodes();
  expect(nodes.map(({ Spec }) => Spec.Availability)).toEqual(HAT.map(() => 'active'));
  expect(get(id).story).toMatch(
    new RegExp(`^${node} was drained at [\\d:]{8}\\. .*the first new task answered after`),
  );
}, 270_000);

test('a task killed on its Zero is reported with its cost', async () => {
  await settled();
  const view = await feed.fresh();
  const task = view.tasks.find(({ nodeId, phase, serviceId }) => {
    const service = view.services.find(({ echo }) => echo);
    const zero = view.nodes.find(({ id }) => id === nodeId);
    return phase === 'running' && serviceId === service?.id && zero?.name !== 'ctrl';
  });
  const node = view.nodes.find(({ id }) => id === task?.nodeId)?.name ?? '';
  const id = await start({ rate: 20, seconds: 30, keepGoing: true });
  const socket = `${env['LAB_RUN']}/${node}/docker.sock`;
  await dockerEngine({ kind: 'unix', socketPath: socket }).killContainer(task?.container ?? '');
  await eventually('its row at nought', () =>
    Promise.resolve(
      get(id).shares.some(({ taskId, running }) => taskId === task?.id && running)
        ? undefined
        : true,
    ),
  );
  await eventually('an answer of the replacement', () =>
    Promise.resolve(get(id).marks[0]?.cost.firstAnswerMs ?? undefined),
  );
  runner.stop(id);
  const { story, marks } = await end(id);
  expect(marks[0]).toMatchObject({ kind: 'task failed', taskId: task?.id, drill: false });
  expect(story).toContain(`${task?.name} on ${node} died (exit 137) at `);
  expect(story).toContain('; the replacement answered after ');
}, 270_000);

test('closes its sockets after its last viewer leaves', async () => {
  const leave = runner.subscribe(() => {});
  onTestFinished(leave);
  const id = await start({ connection: 'keepAlive', rate: 5, seconds: 60 });
  await eventually('a connection', async () => ((await sockets()) > 0 ? true : undefined));
  leave();
  await eventually('no connection', async () => ((await sockets()) === 0 ? true : undefined));
  expect(get(id).ended).toBe('nobody watching');
});
