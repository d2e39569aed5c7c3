import { problemSchema, type ProblemKind } from '@/lib/api';
import { expect, test } from '../support/fixtures';
import { docker } from '../support/lab';

/** The HTTP API as scripts use it. Invalid input returns a problem document and changes nothing. */

test.beforeEach(({ seed }) => seed());

const replicas = () =>
  docker('service', 'inspect', 'goweb', '--format', '{{.Spec.Mode.Replicated.Replicas}}');

test('GET /api/swarm returns the view', async ({ request }) => {
  const answer = await request.get('/api/swarm');
  expect(answer.status()).toBe(200);
  const { view } = (await answer.json()) as { view: { nodes: { name: string }[] } };
  expect(view.nodes.map((node) => node.name)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
});

for (const [what, body] of Object.entries({
  '−1': '{"replicas":-1}',
  '2.5': '{"replicas":2.5}',
  text: '{"replicas":"x"}',
  'a billion': '{"replicas":1000000000}',
  nothing: '',
  'no JSON': 'replicas=5',
  'another field': '{"replicas":3,"force":true}',
})) {
  test(`rejects replicas: ${what}`, async ({ request }) => {
    const answer = await request.post('/api/services/goweb/scale', {
      headers: { 'content-type': 'application/json' },
      data: Buffer.from(body),
    });
    expect(answer.status()).toBe(400);
    expect(answer.headers()['content-type']).toBe('application/problem+json');
    expect(problemSchema.parse(await answer.json()).kind).toBe('bad-request');
    expect(await replicas()).toEqual(['3']);
  });
}

test('scales a service by name or id; rejects an unknown or a global one', async ({
  request,
  cleanUp,
}) => {
  const [id] = await docker('service', 'inspect', 'goweb', '--format', '{{.ID}}');
  await docker(
    'service',
    'create',
    '--detach',
    '--quiet',
    '--mode',
    'global',
    '--name',
    cleanUp('everywhere'),
    'carmeloc/goweb:1.0',
  );
  const scale = (name: string) =>
    request.post(`/api/services/${encodeURIComponent(name)}/scale`, { data: { replicas: 3 } });
  expect((await scale('goweb')).status()).toBe(202);
  expect((await scale(id ?? '')).status()).toBe(202);
  const kinds: [string, number, ProblemKind][] = [
    ['nosuch', 404, 'not-found'],
    ['../nodes', 404, 'not-found'],
    ['everywhere', 422, 'not-scalable'],
  ];
  for (const [name, status, kind] of kinds) {
    const answer = await scale(name);
    expect(answer.status(), name).toBe(status);
    expect(problemSchema.parse(await answer.json()).kind).toBe(kind);
  }
});

test('applies concurrent changes of a service one after the other', async ({ request }) => {
  const scale = (n: number) => request.post('/api/services/goweb/scale', { data: { replicas: n } });
  const answers = await Promise.all([4, 5, 4, 2, 3].map(scale));
  expect(answers.map((answer) => answer.status())).toEqual([202, 202, 202, 202, 202]);
});

test('starts a run (201), returns its summary and stops it', async ({ request }) => {
  const run = {
    service: 'goweb',
    publishedPort: 8888,
    entryNode: 'zero2',
    path: '/api',
    rate: 5,
    seconds: 30,
  };
  const created = await request.post('/api/runs', { data: run });
  expect(created.status()).toBe(201);
  const { id } = (await created.json()) as { id: string };
  expect((await request.post('/api/runs', { data: run })).status()).toBe(409);
  await expect
    .poll(
      async () =>
        ((await (await request.get(`/api/runs/${id}`)).json()) as { answered: number }).answered,
    )
    .toBeGreaterThan(3);
  const stopped = await request.delete(`/api/runs/${id}`);
  expect(await stopped.json()).toMatchObject({ state: 'ended', ended: 'stopped', failed: 0 });
  expect((await request.get('/api/runs/nosuch')).status()).toBe(404);
});

test('rejects changes from another origin, and reads under another host name', async ({
  request,
}) => {
  const foreign = await request.post('/api/services/goweb/scale', {
    headers: { origin: 'http://evil.example' },
    data: { replicas: 1 },
  });
  expect(foreign.status()).toBe(403);
  const rebound = await request.get('/api/swarm', { headers: { host: 'evil.example' } });
  expect(rebound.status()).toBe(403);
  const page = await request.get('/', { headers: { host: 'evil.example' } });
  expect(await page.text()).not.toContain('zero1');
  expect((await request.get('/')).headers()).toMatchObject({
    'content-security-policy': expect.stringContaining("frame-ancestors 'none'"),
    'x-frame-options': 'DENY',
    'x-content-type-options': 'nosniff',
  });
  expect(await (await request.get('/')).text()).toContain('zero1');
  expect(await replicas()).toEqual(['3']);
});
