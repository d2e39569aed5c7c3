import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { startDemo, type RunningDemo } from '@/demo/demo';
import { loadApp, type AppAnswer, type CallApp } from '@/tests/support/call-app';

/** The routes of services and nodes on the demo swarm, without the server in front. */

let folder: string;
let demo: RunningDemo;
let call: CallApp;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-services-'));
  const socketPath = join(folder, 'demo.sock');
  demo = await startDemo({ socketPath, seed: 5, speed: 20, replicas: 3 });
  vi.stubEnv('DOCKER_HOST', `unix://${socketPath}`);
  vi.stubEnv('HOSTNAME', '127.0.0.1');
  vi.stubEnv('LOG_LEVEL', 'error');
  vi.resetModules();
  call = await loadApp();
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const bodyOf = (answer: AppAnswer) => Object(answer.body);
let count = 0;
const names: string[] = [];
afterEach(async () => {
  for (const name of names.splice(0)) await call('DELETE', `/api/services/${name}`);
});

/** A new service with this form. */
async function create(over: object = {}): Promise<string> {
  const name = `shop${++count}`;
  names.push(name);
  const answer = await call('POST', '/api/services', {
    name,
    image: 'carmeloc/goweb:1.0',
    replicas: 1,
    ...over,
  });
  expect([answer.status, answer.body]).toEqual([201, expect.anything()]);
  return name;
}
const specOf = (name: string) => Object(demo.swarm.service(name).api.Spec);

test('a dry run that is misspelt, or that a request does not have, changes nothing', async () => {
  const name = await create();
  const before = specOf(name);
  const path = `/api/services/${name}`;
  const requests = [
    ['POST', `${path}/scale?dry-run`, { replicas: 2 }],
    ['PATCH', `${path}?dryrun`, { replicas: 2 }],
    ['PATCH', `${path}?dry_run=1`, { labels: { a: 'b' } }],
    ['DELETE', `${path}?DRY-RUN`, undefined],
    ['POST', '/api/join-command?dry-run', { rotate: true }],
    ['PATCH', '/api/nodes/zero1?dryRun=true', { labels: { a: 'b' } }],
  ] as const;
  for (const [method, url, body] of requests) {
    const answer = await call(method, url, body);
    expect([url, answer.status, bodyOf(answer).detail]).toEqual([
      url,
      400,
      expect.stringContaining('Nothing was changed.'),
    ]);
  }
  expect(specOf(name)).toEqual(before);
  expect((await call('POST', `${path}/scale?dry-run=0`, { replicas: 2 })).status).toBe(202);
});

describe('a new service', () => {
  test('has the image with its digest, and an address', async () => {
    const form = {
      name: 'goweb2',
      image: 'carmeloc/goweb:1.1',
      env: { A: 'x y' },
      ports: [{ target: 8080 }],
    };
    names.push('goweb2');
    const answer = await call('POST', '/api/services', form);
    expect(answer).toMatchObject({
      status: 201,
      body: { service: 'goweb2', image: { state: 'found' }, warnings: [] },
    });
    expect(answer.headers.get('location')).toBe('services/goweb2');
    const { ContainerSpec, Placement } = specOf('goweb2').TaskTemplate;
    expect(ContainerSpec.Image).toMatch(/^carmeloc\/goweb:1\.1@sha256:[0-9a-f]{64}$/);
    expect(Placement.Platforms).toEqual([{ OS: 'linux' }]);
  });

  test('of an image that cannot be checked is created with its tag alone, and that is said', async () => {
    for (const [image, state] of [
      ['registry.invalid/x:1', 'unknown'],
      ['carmeloc/goweb:9.9', 'missing'],
    ]) {
      const name = await create({ image, replicas: 0 });
      expect(specOf(name).TaskTemplate.ContainerSpec.Image).toBe(image);
      const dry = await call('POST', '/api/services?dry-run', { name: 'other', image });
      expect(bodyOf(dry).image).toEqual({ state, reason: expect.any(String) });
    }
  });

  test('is only checked in a dry run', async () => {
    const form = {
      name: 'goweb',
      image: 'carmeloc/goweb:1.0',
      ports: [{ target: 80, published: 8888 }],
    };
    const { status, body } = await call('POST', '/api/services?dry-run', form);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      command: 'docker service create --name goweb --publish 8888:80 carmeloc/goweb:1.0',
      image: { state: 'found' },
    });
    const refused = bodyOf({ body } as AppAnswer).checks.filter(
      ({ state }: { state: string }) => state === 'refused',
    );
    expect(refused.map(({ field }: { field: string }) => field)).toEqual([
      'name',
      'ports.0.published',
    ]);
  });

  test.each([
    [{ name: 'a b' }, 400, 'bad-request', ['name']],
    [{ name: '', image: '' }, 400, 'bad-request', ['name', 'image']],
    [{ name: 'x', image: 'x', replicas: -1 }, 400, 'bad-request', ['replicas']],
    [{ name: 'x', image: 'x', nonsense: 1 }, 400, 'bad-request', ['nonsense']],
    [{ name: 'x', image: 'x', mode: 'global', replicas: 2 }, 400, 'bad-request', ['replicas']],
    [{ name: 'goweb', image: 'carmeloc/goweb:1.0' }, 409, 'conflict', ['name']],
    [
      {
        name: 'x',
        image: 'carmeloc/goweb:1.0',
        ports: [{ target: 1 }, { target: 2, published: 8888 }],
      },
      409,
      'conflict',
      ['ports.1.published'],
    ],
    [
      { name: 'x', image: 'carmeloc/goweb:1.0', hostname: '{{.Foo}}' },
      422,
      'engine-refused',
      ['hostname'],
    ],
  ])('%j is refused at its fields', async (form, status, kind, fields) => {
    const answer = await call('POST', '/api/services', { image: 'carmeloc/goweb:1.0', ...form });
    expect(answer.status).toBe(status);
    expect(bodyOf(answer).kind).toBe(kind);
    expect(bodyOf(answer).errors.map(({ field }: { field: string }) => field)).toEqual(fields);
    for (const { message } of bodyOf(answer).errors) expect(message).not.toBe('');
  });
});

describe('a service', () => {
  test('is shown with what a rollback would change; values are hidden unless asked for', async () => {
    const name = await create({ env: { TOKEN: 'planted' }, replicas: 0 });
    await call('POST', `/api/services/${name}/scale`, { replicas: 1 });
    const hidden = await call('GET', `/api/services/${name}`);
    expect(JSON.stringify(hidden.body)).not.toContain('planted');
    expect(hidden.body).toMatchObject({
      name,
      hidden: true,
      form: { replicas: 1, env: { TOKEN: '(hidden)' } },
      rollback: [{ path: 'Mode.Replicated.Replicas', before: '1', after: '0' }],
    });
    const shown = await call('GET', `/api/services/${name}?secrets`);
    expect(bodyOf(shown).form.env).toEqual({ TOKEN: 'planted' });
    expect(shown.headers.get('etag')).toBe(hidden.headers.get('etag'));
    expect((await call('GET', '/api/services/nosuch')).status).toBe(404);
  });

  test('shows integers that JavaScript has no numbers for, to the last digit in its JSON', async () => {
    const name = await create({ replicas: 0 });
    const record = demo.swarm.service(name);
    // The nearest number of 2^63 - 1 is printed with other digits by a real engine.
    record.api.Spec.TaskTemplate.RestartPolicy = { Condition: 'any', Window: 2 ** 63 };
    record.json = undefined;
    const { body } = await call('GET', `/api/services/${name}`);
    expect(JSON.stringify(body)).not.toContain('int:');
    expect(Object(body).json.Spec.TaskTemplate.RestartPolicy.Window).toBe(2 ** 63);
    const dry = await call('PATCH', `/api/services/${name}?dry-run`, { restart: { window: '5s' } });
    const [{ text }] = bodyOf(dry).differences;
    expect(text).toMatch(/^Restart window: 9223372036854776000 → 5s$/);
    await call('DELETE', `/api/services/${name}`);
  });

  test('shows a task as the engine has it, without values that can be secret', async () => {
    const name = await create({ env: { TOKEN: 'planted' } });
    const { ID } = await vi.waitFor(() => {
      const [task] = demo.swarm.store.tasksOfService(demo.swarm.service(name).api.ID);
      if (!task) throw new Error('no task yet');
      return task.api;
    });
    const hidden = await vi.waitFor(async () => {
      const answer = await call('GET', `/api/tasks/${ID}/inspect`);
      expect(answer.status).toBe(200);
      return answer;
    });
    expect(JSON.stringify(hidden.body)).not.toContain('planted');
    expect(hidden.body).toMatchObject({ id: ID, name: `${name}.1`, hidden: true, pretty: null });
    expect(bodyOf(hidden).json.Spec.ContainerSpec.Env).toEqual(['TOKEN=(hidden)']);
    const shown = await call('GET', `/api/tasks/${name}.1/inspect?secrets`);
    expect(shown.body).toMatchObject({ id: ID, hidden: false });
    expect(bodyOf(shown).json.Spec.ContainerSpec.Env).toEqual(['TOKEN=planted']);
    expect((await call('GET', '/api/tasks/nosuch/inspect')).status).toBe(404);
  });

  test('shows a node as the engine has it', async () => {
    const { ID } = demo.swarm.node('zero1').api;
    const answer = await call('GET', '/api/nodes/zero1/inspect');
    expect(answer).toMatchObject({
      status: 200,
      body: { id: ID, name: 'zero1', hidden: false, json: { ID, Spec: { Role: 'worker' } } },
    });
    expect(bodyOf(answer).pretty).toContain(`ID:\t\t\t${ID}\nHostname:              \tzero1\n`);
    expect((await call('GET', `/api/nodes/${ID}/inspect`)).body).toMatchObject({ id: ID });
    expect((await call('GET', '/api/nodes/nosuch/inspect')).status).toBe(404);
  });

  test('changes only what a patch names', async () => {
    const name = await create({ env: { KEPT: '1' }, labels: { kept: '1' }, replicas: 2 });
    const dry = await call('PATCH', `/api/services/${name}?dry-run`, { env: { A: '2' } });
    expect(dry).toMatchObject({
      status: 200,
      body: {
        command: `docker service update --env-add A=2 ${name}`,
        image: null,
        text: expect.stringMatching(/^Every task is replaced, one at a time\./),
      },
    });
    expect(bodyOf(dry).differences).toHaveLength(1);
    expect(specOf(name).TaskTemplate.ContainerSpec.Env).toEqual(['KEPT=1']);
    const done = await call('PATCH', `/api/services/${name}`, { env: { A: '2' } });
    expect(done).toMatchObject({ status: 202, body: { service: name, changed: true } });
    expect(specOf(name)).toMatchObject({
      Labels: { kept: '1' },
      Mode: { Replicated: { Replicas: 2 } },
      TaskTemplate: { ContainerSpec: { Env: ['KEPT=1', 'A=2'] } },
    });
    const again = await call('PATCH', `/api/services/${name}`, { env: { A: '2' } });
    expect(again).toMatchObject({ status: 202, body: { changed: false } });
  });

  test('scales a replicated job by its completions, as docker does, and no global service', async () => {
    const job = await create({ mode: 'replicated-job', replicas: 2, maxConcurrent: 1 });
    expect(await call('POST', `/api/services/${job}/scale`, { replicas: 5 })).toMatchObject({
      status: 202,
      body: { from: 2, to: 5 },
    });
    expect(specOf(job).Mode).toEqual({ ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 5 } });
    const agent = await create({ mode: 'global', replicas: undefined });
    const refused = await call('POST', `/api/services/${agent}/scale`, { replicas: 5 });
    expect(refused).toMatchObject({ status: 422, body: { kind: 'not-scalable' } });
    expect(specOf(agent).Mode).toEqual({ Global: {} });
  });

  test.each([
    [{ name: 'other' }, 'name'],
    [{ mode: 'global' }, 'mode'],
    [{ image: 'UPPER' }, 'image'],
    [{ env: { 'a=b': 'c' } }, 'env.a=b'],
    [{ limits: { memory: '1K' } }, 'limits.memory'],
    [{ ports: { add: [{ target: 80, published: 8888 }] } }, 'ports.add.0.published'],
  ])('refuses the patch %j at its field', async (patch, field) => {
    const name = await create({ replicas: 0 });
    const before = structuredClone(specOf(name));
    const answer = await call('PATCH', `/api/services/${name}`, patch);
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(bodyOf(answer).errors[0].field).toBe(field);
    expect(specOf(name)).toEqual(before);
  });

  test('is not changed if it is no longer as it was when its sender looked', async () => {
    const name = await create({ replicas: 1 });
    const etag = async () => (await call('GET', `/api/services/${name}`)).headers.get('etag') ?? '';
    const first = await etag();
    const changed = await call(
      'PATCH',
      `/api/services/${name}`,
      { labels: { a: 'b' } },
      { 'if-match': `"other", W/${first}` },
    );
    expect(changed.status).toBe(202);
    for (const [method, path, body] of [
      ['PATCH', '', { labels: { a: 'c' } }],
      ['POST', '/scale', { replicas: 3 }],
      ['POST', '/restart', undefined],
      ['POST', '/rollback', undefined],
      ['DELETE', '', undefined],
    ] as const) {
      const stale = await call(method, `/api/services/${name}${path}`, body, { 'if-match': first });
      expect([method, path, stale.status, bodyOf(stale).kind]).toEqual([
        method,
        path,
        412,
        'changed-meanwhile',
      ]);
    }
    expect(specOf(name)).toMatchObject({
      Labels: { a: 'b' },
      Mode: { Replicated: { Replicas: 1 } },
    });
    const back = await call('POST', `/api/services/${name}/rollback`, undefined, {
      'if-match': await etag(),
    });
    expect(back.status).toBe(202);
    expect(specOf(name).Labels).toEqual({});
  });

  test('restarts, rolls back and back again, and is removed', async () => {
    const name = await create({ replicas: 1 });
    const post = (what: string) => call('POST', `/api/services/${name}/${what}`);
    expect(await post('rollback')).toMatchObject({
      status: 409,
      body: { kind: 'no-previous-spec' },
    });
    expect(await post('rollback?dry-run')).toMatchObject({
      status: 200,
      body: { differences: null, text: '' },
    });
    expect(await post('restart?dry-run')).toMatchObject({
      status: 200,
      body: {
        command: `docker service update --force ${name}`,
        preview: { text: expect.any(String) },
      },
    });
    expect((await post('restart')).status).toBe(202);
    expect(specOf(name).TaskTemplate.ForceUpdate).toBe(1);
    // By its id, too, the command has the name.
    const { ID } = demo.swarm.service(name).api;
    const byId = await call('POST', `/api/services/${ID}/rollback?dry-run`);
    expect(byId.body).toMatchObject({
      command: `docker service rollback ${name}`,
      text: expect.stringMatching(/^Every task .*is replaced/),
    });
    expect((await post('rollback')).status).toBe(202);
    expect(specOf(name).TaskTemplate.ForceUpdate).toBe(0);
    expect((await post('rollback')).status).toBe(202);
    expect(specOf(name).TaskTemplate.ForceUpdate).toBe(1);
    const dry = await call('DELETE', `/api/services/${name}?dry-run`);
    expect(dry).toMatchObject({ status: 200, body: { command: `docker service rm ${name}` } });
    expect(await call('DELETE', `/api/services/${name}`)).toMatchObject({ status: 202 });
    expect(await call('DELETE', `/api/services/${name}`)).toMatchObject({ status: 404 });
  });
});

test('a dry run has the ETag of what it looked at, and its change is refused after another one', async () => {
  const name = await create();
  const path = `/api/services/${name}`;
  expect((await call('PATCH', path, { labels: { a: '1' } })).status).toBe(202);
  const { ID } = demo.swarm.service(name).api;
  const dryRuns = [
    await call('POST', `/api/services/${ID}/restart?dry-run`),
    await call('POST', `/api/services/${ID}/rollback?dry-run`),
    await call('PATCH', `/api/services/${ID}?dry-run`, { labels: { a: '2' } }),
    await call('DELETE', `/api/services/${ID}?dry-run`),
  ];
  const etag = (await call('GET', path)).headers.get('etag') ?? '';
  expect(dryRuns.map(({ headers }) => headers.get('etag'))).toEqual(dryRuns.map(() => etag));
  expect(etag).not.toBe('');

  expect((await call('PATCH', path, { labels: { a: '3' } })).status).toBe(202);
  const late = await call('POST', `${path}/rollback`, undefined, { 'if-match': etag });
  expect(late).toMatchObject({ status: 412, body: { kind: 'changed-meanwhile' } });
  expect(specOf(name).Labels).toEqual({ a: '3' });
});

describe('a node', () => {
  const node = (name: string) => demo.swarm.node(name).api.Spec;

  test('changes only what a patch names', async () => {
    const change = (patch: object, query = '') => call('PATCH', `/api/nodes/zero2${query}`, patch);
    expect(await change({ availability: 'drain' }, '?dry-run')).toMatchObject({
      status: 200,
      body: {
        command: 'docker node update --availability drain zero2',
        tasks: { text: expect.any(String) },
        managers: null,
        undo: { availability: 'active' },
      },
    });
    expect(node('zero2').Availability).toBe('active');
    expect(await change({ labels: { disk: 'ssd' } })).toMatchObject({
      status: 202,
      body: { node: 'zero2', changed: true },
    });
    expect(await change({ availability: 'pause' })).toMatchObject({ status: 202 });
    expect(node('zero2')).toEqual({
      Labels: { disk: 'ssd' },
      Role: 'worker',
      Availability: 'pause',
    });
    await change({ availability: 'active', labels: { disk: null } });
    expect(node('zero2')).toEqual({ Labels: {}, Role: 'worker', Availability: 'active' });
    expect(await change({ availability: 'sleep' })).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'availability' }] },
    });
    expect((await call('PATCH', '/api/nodes/nosuch', { role: 'worker' })).status).toBe(404);
  });

  test('is not changed if it is no longer as it was when its sender looked', async () => {
    const etag = async () => (await call('GET', '/api/nodes/zero1')).headers.get('etag') ?? '';
    const first = await etag();
    const change = (labels: object, ifMatch: string) =>
      call('PATCH', '/api/nodes/zero1', { labels }, { 'if-match': ifMatch });
    expect((await change({ a: 'b' }, first)).status).toBe(202);
    expect(await change({ a: 'c' }, first)).toMatchObject({
      status: 412,
      body: { kind: 'changed-meanwhile' },
    });
    expect(
      (await call('DELETE', '/api/nodes/zero1', undefined, { 'if-match': first })).status,
    ).toBe(412);
    // Read at once after a change, it is the tag of what was written.
    expect((await change({ a: null }, await etag())).status).toBe(202);
    expect(node('zero1').Labels).toEqual({});
    expect(await etag()).toBe(first);
    // What a node reports is no change of it.
    demo.swarm.power(demo.swarm.node('zero1'), false);
    await vi.waitFor(() => expect(demo.swarm.node('zero1').api.Status.State).toBe('down'), {
      timeout: 10_000,
      interval: 50,
    });
    expect(await etag()).toBe(first);
    demo.swarm.power(demo.swarm.node('zero1'), true);
    await vi.waitFor(() => expect(demo.swarm.node('zero1').api.Status.State).toBe('ready'), {
      timeout: 10_000,
      interval: 50,
    });
  });

  test('that a drill drained: a choice of its availability ends what the drill would restore', async () => {
    const change = (patch: object, query = '') => call('PATCH', `/api/nodes/zero3${query}`, patch);
    const drilled = { availability: 'drain', labels: { 'clusterhat.drill.was': 'active' } };
    for (const availability of ['active', 'pause', 'drain'] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      await change(drilled);
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await change({ availability }, '?dry-run')).toMatchObject({
        body: {
          command: `docker node update --availability ${availability} --label-rm clusterhat.drill.was zero3`,
          tasks: { warnings: [expect.stringContaining('failure drill')] },
        },
      });
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      expect(await change({ availability })).toMatchObject({ body: { changed: true } });
      expect(node('zero3')).toEqual({ Labels: {}, Role: 'worker', Availability: availability });
    }
    await change({ availability: 'active' });
  });

  test('is promoted and demoted; the last manager is kept', async () => {
    const role = (name: string, role: string, query = '') =>
      call('PATCH', `/api/nodes/${name}${query}`, { role });
    expect(await role('zero1', 'manager', '?dry-run')).toMatchObject({
      body: { command: 'docker node promote zero1', managers: { after: { managers: 2 } } },
    });
    expect((await role('zero1', 'manager')).status).toBe(202);
    expect((await role('zero1', 'worker')).status).toBe(202);
    expect(await role('ctrl', 'worker')).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('last manager') },
    });
  });

  test('is removed once it is down', async () => {
    expect(await call('DELETE', '/api/nodes/zero4')).toMatchObject({
      status: 422,
      body: { detail: expect.stringContaining('is not down') },
    });
    demo.swarm.power(demo.swarm.node('zero4'), false);
    await vi.waitFor(() => expect(demo.swarm.node('zero4').api.Status.State).toBe('down'), {
      timeout: 10_000,
      interval: 50,
    });
    expect(await call('DELETE', '/api/nodes/zero4?dry-run')).toMatchObject({
      status: 200,
      body: { command: 'docker node rm zero4', tasks: { refused: null } },
    });
    expect(await call('DELETE', '/api/nodes/zero4')).toMatchObject({
      status: 202,
      body: { node: 'zero4' },
    });
    expect(await call('DELETE', '/api/nodes/zero4')).toMatchObject({ status: 404 });
  });
});

test('the join command can have a new token, for either role', async () => {
  const join = (body?: object) => call('POST', '/api/join-command', body);
  const first = bodyOf(await join()).command;
  expect(first).toMatch(/^docker swarm join --token SWMTKN-1-\S+ \S+:2377$/);
  expect(bodyOf(await join({})).command).toBe(first);
  const rotated = await join({ rotate: true });
  expect(rotated).toMatchObject({ status: 200, body: { role: 'worker', rotated: true } });
  expect(bodyOf(rotated).command).not.toBe(first);
  expect(bodyOf(await join()).command).toBe(bodyOf(rotated).command);
  const manager = bodyOf(await join({ role: 'manager' })).command;
  expect(manager).not.toBe(bodyOf(rotated).command);
  expect((await join({ role: 'king' })).status).toBe(400);
});

test('an image is looked up in its registry', async () => {
  const look = async (image: string) => (await call('POST', '/api/image-lookup', { image })).body;
  expect(await look('carmeloc/goweb:2.0')).toMatchObject({
    state: 'found',
    platforms: [{ architecture: 'arm' }, { architecture: 'arm64' }, { architecture: 'amd64' }],
  });
  expect(await look('carmeloc/nosuch')).toMatchObject({ state: 'missing' });
  expect(await look('../etc/passwd')).toMatchObject({ state: 'unknown' });
});

test('the timeline names who made each change', async () => {
  await call('GET', '/api/swarm');
  const name = await create({ replicas: 1, labels: { a: 'b' } });
  await call('GET', '/api/swarm');
  await call('POST', `/api/services/${name}/scale`, { replicas: 2 });
  await call('GET', '/api/swarm');
  await call('PATCH', `/api/services/${name}`, { labels: { a: 'c' } });
  await call('GET', '/api/swarm');
  await call('POST', `/api/services/${name}/restart`);
  await call('GET', '/api/swarm');
  await call('POST', `/api/services/${name}/rollback`);
  await call('PATCH', '/api/nodes/zero3', { availability: 'pause', labels: { rack: 'a' } });
  await call('GET', '/api/swarm');
  await call('PATCH', '/api/nodes/zero3', { availability: 'active', labels: { rack: null } });
  await call('POST', '/api/join-command', { role: 'manager' });
  await call('POST', '/api/join-command', { role: 'worker', rotate: true });
  // What no view shows is recorded after a while.
  await new Promise((next) => setTimeout(next, 3100));
  await call('DELETE', `/api/services/${name}`);
  names.pop();
  await call('GET', '/api/swarm');
  const { body } = await call('GET', '/api/timeline');
  const made: { text: string; by?: string }[] = Object(body).entries.filter(
    ({ by }: { by?: string }) => by !== undefined,
  );
  const texts = made.map(({ text }) => text);
  for (const text of [
    `${name} was created`,
    `${name} was scaled from 1 to 2`,
    `${name} was updated (label a)`,
    `${name} was restarted`,
    `${name} was rolled back (manually requested rollback)`,
    'zero3 was paused and had its labels changed (rack)',
    'zero3 was made active and had its labels changed (rack)',
    `${name} was removed`,
    'The worker join token was rotated',
  ]) {
    expect(texts).toContain(text);
  }
  expect(new Set(made.map(({ by }) => by))).toEqual(new Set(['operator']));
  // To show a token is no change, and no token is in the history.
  expect(texts).not.toContain('The manager join token was rotated');
  expect(JSON.stringify(body)).not.toContain('SWMTKN');
});
