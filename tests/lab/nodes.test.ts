import { afterAll, afterEach, beforeAll, expect, it, vi } from 'vitest';
import type { SwarmView } from '@/lib/swarm/view';
import { type CallApp, loadApp } from '../support/call-app';
import { docker, eventually, lab, labEnv, labOk } from './support';

/** A sixth node that joins, is promoted, demoted and removed by the dashboard, on real engines. */

const JOIN = '/api/join-command';
const SPARE = '/api/nodes/spare';
let call: CallApp;

beforeAll(async () => {
  await labOk('reset');
  await labOk('spare', 'up');
}, 720_000);

beforeAll(async () => {
  vi.stubEnv('DOCKER_HOST', (await labEnv())['DOCKER_HOST'] ?? '');
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  call = await loadApp();
});

afterEach(async () => {
  // A manager that is away would take the quorum with it.
  await docker('node', 'demote', 'spare').catch(() => '');
});
afterAll(async () => {
  await lab('docker', 'spare', 'swarm', 'leave', '--force');
  await lab('spare', 'down');
  await docker('node', 'rm', '--force', 'spare').catch(() => '');
  vi.unstubAllEnvs();
});

/** The command that joins a node, without `docker`. */
async function joinWords(body: object): Promise<string[]> {
  const { status, body: answer } = await call('POST', JOIN, body);
  expect(status).toBe(200);
  const [docker, ...words] = String(Object(answer).command).split(' ');
  expect(docker).toBe('docker');
  return words;
}

async function spare(): Promise<SwarmView['nodes'][number] | undefined> {
  const { body } = await call('GET', '/api/swarm');
  const { view } = body as { view: SwarmView };
  return view.nodes.find(({ hostname }) => hostname === 'spare');
}

const until = (what: string, is: (node: Awaited<ReturnType<typeof spare>>) => boolean) =>
  eventually(what, async () => (is(await spare()) ? true : undefined));

/** A role is what swarm has made of the one in the spec, a moment later. */
const managers = (hostnames: string) =>
  eventually(`managers: ${hostnames}`, async () => {
    const format = ['--format', '{{.Hostname}}'];
    const listed = await docker('node', 'ls', '--filter', 'role=manager', ...format);
    return listed === hostnames ? true : undefined;
  });

let first: string[];

it('joins by the command that the dashboard shows', async () => {
  first = await joinWords({});
  expect(first.slice(0, 3)).toEqual(['swarm', 'join', '--token']);
  await labOk('docker', 'spare', ...first);
  await until('a sixth node', (node) => node?.state === 'ready');
  expect((await call('POST', JOIN, { role: 'manager' })).body).not.toMatchObject({
    command: expect.stringContaining(first[3] ?? '-'),
  });
});

it('is promoted and demoted, with the quorum that the preview has, and not removed meanwhile', async () => {
  const refused = await call('DELETE', SPARE);
  expect([refused.status, refused.body]).toEqual([
    422,
    expect.objectContaining({ kind: 'engine-refused' }),
  ]);
  const preview = await call('PATCH', `${SPARE}?dry-run`, { role: 'manager' });
  expect(preview.body).toMatchObject({
    managers: { before: { managers: 1 }, after: { managers: 2 } },
  });
  expect((await call('PATCH', SPARE, { role: 'manager' })).status).toBe(202);
  await until('a manager', (node) => node?.reachability === 'reachable');
  await managers('ctrl\nspare\n');
  expect((await call('DELETE', SPARE)).status).toBe(422);
  // Where a busy machine has just lost the leader, nothing is changed and the answer is 503.
  await expect
    .poll(async () => (await call('PATCH', SPARE, { role: 'worker' })).status, {
      timeout: 60_000,
      interval: 1000,
    })
    .toBe(202);
  await until('a worker', (node) => node?.role === 'worker' && node.reachability === null);
  await managers('ctrl\n');
});

it('is removed when it is down, and swarm lists it no more', async () => {
  const change = await call('PATCH', SPARE, { availability: 'drain', labels: { 'a.b': 'c d' } });
  expect(change.status).toBe(202);
  const format = '{{.Spec.Availability}} {{index .Spec.Labels "a.b"}}';
  expect(await docker('node', 'inspect', 'spare', '--format', format)).toBe('drain c d\n');
  await labOk('spare', 'down');
  await until('it is down', (node) => node?.state === 'down');
  expect((await call('DELETE', `${SPARE}?dry-run`)).status).toBe(200);
  const removed = await call('DELETE', SPARE);
  expect([removed.status, removed.body]).toMatchObject([202, { node: 'spare' }]);
  await until('it is gone', (node) => node === undefined);
  const names = await docker('node', 'ls', '--format', '{{.Hostname}}');
  expect(names.trim().split('\n')).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
});

it('a rotated token lets a node join, and the one before does not', async () => {
  const rotated = await joinWords({ rotate: true });
  expect(rotated[3]).not.toBe(first[3]);
  await labOk('spare', 'up');
  await lab('docker', 'spare', 'swarm', 'leave', '--force');
  const late = await lab('docker', 'spare', ...first);
  expect([late.code, late.stderr]).toEqual([1, expect.stringContaining('join token')]);
  await labOk('docker', 'spare', ...rotated);
  await until('it is back', (node) => node?.state === 'ready');
});
