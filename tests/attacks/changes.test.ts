import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { expect, test } from 'vitest';
import * as z from 'zod/mini';
import { problemSchema } from '@/lib/api';
import { startDemo } from '../e2e/support/demo';
import { recordingProxy } from '../support/recording-proxy';
import { jsonOverSocket } from '../support/unix-socket';
import { withTest } from './support/ends';
import { capturedJson, startEngine } from './support/engine';
import { ask, type RawRequest } from './support/raw';
import { startServer, startTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';
import { openStream } from './support/stream';

/** Changes of services and nodes: what they reveal, what they can reach, and what they can hold up. */

/** Sends JSON and returns the status and the parsed answer. */
async function send(
  port: number,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
  more: Pick<RawRequest, 'within'> = {},
) {
  const reply = await ask(port, path, {
    method,
    headers: { 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    ...more,
  });
  return { ...reply, json: reply.body === '' ? null : (JSON.parse(reply.body) as unknown) };
}

test('a registry that never answers holds up no change and no reader', async () => {
  const json = capturedJson();
  const [service] = json.services as { ID: string; Spec: { Name: string } }[];
  const stuck = () => {};
  const dockerHost = await startEngine(json, {
    '/distribution/slow:latest/json': stuck,
    [`/services/${service?.ID}/update`]: (_, response) => void response.end('{}'),
  });
  const { port } = await startServer({ dockerHost });
  const name = service?.Spec.Name ?? '';
  const pending = [
    ...Array.from({ length: 40 }, () => send(port, 'POST', '/api/image-lookup', { image: 'slow' })),
    ...Array.from({ length: 10 }, () =>
      send(port, 'POST', '/api/services?dry-run', { name: 'new', image: 'slow' }),
    ),
    ...Array.from({ length: 10 }, () =>
      send(port, 'PATCH', `/api/services/${name}`, { image: 'slow' }),
    ),
  ];
  await later(500);
  for (let n = 0; n < 5; n++) {
    const scaled = await send(port, 'POST', `/api/services/${name}/scale`, { replicas: n });
    expect([scaled.status, scaled.ms < 1000]).toEqual([202, true]);
    const read = await ask(port, '/api/swarm');
    expect([read.status, read.ms < 2500]).toEqual([200, true]);
  }
  const answers = await Promise.all(pending);
  const statuses = answers.map(({ status }) => status);
  // Those that have waited too long are refused; what is answered says that it is not known.
  expect(new Set(statuses.slice(0, 50))).toEqual(new Set([200, 503]));
  expect(answers[0]?.json).toMatchObject({ state: 'unknown' });
  // A change does not fail because a registry is away.
  expect(statuses.slice(50)).toEqual(Array.from({ length: 10 }, () => 202));
});

test('what a change holds is in no answer, event, log, metric and recording of others', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-attack-'));
  withTest(() => rmSync(folder, { recursive: true, force: true }));
  const target = await startTarget({
    env: { ...SECRETS, DASHBOARD_STATE: folder, LOG_LEVEL: 'debug' },
  });
  const { port } = target;
  const operator = (await signIn(port, SECRETS.DASHBOARD_PASSWORD)).headers;
  const guest = (await signIn(port, SECRETS.DASHBOARD_GUEST_PASSWORD)).headers;
  const reader = { authorization: `Bearer ${SECRETS.DASHBOARD_READ_TOKEN}` };
  const streams = await Promise.all([openStream(port), openStream(port, { headers: guest })]);
  const change = (method: string, path: string, body?: unknown) =>
    send(port, method, path, body, operator);

  const planted = {
    env: { POSTGRES_PASSWORD: 'planted-env' },
    labels: { 'traefik.users': 'planted-label' },
    containerLabels: { token: 'planted-label' },
    args: ['--token', 'planted-argument'],
    command: ['run', 'planted-argument'],
  };
  const form = { name: 'holder', image: 'carmeloc/goweb:1.0', ...planted };
  const path = '/api/services/holder';
  const done = [
    await change('POST', '/api/services?dry-run', form),
    await change('POST', '/api/services', form),
    await change('PATCH', `${path}?dry-run`, { env: { SECOND: 'planted-env' } }),
    await change('PATCH', path, { env: { POSTGRES_PASSWORD: 'planted-env-2', A: null } }),
    await change('PATCH', path, { labels: { other: 'planted-label' } }),
    await change('POST', `${path}/rollback?dry-run`),
    await change('POST', `${path}/rollback`),
    await change('POST', `${path}/restart`),
  ];
  expect(done.map(({ status }) => status)).toEqual([200, 201, 200, 202, 202, 200, 202, 202]);
  // Options of drivers, which the dashboard does not set and a rollback brings back.
  const driven = (secret: string) => ({
    Name: 'driven',
    TaskTemplate: {
      ContainerSpec: {
        Image: 'carmeloc/goweb:1.0',
        Mounts: [
          {
            Type: 'volume',
            Source: 'data',
            Target: '/data',
            VolumeOptions: {
              DriverConfig: { Name: 'local', Options: { o: `password=${secret}` } },
            },
          },
        ],
      },
      LogDriver: { Name: 'splunk', Options: { 'splunk-token': secret } },
    },
    Mode: { Replicated: { Replicas: 1 } },
  });
  const { socketPath } = target.swarm;
  await jsonOverSocket(socketPath, 'POST', '/services/create', driven('planted-option'));
  const { Version } = z
    .object({ Version: z.object({ Index: z.number() }) })
    .parse(await jsonOverSocket(socketPath, 'GET', '/services/driven'));
  const update = `/services/driven/update?version=${Version.Index}`;
  await jsonOverSocket(socketPath, 'POST', update, driven('planted-option-2'));
  const drivenPath = '/api/services/driven';
  const ofDriven = [
    await change('GET', drivenPath),
    await change('PATCH', `${drivenPath}?dry-run`, { labels: { a: 'b' } }),
    await change('POST', `${drivenPath}/rollback?dry-run`),
    await change('PATCH', drivenPath, { labels: { a: 'b' } }),
    await change('POST', `${drivenPath}/restart`),
    await change('POST', `${drivenPath}/rollback`),
    await change('POST', `${drivenPath}/rollback`),
  ];
  expect(ofDriven.map(({ status }) => status)).toEqual([200, 200, 200, 202, 202, 202, 202]);
  for (const { body } of ofDriven) expect(body).not.toContain('planted');
  expect(ofDriven[2]?.body).toContain('Log option splunk-token changed');
  expect(ofDriven[2]?.body).toContain('Mount /data changed');
  expect((await change('GET', `${drivenPath}?secrets`)).body).toContain('password=planted-option');

  // Refused, each for another reason.
  const wrong = [
    await change('POST', '/api/services', form),
    await change('PATCH', path, { env: { 'planted-env=': 'planted-env' }, image: 'A' }),
    await change('PATCH', path, { ports: { add: [{ target: 1, published: 8888 }] }, ...planted }),
    await change('PATCH', '/api/services/nowhere', planted),
    await change('PATCH', path, '{"env":{"A":"planted-env"'),
  ];
  expect(wrong.map(({ status }) => status)).toEqual([409, 400, 409, 404, 400]);
  for (const { body } of wrong) expect(body).not.toMatch(/planted-(label|argument)/);

  // The dialogs show what is asked for, hidden where it is the engine's.
  const shown = await change('GET', path);
  expect(shown.body).toContain('POSTGRES_PASSWORD');
  expect(shown.body).not.toContain('planted-env');
  expect((await change('GET', `${path}?secrets`)).body).toContain('planted-env');
  const rolledBack = await change('POST', `${path}/rollback?dry-run`);
  expect(rolledBack.body).not.toContain('planted-env');

  // A token, its rotation, and the one that is not valid any more.
  const tokens = await Promise.all(
    [{}, { role: 'manager' }, { rotate: true }].map((body) =>
      change('POST', '/api/join-command', body),
    ),
  );
  const secrets = tokens.map(({ json }) => /SWMTKN-\S+/.exec(JSON.stringify(json))?.[0] ?? '');
  expect(secrets.every((token) => token.length > 20)).toBe(true);
  expect(new Set(secrets).size).toBe(3);

  await later(4000);
  const seen: [string, string][] = [
    ['log', target.output()],
    ...streams.map((stream, at) => [`stream ${at}`, stream.text()] as [string, string]),
    // Beside them is the lock, a socket.
    ...readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => [name, readFileSync(join(folder, name), 'utf8')] as [string, string]),
  ];
  for (const headers of [{}, guest, reader, operator]) {
    for (const read of ['/api/swarm', '/api/timeline', '/metrics', '/api/runs', '/']) {
      seen.push([
        `${read} for ${Object.keys(headers)[0]}`,
        (await ask(port, read, { headers })).body,
      ]);
    }
  }
  for (const read of [path, drivenPath].flatMap((one) => [
    one,
    `${one}?secrets`,
    `${one}?dry-run&secrets`,
  ])) {
    for (const headers of [{}, guest, reader]) {
      seen.push([read, (await ask(port, read, { headers })).body]);
    }
  }
  // Control: they have these changes.
  for (const [where, text] of seen.slice(0, 3)) expect(text, where).toContain('holder');
  for (const [where, text] of seen.slice(0, 3)) expect(text, where).toContain('driven');
  expect(seen[0]?.[1]).toContain('POSTGRES_PASSWORD=(hidden)');
  expect(seen.some(([where]) => where.includes('history'))).toBe(true);
  const timeline = seen.find(([where]) => where.startsWith('/api/timeline'))?.[1] ?? '';
  expect(timeline).toContain('holder was updated (variable POSTGRES_PASSWORD');
  expect(timeline).toMatch(/"by":"operator( at 127\.0\.0\.1)?"/);
  for (const [where, text] of seen) {
    expect(text, where).not.toMatch(/planted|SWMTKN/);
    for (const secret of [...secrets, ...Object.values(SECRETS)]) {
      expect(text, where).not.toContain(secret);
    }
  }
  for (const stream of streams) stream.close();
}, 120_000);

test('names that are paths, ids or properties reach nothing else', async () => {
  const swarm = await startDemo();
  withTest(() => swarm.stop());
  const proxy = await recordingProxy(swarm.socketPath);
  withTest(() => proxy.close());
  const { port } = await startServer({ dockerHost: `unix://${proxy.socketPath}` });
  const create = (name: string) =>
    send(port, 'POST', '/api/services', { name, image: 'carmeloc/goweb:1.0', replicas: 1 });
  const first = await create('first');
  const { id } = first.json as { id: string };
  // A service that is called as the other one's id, and one as the start of it.
  const second = await create(id);
  const third = await create(id.slice(0, 12));
  expect([first, second, third].map(({ status }) => status)).toEqual([201, 201, 201]);
  const labelled = async (name: string, label: string) => {
    const { status, json } = await send(port, 'PATCH', `/api/services/${name}`, {
      labels: { [label]: 'x' },
    });
    return [status, (json as { service: string }).service];
  };
  // As with docker: an id counts before a name, a name before the start of an id.
  expect(await labelled(id, 'by-id')).toEqual([202, 'first']);
  expect(await labelled(id.slice(0, 12), 'by-name')).toEqual([202, id.slice(0, 12)]);
  expect(await labelled((second.json as { id: string }).id, 'by-id')).toEqual([202, id]);
  const log = await ask(port, `/api/services/${id}/logs?tail=1`);
  expect(log.headers['content-disposition']).toContain('first.log');

  const posts = proxy.posts.length;
  const before = JSON.stringify(await swarm.engine('GET', '/services'));
  for (const name of [
    'first%2Fupdate',
    'first%3Fversion%3D1',
    'first%23',
    '..%2fnodes%2fctrl',
    '%2e%2e%2fservices%2fcreate',
    'create',
    '__proto__',
    'constructor',
    'toString',
    'first%00',
    'first%0d%0aX-Injected:%20yes',
    '%c3%28',
    'f'.repeat(2000),
    '*',
    '%20first',
    'fi%72st%20',
    '%F0%9F%92%A5',
  ]) {
    const answers = await Promise.all([
      send(port, 'PATCH', `/api/services/${name}`, { labels: { a: 'b' } }),
      send(port, 'DELETE', `/api/services/${name}`),
      send(port, 'POST', `/api/services/${name}/restart`),
      send(port, 'POST', `/api/services/${name}/rollback`),
      send(port, 'POST', `/api/services/${name}/scale`, { replicas: 2 }),
      send(port, 'GET', `/api/services/${name}`),
      ask(port, `/api/services/${name}/logs?tail=1`),
      send(port, 'PATCH', `/api/nodes/${name}`, { availability: 'drain' }),
      send(port, 'DELETE', `/api/nodes/${name}`),
      ask(port, `/api/nodes/${name}`),
      ask(port, `/api/tasks/${name}/logs`),
    ]);
    expect(new Set(answers.map(({ status }) => status)), name).toEqual(new Set([404]));
  }
  expect(proxy.posts.length).toBe(posts);
  expect(JSON.stringify(await swarm.engine('GET', '/services'))).toBe(before);
});

test('a name of a prototype is refused where it stands, and never lost without a word', async () => {
  const { port } = await startTarget();
  const service = '/api/services/goweb';
  for (const [method, path, body, field] of [
    ['PATCH', service, '{"env":{"__proto__":"x"}}', 'env.__proto__'],
    ['PATCH', service, '{"labels":{"__proto__":null}}', 'labels.__proto__'],
    ['PATCH', service, '{"__proto__":{"replicas":9}}', '__proto__'],
    ['PATCH', '/api/nodes/zero1', '{"labels":{"a":"b","__proto__":"x"}}', 'labels.__proto__'],
    [
      'POST',
      '/api/services',
      '{"name":"n","image":"i","labels":{"__proto__":"x"}}',
      'labels.__proto__',
    ],
  ] as const) {
    const { status, body: text } = await send(port, method, path, body);
    const { errors } = problemSchema.parse(JSON.parse(text));
    expect([status, errors?.map((one) => one.field)], body).toEqual([400, [field]]);
  }
  // These are names like any other.
  const names = ['constructor', 'toString', 'hasOwnProperty', 'prototype', 'valueOf'];
  const values = Object.fromEntries(names.map((name) => [name, 'x']));
  for (const [path, body] of [
    [service, { env: values, labels: values, containerLabels: values }],
    ['/api/nodes/zero1', { labels: values }],
  ] as const) {
    const { status, json } = await send(port, 'PATCH', path, body);
    expect([status, json]).toEqual([202, expect.objectContaining({ changed: true })]);
  }
  const { json } = await send(port, 'GET', `${service}?secrets`);
  expect(json).toMatchObject({ form: { env: values, labels: values, containerLabels: values } });
  const node = await send(port, 'GET', '/api/nodes/zero1');
  for (const name of names) expect(node.body).toContain(`"${name}"`);
});

test('If-Match lets through what was seen, and nothing else', async () => {
  const { port, swarm } = await startTarget();
  const path = '/api/services/goweb';
  const tag = async () => String((await ask(port, path)).headers.etag);
  const patch = async (ifMatch: string, label: string) =>
    (await send(port, 'PATCH', path, { labels: { [label]: 'x' } }, { 'if-match': ifMatch })).status;
  const first = await tag();
  expect(first).toMatch(/^"[\w-]{22}"$/);
  for (const wrong of [
    '',
    '""',
    first.replaceAll('"', ''),
    first.slice(0, -1),
    first.toUpperCase() === first ? '"x"' : first.toUpperCase(),
    '"*"',
    '**',
    'W/',
    '"a", "b"',
    `"${'x'.repeat(3000)}"`,
    ','.repeat(3000),
    `'${first}'`,
  ]) {
    expect([wrong, await patch(wrong, 'wrong')]).toEqual([wrong, 412]);
    for (const [method, to] of [
      ['DELETE', path],
      ['POST', `${path}/restart`],
      ['POST', `${path}/rollback`],
    ] as const) {
      expect((await send(port, method, to, undefined, { 'if-match': wrong })).status).toBe(412);
    }
    const scaled = await send(
      port,
      'POST',
      `${path}/scale`,
      { replicas: 9 },
      { 'if-match': wrong },
    );
    expect(scaled.status).toBe(412);
  }
  expect(JSON.stringify(await swarm.engine('GET', '/services/goweb'))).not.toContain('wrong');
  expect(await tag()).toBe(first);
  expect(await patch(`"other", W/${first}`, 'weak')).toBe(202);
  // What was right is not any more.
  expect(await patch(first, 'stale')).toBe(412);
  expect(await patch('*', 'any')).toBe(202);
  expect(await patch(await tag(), 'fresh')).toBe(202);
  // Two people who saw the same: one of them is first.
  const seen = await tag();
  const both = await Promise.all([patch(seen, 'one'), patch(seen, 'two')]);
  expect(both.toSorted((a, b) => a - b)).toEqual([202, 412]);
});

test('a change that is large in every way is bounded for those who see it', async () => {
  const { port } = await startTarget();
  const stream = await openStream(port);
  const names = Array.from({ length: 35 }, (_, at) => `${at}-${'n'.repeat(240)}`);
  const labels = Object.fromEntries(names.map((name) => [name, '']));
  const changed = [
    await send(port, 'PATCH', '/api/services/goweb', { labels }),
    await send(port, 'PATCH', '/api/nodes/zero1', { labels }),
  ];
  expect(changed.map(({ status }) => status)).toEqual([202, 202]);
  await expect.poll(() => stream.text().match(/had its labels changed/g)?.length).toBe(1);
  const entries = (
    JSON.parse((await ask(port, '/api/timeline')).body) as { entries: { text: string }[] }
  ).entries;
  for (const { text } of entries) expect(text.length).toBeLessThan(1000);
  expect(entries.some(({ text }) => text.startsWith('goweb was updated (label 0-nnn'))).toBe(true);
  const { json } = await send(port, 'PATCH', '/api/services/goweb?dry-run', {
    args: Array.from({ length: 2 }, () => 'x'.repeat(4000)),
  });
  for (const { text } of (json as { differences: { text: string }[] }).differences) {
    expect(text.length).toBeLessThan(1000);
  }
  stream.close();
});
