import { get } from 'node:http';
import { setTimeout as later } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { socketOf } from '../../lab/layout';
import { followService } from '../contract/followed-log';
import { docker, labEnv, labOk } from './support';

/** A log that the dashboard follows on real engines while a node is cut off, and while one loses power. */

const NAME = 'talks';
const PORT = 8879;
let addresses: Record<string, string>;
let followed: Awaited<ReturnType<typeof followService>>;
let count = 0;

/** Sends requests for this long, one after the other; returns the ids of those that were answered. */
async function requests(ms: number): Promise<string[]> {
  const answered: string[] = [];
  for (const end = Date.now() + ms; Date.now() < end; await later(20)) {
    const id = `lab-${(count += 1)}`;
    const headers = { 'x-request-id': id };
    const host = addresses['LAB_CTRL'];
    const isAnswered = await new Promise((done) => {
      const request = get({ host, port: PORT, path: '/', headers, agent: false, timeout: 1000 });
      request.on('response', (response) => {
        response.resume().on('end', () => done(response.statusCode === 200));
      });
      request.on('timeout', () => request.destroy());
      request.on('error', () => done(false));
    });
    if (isAnswered) answered.push(id);
  }
  return answered;
}

const lines = () => followed.seen.filter((entry) => entry.kind === 'line');
const ids = () => lines().flatMap(({ text }) => / id=(lab-\d+) /.exec(text)?.[1] ?? []);
const nodeId = async (name: string) =>
  (await docker('node', 'inspect', '--format', '{{.ID}}', name)).trim();

/** Each answered request has exactly one line, and no line is there twice. */
async function expectEach(answered: readonly string[]): Promise<void> {
  await vi.waitFor(() => expect(ids()).toEqual(expect.arrayContaining([...answered])), {
    timeout: 30_000,
    interval: 500,
  });
  expect(ids().toSorted()).toEqual([...new Set(ids())].toSorted());
}

/**
 * Cuts a node off for 8 s, so that swarm does not notice; on a busy machine it may, and another cut is made. Returns the ids
 * of the requests that were answered meanwhile.
 */
async function cutUnnoticed(node: string): Promise<string[]> {
  const answered: string[] = [];
  const missing = () => followed.log.status.missing;
  for (let cuts = 1; ; cuts += 1) {
    await labOk('break', node);
    answered.push(...(await requests(8000)));
    await labOk('mend', node);
    if (missing().length === 0) return answered;
    if (cuts === 4) throw new Error('swarm noticed every cut');
    await vi.waitFor(() => expect(missing()).toEqual([]), { timeout: 60_000, interval: 500 });
  }
}

beforeAll(async () => {
  await labOk('reset');
  await labOk('echo', '--no-create');
  addresses = await labEnv();
  const publish = `published=${PORT},target=8080`;
  const own = ['--quiet', '--name', NAME, '--mode', 'global', '--publish', publish];
  await docker('service', 'create', ...own, 'carmeloc/goweb:1.0');
  followed = await followService(socketOf('ctrl'), NAME);
});
afterAll(async () => {
  followed.close();
  await docker('service', 'rm', NAME);
  await labOk('reset');
});

it('has a line of each request, of every node', async () => {
  const answered = await requests(4000);
  expect(answered.length).toBeGreaterThan(20);
  await expectEach(answered);
  expect(new Set(lines().map((line) => line.nodeId)).size).toBe(5);
});

it('continues after a node was cut off for a moment, which the swarm did not notice', async () => {
  const zero1 = await nodeId('zero1');
  const meanwhile = await cutUnnoticed('zero1');
  const before = lines().filter((line) => line.nodeId === zero1).length;
  const after: string[] = [];
  // Until the mesh sends it requests again.
  await vi.waitFor(
    async () => {
      after.push(...(await requests(2000)));
      const now = lines().filter((line) => line.nodeId === zero1).length;
      expect(now).toBeGreaterThan(before);
    },
    { timeout: 90_000, interval: 100 },
  );
  await expectEach([...meanwhile, ...after]);
});

it('names a node without power, and has the lines of its new task when it is back', async () => {
  const zero2 = await nodeId('zero2');
  await labOk('kill', 'zero2');
  await vi.waitFor(
    () => expect(followed.log.status.missing.map((node) => node.nodeId)).toEqual([zero2]),
    { timeout: 40_000, interval: 500 },
  );
  const tasks = () =>
    new Set(lines().flatMap((line) => (line.nodeId === zero2 ? [line.taskId] : [])));
  const before = tasks().size;
  await labOk('start', 'zero2');
  await vi.waitFor(() => expect(tasks().size).toBe(before + 1), {
    timeout: 60_000,
    interval: 500,
  });
  expect(followed.log.status.missing).toEqual([]);
  await expectEach(await requests(3000));
});
