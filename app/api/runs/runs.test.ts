import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { problemSchema } from '@/lib/api';
import { aNode, aService, aView, containerOfSlot } from '@/lib/curl/fixtures';
import { runSchema } from '@/lib/curl/run';
import { EngineError } from '@/lib/engine';
import { getRunner } from '@/lib/runner/app';
import { echo, listen, reply, until, type Listener } from '@/tests/support/listener';
import type { SwarmView } from '@/lib/swarm/view';
import { DELETE, GET } from './[id]/route';
import { POST } from './route';

const FEED = Symbol.for('clusterhat.feed');
const RUNNER = Symbol.for('clusterhat.runner');
const scope = globalThis as { [FEED]?: unknown; [RUNNER]?: unknown };

let target: Listener;
let fresh: () => Promise<SwarmView>;

beforeEach(async () => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  target = await listen(reply(echo(containerOfSlot(1))));
  const ports = [{ published: target.port, target: 80, protocol: 'tcp', mode: 'ingress' as const }];
  const view = aView({
    nodes: [aNode('ctrl', '127.0.0.1'), aNode('zero1', null)],
    services: [
      aService({ ports }),
      aService({ id: 'id-admin', name: 'admin', ports, curl: false }),
    ],
  });
  fresh = () => Promise.resolve(view);
  scope[FEED] = {
    current: () => ({ view }),
    fresh: () => fresh(),
    wake: () => {},
    subscribe: () => () => {},
  };
});

afterEach(() => {
  void getRunner().shutdown();
  delete scope[RUNNER];
  delete scope[FEED];
  vi.unstubAllEnvs();
});

const ORIGIN = 'http://127.0.0.1:3000';

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return POST(
    new Request(`${ORIGIN}/api/runs`, {
      method: 'POST',
      headers: { host: '127.0.0.1:3000', 'content-type': 'application/json', ...headers },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    }),
  );
}

function withId(id: string, method: string): [Request, { params: Promise<{ id: string }> }] {
  const headers = { host: '127.0.0.1:3000' };
  const request = new Request(`${ORIGIN}/api/runs/${id}`, { method, headers });
  return [request, { params: Promise.resolve({ id }) }];
}

const good = () => ({ service: 'goweb', publishedPort: target.port, entryNode: 'ctrl' });

async function problemOf(response: Response) {
  expect(response.headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.parse(await response.json());
  expect(problem.status).toBe(response.status);
  expect(problem.detail).not.toBe('');
  return problem;
}

test('POST starts a run, GET shows it, DELETE stops it', async () => {
  const created = await post({ ...good(), path: '/Hello!', rate: 5, seconds: 30 });
  expect(created.status).toBe(201);
  const run = runSchema.parse(await created.json());
  expect(created.headers.get('location')).toBe(`/api/runs/${run.id}`);
  expect(run).toMatchObject({ state: 'running', planned: 150, sent: 1 });

  await until(() => expect(target.seen).toBeGreaterThan(0));
  const shown = runSchema.parse(await (await GET(...withId(run.id, 'GET'))).json());
  expect(shown).toMatchObject({ id: run.id, state: 'running' });

  const stopped = await DELETE(...withId(run.id, 'DELETE'));
  expect(stopped.status).toBe(200);
  expect(runSchema.parse(await stopped.json())).toMatchObject({ id: run.id, ended: 'stopped' });
  const again = runSchema.parse(await (await GET(...withId(run.id, 'GET'))).json());
  expect(again.state).toBe('ended');
});

test('what is left out has its default', async () => {
  const run = runSchema.parse(await (await post(good())).json());
  expect(run.request).toMatchObject({ path: '/Hello!', mode: 'steady', rate: 5, seconds: 30 });
});

test('an id that is not remembered is a problem', async () => {
  expect(await problemOf(await GET(...withId('nosuch', 'GET')))).toMatchObject({
    kind: 'not-found',
    status: 404,
  });
  expect((await problemOf(await DELETE(...withId('nosuch', 'DELETE')))).status).toBe(404);
});

describe('bad input is a problem document, and not one packet is sent', () => {
  const bad: [string, () => unknown, number, string][] = [
    ['no body', () => '', 400, 'bad-request'],
    ['half a JSON', () => '{"service":', 400, 'bad-request'],
    ['no object', () => [good()], 400, 'bad-request'],
    ['rate 0', () => ({ ...good(), rate: 0 }), 400, 'bad-request'],
    ['rate -1', () => ({ ...good(), rate: -1 }), 400, 'bad-request'],
    ['rate 1e9', () => ({ ...good(), rate: 1e9 }), 400, 'bad-request'],
    ['rate NaN', () => JSON.stringify(good()).replace('}', ',"rate":NaN}'), 400, 'bad-request'],
    ['rate "5"', () => ({ ...good(), rate: '5' }), 400, 'bad-request'],
    ['seconds 1e9', () => ({ ...good(), seconds: 1e9 }), 400, 'bad-request'],
    ['an address beside', () => ({ ...good(), address: '127.0.0.1' }), 400, 'bad-request'],
    ['a url beside', () => ({ ...good(), url: 'http://127.0.0.1/' }), 400, 'bad-request'],
    ['path CR/LF', () => ({ ...good(), path: '/a\r\nHost: evil' }), 400, 'bad-request'],
    ['path of 10 kB', () => ({ ...good(), path: `/${'a'.repeat(10_000)}` }), 400, 'bad-request'],
    ['path @evil', () => ({ ...good(), path: '@evil' }), 400, 'bad-request'],
    ['path //evil', () => ({ ...good(), path: '//evil' }), 400, 'bad-request'],
    ['path ..', () => ({ ...good(), path: '..' }), 400, 'bad-request'],
    ['address as service', () => ({ ...good(), service: '127.0.0.1' }), 404, 'not-found'],
    ['URL as service', () => ({ ...good(), service: 'http://127.0.0.1/' }), 404, 'not-found'],
    ['address as node', () => ({ ...good(), entryNode: '127.0.0.1' }), 404, 'not-found'],
    ['service without label', () => ({ ...good(), service: 'admin' }), 422, 'not-dialable'],
    ['unpublished port', () => ({ ...good(), publishedPort: 1 }), 422, 'not-dialable'],
    ['node without address', () => ({ ...good(), entryNode: 'zero1' }), 422, 'not-dialable'],
  ];

  test('each of them', async () => {
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    for (const [name, body, status, kind] of bad) {
      const problem = await problemOf(await post(body()));
      expect([name, problem.status, problem.kind]).toEqual([name, status, kind]);
    }
    expect(dialled).not.toHaveBeenCalled();
    expect(getRunner().news(null)).toBeNull();
    // The listener works, and this is the first that it sees.
    expect((await post({ ...good(), mode: 'once' })).status).toBe(201);
    await until(() => expect(target.seen).toBe(1));
    expect(dialled).toHaveBeenCalledTimes(1);
  });

  test('a second run while one goes', async () => {
    expect((await post({ ...good(), rate: 1 })).status).toBe(201);
    await until(() => expect(target.seen).toBe(1));
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    expect(await problemOf(await post(good()))).toMatchObject({
      status: 409,
      kind: 'run-in-progress',
    });
    expect(dialled).not.toHaveBeenCalled();
  });

  test('from another site', async () => {
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    const refused = await post(good(), { origin: 'http://evil.example' });
    expect(await problemOf(refused)).toMatchObject({ status: 403, kind: 'other-origin' });
    expect(dialled).not.toHaveBeenCalled();
  });

  test('while the engine cannot be asked', async () => {
    fresh = () => Promise.reject(new EngineError('engine-stopped', 'The engine does not run.'));
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    expect(await problemOf(await post(good()))).toMatchObject({
      status: 503,
      kind: 'engine-stopped',
    });
    expect(dialled).not.toHaveBeenCalled();
  });
});
