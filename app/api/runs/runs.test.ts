import { requestId } from '@/lib/curl/request-id';
import net from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { answersSchema, problemSchema, runsSchema } from '@/lib/api';
import { aNode, aService, aView, containerOfSlot } from '@/tests/factories/view';
import { runSchema } from '@/lib/curl/run-schemas';
import { EngineError, type Engine } from '@/lib/engine';
import { getRunner } from '@/lib/runner/app-runner';
import { echo, listen, reply, until, type Listener } from '@/tests/support/listener';
import type { SwarmView } from '@/lib/swarm/view';
import { comparisonSchema } from '@/lib/curl/compare';
import { GET as GET_ANSWERS } from './[id]/answers/route';
import { GET as GET_COMPARISON } from './[id]/comparison/route';
import { DELETE as DELETE_DRILL, POST as POST_DRILL } from './[id]/drill/route';
import { DELETE, GET } from './[id]/route';
import { GET as GET_LIST, POST } from './route';

const FEED = Symbol.for('clusterhat.feed');
const ENGINE = Symbol.for('clusterhat.engine');
const RUNNER = Symbol.for('clusterhat.runner');
const scope = globalThis as { [FEED]?: unknown; [ENGINE]?: unknown; [RUNNER]?: unknown };

let target: Listener;
let fresh: () => Promise<SwarmView>;

beforeEach(async () => {
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  target = await listen(reply(echo(containerOfSlot(1))));
  const ports = [{ published: target.port, target: 80, protocol: 'tcp', mode: 'ingress' as const }];
  const view = aView({
    nodes: [aNode({ name: 'ctrl', address: '127.0.0.1' }), aNode({ name: 'zero1', address: null })],
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
    addAction: () => {},
  };
});

afterEach(() => {
  void getRunner().shutdown();
  delete scope[RUNNER];
  delete scope[FEED];
  delete scope[ENGINE];
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

type Extra = { body?: string; headers?: Record<string, string> };
type WithId = [Request, { params: Promise<{ id: string }> }];

function withId(id: string, method: string, rest = '', init: Extra = {}): WithId {
  const headers = { host: '127.0.0.1:3000', ...init.headers };
  const request = new Request(`${ORIGIN}/api/runs/${id}${rest}`, { method, ...init, headers });
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
  expect(created.headers.get('location')).toBe(`runs/${run.id}`);
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

test('uses defaults for omitted fields', async () => {
  const run = runSchema.parse(await (await post(good())).json());
  expect(run.request).toMatchObject({ path: '/Hello!', mode: 'steady', rate: 5, seconds: 30 });
});

test('returns a problem for an unknown id', async () => {
  expect(await problemOf(await GET(...withId('nosuch', 'GET')))).toMatchObject({
    kind: 'not-found',
    status: 404,
  });
  expect((await problemOf(await DELETE(...withId('nosuch', 'DELETE')))).status).toBe(404);
});

describe('bad input returns a problem document and sends no request', () => {
  const bad: [string, () => unknown, number, string][] = [
    ['no body', () => '', 400, 'bad-request'],
    ['half a JSON', () => '{"service":', 400, 'bad-request'],
    ['no object', () => [good()], 400, 'bad-request'],
    ['rate 0', () => ({ ...good(), rate: 0 }), 400, 'bad-request'],
    ['rate -1', () => ({ ...good(), rate: -1 }), 400, 'bad-request'],
    ['rate 1e9', () => ({ ...good(), rate: 1e9 }), 400, 'bad-request'],
    ['rate NaN', () => JSON.stringify(good()).replace('}', ',"rate":NaN}'), 400, 'bad-request'],
    ['rate 101', () => ({ ...good(), rate: 101 }), 400, 'bad-request'],
    ['method POST', () => ({ ...good(), method: 'POST' }), 400, 'bad-request'],
    ['a burst of a million', () => ({ ...good(), burst: 1e6 }), 400, 'bad-request'],
    ['999 in flight', () => ({ ...good(), inFlight: 999 }), 400, 'bad-request'],
    ['timeout 0', () => ({ ...good(), timeout: 0 }), 400, 'bad-request'],
    ['an odd connection', () => ({ ...good(), connection: 'pool' }), 400, 'bad-request'],
    ['rate "5"', () => ({ ...good(), rate: '5' }), 400, 'bad-request'],
    ['seconds 1e9', () => ({ ...good(), seconds: 1e9 }), 400, 'bad-request'],
    ['an address beside', () => ({ ...good(), address: '127.0.0.1' }), 400, 'bad-request'],
    ['a url beside', () => ({ ...good(), url: 'http://127.0.0.1/' }), 400, 'bad-request'],
    ['path CR/LF', () => ({ ...good(), path: '/a\r\nHost: evil' }), 400, 'bad-request'],
    ['path of 10 kB', () => ({ ...good(), path: `/${'a'.repeat(10_000)}` }), 413, 'too-large'],
    ['path @evil', () => ({ ...good(), path: '@evil' }), 400, 'bad-request'],
    ['path //evil', () => ({ ...good(), path: '//evil' }), 400, 'bad-request'],
    ['path ..', () => ({ ...good(), path: '..' }), 400, 'bad-request'],
    ['address as service', () => ({ ...good(), service: '127.0.0.1' }), 404, 'not-found'],
    ['host as service', () => ({ ...good(), service: 'evil.example:80' }), 404, 'not-found'],
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

  test('a second run while one is active', async () => {
    expect((await post({ ...good(), rate: 1 })).status).toBe(201);
    await until(() => expect(target.seen).toBe(1));
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    expect(await problemOf(await post(good()))).toMatchObject({
      status: 409,
      kind: 'run-in-progress',
    });
    expect(dialled).not.toHaveBeenCalled();
  });

  test('while the engine is unreachable', async () => {
    fresh = () => Promise.reject(new EngineError('engine-stopped', 'The engine does not run.'));
    const dialled = vi.spyOn(net.Socket.prototype, 'connect');
    expect(await problemOf(await post(good()))).toMatchObject({
      status: 503,
      kind: 'engine-stopped',
    });
    expect(dialled).not.toHaveBeenCalled();
  });
});

test('lists runs, newest first', async () => {
  expect(await (await list()).json()).toEqual({ runs: [] });
  const first = runSchema.parse(await (await post({ ...good(), mode: 'once' })).json());
  await DELETE(...withId(first.id, 'DELETE'));
  const second = runSchema.parse(await (await post({ ...good(), mode: 'once' })).json());
  const { runs } = runsSchema.parse(await (await list()).json());
  expect(runs.map(({ id }) => id)).toEqual([second.id, first.id]);
});

const list = () =>
  Promise.resolve(
    GET_LIST(new Request(`${ORIGIN}/api/runs`, { headers: { host: '127.0.0.1:3000' } })),
  );

describe('answers', () => {
  async function answered(): Promise<string> {
    const { id } = runSchema.parse(await (await post({ ...good(), mode: 'once' })).json());
    await until(() => expect(getRunner().get(id)?.state).toBe('ended'));
    return id;
  }

  test('as JSON', async () => {
    const id = await answered();
    const response = await GET_ANSWERS(...withId(id, 'GET', '/answers'));
    expect(answersSchema.parse(await response.json())).toMatchObject({
      id,
      answers: [{ n: 1, entryNode: 'ctrl', task: 'goweb.1', node: 'zero1', status: 200 }],
      seconds: [{ second: 0, answers: { 'task-1': 1 }, failed: 0, skipped: 0 }],
    });
  });

  test.each<[string, string, Extra]>([
    ['by the query', '/answers?format=csv', {}],
    ['accepted', '/answers', { headers: { accept: 'text/csv' } }],
  ])('as CSV when %s', async (_name, rest, init) => {
    const id = await answered();
    const response = await GET_ANSWERS(...withId(id, 'GET', rest, init));
    expect(response.headers.get('content-type')).toMatch(/^text\/csv/);
    const [header, row, ...more] = (await response.text()).split('\r\n');
    expect(header).toBe(
      'n,time,at_ms,entry_node,task,slot,node,image,version,container,status,error,latency_ms,lag_ms,connect_ms,first_byte_ms,request_id',
    );
    expect(row).toMatch(
      /^1,\d{4}-[^,]+Z,0,ctrl,goweb\.1,1,zero1,carmeloc\/goweb:1\.0,1,000000000001,200,,/,
    );
    expect(row?.endsWith(`,${requestId(id, 1)}`)).toBe(true);
    expect(more).toEqual(['']);
  });

  test('rejects other formats and unknown runs', async () => {
    const odd = await GET_ANSWERS(...withId('x', 'GET', '/answers?format=xml'));
    expect(await problemOf(odd)).toMatchObject({ status: 400, kind: 'bad-request' });
    const nowhere = await GET_ANSWERS(...withId('nosuch', 'GET', '/answers'));
    expect(await problemOf(nowhere)).toMatchObject({ status: 404, kind: 'not-found' });
  });
});

describe('comparison', () => {
  const finished = async () => {
    const { id } = runSchema.parse(
      await (await post({ ...good(), mode: 'burst', burst: 5, inFlight: 1 })).json(),
    );
    await until(() => expect(getRunner().get(id)?.state).toBe('ended'));
    return id;
  };

  test('compares two runs by all their answers', async () => {
    const before = await finished();
    const after = await finished();
    const response = await GET_COMPARISON(...withId(after, 'GET', `/comparison?with=${before}`));
    const { lines, shares } = comparisonSchema.parse(await response.json());
    expect(lines.find(({ name }) => name === 'answered')).toMatchObject({ a: 5, b: 5, change: 0 });
    const p50 = lines.find(({ name }) => name === 'p50');
    expect(p50).toMatchObject({ unit: 'ms', a: expect.any(Number), b: expect.any(Number) });
    expect(shares).toContainEqual({
      name: 'goweb.1',
      slot: 1,
      before: 1,
      after: 1,
      evidence: null,
    });
  });

  test('rejects an unknown run, and one without another', async () => {
    const id = await finished();
    const alone = await GET_COMPARISON(...withId(id, 'GET', '/comparison'));
    expect(await problemOf(alone)).toMatchObject({ status: 400, kind: 'bad-request' });
    for (const [one, other] of [
      [id, 'nosuch'],
      ['nosuch', id],
    ] as const) {
      const nowhere = await GET_COMPARISON(...withId(one, 'GET', `/comparison?with=${other}`));
      expect(await problemOf(nowhere)).toMatchObject({ status: 404, kind: 'not-found' });
    }
  });
});

test('a single request has its response, with the rights of any run', async () => {
  const { id } = runSchema.parse(await (await post({ ...good(), mode: 'once' })).json());
  await until(() => expect(getRunner().get(id)?.state).toBe('ended'));
  const run = runSchema.parse(await (await GET(...withId(id, 'GET'))).json());
  expect(run.response).toMatchObject({
    statusLine: 'HTTP/1.1 200 OK',
    body: `This is ${containerOfSlot(1)} running on linux/arm saying: Hello!\n`,
    entryNode: 'ctrl',
    address: `127.0.0.1:${target.port}`,
    error: null,
  });
  expect(await finishedBurst()).toMatchObject({ response: null });
});

const finishedBurst = async () => {
  const { id } = runSchema.parse(await (await post({ ...good(), mode: 'burst', burst: 1 })).json());
  await until(() => expect(getRunner().get(id)?.state).toBe('ended'));
  return getRunner().get(id);
};

describe('a failure drill', () => {
  const setAvailability = vi.fn<Engine['setAvailability']>();
  beforeEach(() => {
    setAvailability.mockReset().mockResolvedValue({ from: 'active', to: 'drain' });
    scope[ENGINE] = { setAvailability };
  });

  const drill = (id: string, body: unknown, headers: Record<string, string> = {}) =>
    POST_DRILL(
      ...withId(id, 'POST', '/drill', {
        body: JSON.stringify(body),
        headers: { 'content-type': 'application/json', ...headers },
      }),
    );

  test('drains a node, and ending it restores the node', async () => {
    const { id } = runSchema.parse(await (await post({ ...good(), rate: 1 })).json());
    const begun = await drill(id, { kind: 'drain', node: 'zero1' });
    expect(begun.status).toBe(202);
    expect(runSchema.parse(await begun.json()).drill).toMatchObject({ node: 'zero1' });
    await until(() => expect(getRunner().get(id)?.drill?.state).toBe('out'));
    expect(setAvailability).toHaveBeenLastCalledWith('id-zero1', 'drain', {
      labels: { 'clusterhat.drill.was': 'active' },
    });
    expect((await DELETE_DRILL(...withId(id, 'DELETE', '/drill'))).status).toBe(202);
    await until(() => expect(getRunner().get(id)?.drill?.state).toBe('done'));
    expect(setAvailability).toHaveBeenLastCalledWith('id-zero1', 'active', {
      onlyFrom: 'drain',
      onlyLabelled: 'clusterhat.drill.was',
      labels: { 'clusterhat.drill.was': null },
    });
  });

  test('with bad or forbidden input changes nothing', async () => {
    const { id } = runSchema.parse(await (await post({ ...good(), rate: 1 })).json());
    const problems: [unknown, number, string][] = [
      [{ kind: 'explode' }, 400, 'bad-request'],
      [{ kind: 'drain' }, 400, 'bad-request'],
      [{ kind: 'drain', node: 'zero1', seconds: 0 }, 400, 'bad-request'],
      [{ kind: 'drain', node: 'zero1', seconds: 1e6 }, 400, 'bad-request'],
      [{ kind: 'drain', node: 'zero1', also: 'x' }, 400, 'bad-request'],
      [{ kind: 'drain', node: 'nosuch' }, 404, 'not-found'],
      [{ kind: 'kill', task: 'nosuch' }, 404, 'not-found'],
      [{ kind: 'kill', task: 'goweb.1' }, 422, 'not-drillable'],
    ];
    for (const [body, status, kind] of problems) {
      expect(await problemOf(await drill(id, body))).toMatchObject({ status, kind });
    }
    const order = { kind: 'drain', node: 'zero1' };
    expect(await problemOf(await drill('nosuch', order))).toMatchObject({ status: 404 });
    getRunner().stop(id);
    expect(await problemOf(await drill(id, order))).toMatchObject({
      status: 409,
      kind: 'run-ended',
    });
    expect(setAvailability).not.toHaveBeenCalled();
    const nowhere = await DELETE_DRILL(...withId('nosuch', 'DELETE', '/drill'));
    expect(await problemOf(nowhere)).toMatchObject({ status: 404 });
  });
});
