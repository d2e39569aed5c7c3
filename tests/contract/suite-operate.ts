import { describe, expect, test, type TestContext } from 'vitest';
import * as z from 'zod/mini';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { errorSchema } from '@/lib/swarm/engine-json';
import { resolvedImage } from '@/lib/swarm/image-lookup';
import { createServiceSchema, patchServiceSchema, type CreateService } from '@/lib/swarm/spec/form';
import { patchSpec } from '@/lib/swarm/spec/patch-spec';
import { refusedField } from '@/lib/swarm/spec/refused-field';
import { specOf as specOfForm } from '@/lib/swarm/spec/spec-of';
import { type Client, IMAGE, NO_IMAGE, serviceName, type TestEngine, until } from './engines';
import { createService, running, specOf, untilRunning } from './service-helpers';

const patchSchema = patchServiceSchema(100);

/** What an operator does, by the dashboard's own engine and by plain HTTP: the changes, and what the engine refuses. */
export function operate(engine: () => TestEngine): void {
  const client = (): Client => engine().client;
  const api = () => dockerEngine({ kind: 'unix', socketPath: engine().socketPath });
  const refusal = async (method: string, path: string, body?: unknown) => {
    const answer = await client().call(method, path, body);
    const { message } = z.parse(errorSchema, answer.body);
    return { status: answer.status, message: message.replace(/[a-z0-9]{25}/g, 'ID') };
  };
  const invalid = (text: string) => ({
    status: 400,
    message: `rpc error: code = InvalidArgument desc = ${text}`,
  });
  const patch = (name: string, change: unknown) => {
    const parsed = z.parse(patchSchema, change);
    return api().changeService(name, (spec) => patchSpec(spec, parsed));
  };

  describe('what an operator does', () => {
    test('a service made from a form is what docker would have made, and runs with its digest', async (context) => {
      const name = serviceName('form');
      const form: CreateService = {
        name,
        image: IMAGE,
        replicas: 2,
        env: { GREETING: 'Hello, world' },
        labels: { 'contract.form': 'yes' },
        containerLabels: { a: 'b' },
        constraints: ['node.role==worker'],
        maxPerNode: 1,
        limits: { cpus: 0.5, memory: '64M' },
        reservations: { memory: '8M' },
        update: { parallelism: 2, delay: '1s', failureAction: 'rollback', order: 'start-first' },
        restart: { condition: 'on-failure', delay: '2s', maxAttempts: 3 },
        stopGracePeriod: '3s',
        hostname: '{{.Node.Hostname}}',
      };
      removeAfter(context, name);
      const lookup = await api().distribution(IMAGE);
      expect(lookup).toMatchObject({ state: 'found', digest: expect.stringMatching(/^sha256:/) });
      const { id, warnings } = await api().createService(
        specOfForm(z.parse(createServiceSchema(100), form), resolvedImage(lookup)),
      );
      expect(id).toMatch(/^[a-z0-9]{25}$/);
      expect(warnings).toEqual([]);
      const tasks = await untilRunning(client(), name, 2);
      expect(new Set(tasks.map((task) => task.NodeID)).size).toBe(2);
      const { Spec } = await client().raw('services', name);
      expect(Spec).toMatchObject({
        Labels: { 'contract.form': 'yes' },
        TaskTemplate: {
          ContainerSpec: {
            Image: expect.stringMatching(new RegExp(`^${IMAGE}@sha256:[0-9a-f]{64}$`)),
            Env: ['GREETING=Hello, world'],
            Labels: { a: 'b' },
            StopGracePeriod: 3e9,
            Hostname: '{{.Node.Hostname}}',
          },
          Resources: {
            Limits: { NanoCPUs: 5e8, MemoryBytes: 64 * 2 ** 20 },
            Reservations: { MemoryBytes: 8 * 2 ** 20 },
          },
          RestartPolicy: { Condition: 'on-failure', Delay: 2e9, MaxAttempts: 3 },
          Placement: { Constraints: ['node.role==worker'], MaxReplicas: 1 },
        },
        UpdateConfig: {
          Parallelism: 2,
          Delay: 1e9,
          FailureAction: 'rollback',
          Order: 'start-first',
        },
      });
    });

    test('each patch changes its own fields only, and the digest survives all of them', async (context) => {
      const name = serviceName('patches');
      removeAfter(context, name);
      const lookup = await api().distribution(IMAGE);
      const form = z.parse(createServiceSchema(100), { name, image: IMAGE, replicas: 1 });
      await api().createService(specOfForm(form, resolvedImage(lookup)));
      const pinned = Object(await client().raw('services', name)).Spec.TaskTemplate.ContainerSpec
        .Image;
      expect(pinned).toContain('@sha256:');
      for (const change of [
        { env: { A: '1', B: '2' } },
        { env: { A: null } },
        { labels: { x: 'y' } },
        { constraints: { add: ['node.role==worker'] } },
        { limits: { memory: '32M' } },
        { update: { parallelism: 0, monitor: '1s' } },
        { restart: { condition: 'on-failure' } },
        { replicas: 0 },
      ]) {
        const { before, spec } = await patch(name, change);
        const now = await client().raw('services', name);
        // The engine adds what it defaults to, and leaves out what is empty.
        expect(now.Spec).toMatchObject({ Name: name, Mode: spec['Mode'] });
        expect(Object(now.Spec).TaskTemplate.ContainerSpec.Image).toBe(pinned);
        expect(now.Version.Index).toBeGreaterThan(before.Version.Index);
      }
      const { Spec } = await client().raw('services', name);
      expect(Spec).toMatchObject({
        Labels: { x: 'y' },
        Mode: { Replicated: { Replicas: 0 } },
        TaskTemplate: {
          ContainerSpec: { Env: ['B=2'] },
          Placement: { Constraints: ['node.role==worker'] },
          Resources: { Limits: { MemoryBytes: 32 * 2 ** 20 } },
          RestartPolicy: { Condition: 'on-failure' },
        },
        UpdateConfig: { Monitor: 1e9 },
      });
      const same = await patch(name, { labels: { x: 'y' } });
      expect(same.written).toBe(false);
    });

    test('what the spec has and the dashboard does not know is written back, to the last digit', async (context) => {
      const name = serviceName('unknown');
      removeAfter(context, name);
      const spec = JSON.stringify({
        ...specOf(name, { replicas: 0 }),
        TaskTemplate: {
          ContainerSpec: {
            Image: IMAGE,
            Privileges: { CredentialSpec: null, SELinuxContext: { Disable: true } },
            StopSignal: 'SIGUSR1',
            TTY: true,
            OpenStdin: true,
            Hosts: ['10.0.0.1 other'],
            Healthcheck: { Test: ['NONE'] },
          },
          RestartPolicy: { Condition: 'any', MaxAttempts: 0, Window: 0 },
          LogDriver: { Name: 'json-file', Options: { 'max-size': '1m' } },
        },
      })
        .replace('"MaxAttempts":0', '"MaxAttempts":9007199254740993')
        .replace('"Window":0', '"Window":9223372036854775807');
      const created = await client().send('POST', '/services/create', spec);
      expect(created.status).toBe(201);
      const text = async () => {
        const { body } = await client().send('GET', `/services/${name}`);
        return /"TaskTemplate":\{.*?\},"Mode"/.exec(body)?.[0];
      };
      const before = await text();
      await patch(name, { labels: { a: 'b' }, replicas: 0 });
      await api().scale(name, 1);
      await api().scale(name, 0);
      expect(await text()).toBe(before);
      expect(before).toContain('"StopSignal":"SIGUSR1"');
    });

    test('a restart replaces every task and keeps the rest', async (context) => {
      const name = await createService(context, client(), 'restart', {
        replicas: 2,
        UpdateConfig: { Parallelism: 0, Monitor: 100_000_000 },
      });
      const old = (await untilRunning(client(), name, 2)).map(({ ID }) => ID);
      const { before } = await api().restartService(name);
      await until(async () => {
        const now = running(await client().tasks(name));
        return now.length === 2 && now.every(({ ID }) => !old.includes(ID));
      }, 'two new tasks');
      const { Spec } = await client().raw('services', name);
      expect(Spec).toEqual({
        ...before.Spec,
        TaskTemplate: { ...Object(before.Spec['TaskTemplate']), ForceUpdate: 1 },
      });
    });

    test('a rollback undoes a scale, and a second one swaps back', async (context) => {
      const name = await createService(context, client(), 'swap', { replicas: 1 });
      await expect(api().rollbackService(name)).rejects.toMatchObject({ kind: 'no-previous-spec' });
      await untilRunning(client(), name, 1);
      await api().scale(name, 2);
      await untilRunning(client(), name, 2);
      await api().rollbackService(name);
      await untilRunning(client(), name, 1);
      await api().rollbackService(name);
      await untilRunning(client(), name, 2);
    });

    test('a paused update goes on with the next change, even if that changes nothing', async (context) => {
      const name = await createService(context, client(), 'resume', {
        replicas: 2,
        UpdateConfig: { Parallelism: 1, Monitor: 300_000_000 },
      });
      await untilRunning(client(), name, 2);
      await patch(name, { image: NO_IMAGE });
      const state = async () => (await client().service(name)).UpdateStatus?.State;
      await until(async () => (await state()) === 'paused', 'paused');
      const { written } = await api().changeService(name, (spec) => spec, { sendSame: () => true });
      expect(written).toBe(true);
      await until(async () => (await state()) !== 'paused', 'goes on');
      await patch(name, { image: IMAGE });
      await until(async () => (await state()) === 'completed', 'completed');
    });

    test('labels of a node come and go without anything else', async () => {
      const before = (await client().raw('nodes', 'zero2')).Spec;
      const label = (labels: Record<string, string | null>) =>
        api().changeNode('zero2', (spec) => ({
          ...spec,
          Labels: Object.fromEntries(
            Object.entries({ ...Object(spec['Labels']), ...labels }).filter(
              ([, value]) => value !== null,
            ),
          ),
        }));
      await label({ 'contract.operate': 'ä ö' });
      expect((await client().raw('nodes', 'zero2')).Spec).toMatchObject({
        Labels: { 'contract.operate': 'ä ö' },
        Role: 'worker',
      });
      await label({ 'contract.operate': null });
      expect((await client().raw('nodes', 'zero2')).Spec).toEqual(before);
    });

    test('a removed service is gone; a second removal is not found', async (context) => {
      const name = await createService(context, client(), 'gone', { replicas: 0 });
      await api().removeService(name);
      await expect(api().removeService(name)).rejects.toMatchObject({ kind: 'not-found' });
      await expect(api().inspectService(name)).rejects.toMatchObject({ kind: 'not-found' });
      expect(await refusal('DELETE', `/services/${name}`)).toEqual({
        status: 404,
        message: `service ${name} not found`,
      });
    });

    test('the swarm itself refuses to lose its last manager, or a node that is ready', async () => {
      await expect(
        api().changeNode('ctrl', (spec) => ({ ...spec, Role: 'worker' })),
      ).rejects.toMatchObject({ message: expect.stringContaining('demote the last manager') });
      await expect(api().removeNode('ctrl')).rejects.toMatchObject({
        message: expect.stringContaining('must be demoted to worker before removal'),
      });
      await expect(api().removeNode('zero1')).rejects.toMatchObject({
        message: expect.stringMatching(/^node [a-z0-9]{25} is not down and can't be removed$/),
      });
    });

    test('a rotated token replaces one token only, and nothing else of the swarm', async () => {
      const swarm = async () => Object((await client().call('GET', '/swarm')).body);
      const before = await swarm();
      await api().rotateJoinToken('worker');
      const after = await swarm();
      expect(after.Spec).toEqual(before.Spec);
      expect(after.Version.Index).toBeGreaterThan(before.Version.Index);
      expect(after.JoinTokens.Manager).toBe(before.JoinTokens.Manager);
      expect(after.JoinTokens.Worker).not.toBe(before.JoinTokens.Worker);
      expect(await api().joinCommand()).toContain(after.JoinTokens.Worker);
      expect(await api().joinCommand('manager')).toContain(after.JoinTokens.Manager);
      const update = (query: string, spec: unknown = after.Spec) =>
        refusal('POST', `/swarm/update${query}`, spec);
      expect(await update('?version=1')).toEqual({
        status: 500,
        message: 'rpc error: code = Unknown desc = update out of sequence',
      });
      expect(await update('')).toEqual({
        status: 400,
        message: `invalid swarm version '': strconv.ParseUint: parsing "": invalid syntax`,
      });
      const version = `?version=${after.Version.Index}`;
      expect((await update(`${version}&rotateWorkerToken=maybe`)).message).toMatch(
        /^invalid value for rotateWorkerToken: maybe/,
      );
      expect(await update(version, { ...after.Spec, Name: 'other' })).toEqual({
        status: 400,
        message: 'swarm spec must be named "default"',
      });
    });
  });

  describe('an image in its registry', () => {
    test('has the digest and the platforms that docker pins', async () => {
      const { status, body } = await client().call('GET', `/distribution/${IMAGE}/json`);
      expect(status).toBe(200);
      expect(Object.keys(Object(body))).toEqual(['Descriptor', 'Platforms']);
      expect(Object(body).Platforms).toEqual([{ architecture: 'arm', os: 'linux', variant: 'v6' }]);
      const { digest } = Object(body).Descriptor;
      const pinned = await client().call('GET', `/distribution/${IMAGE}@${digest}/json`);
      expect(Object(pinned.body).Descriptor.digest).toBe(digest);
    });

    test.for([
      [NO_IMAGE, 404, /^manifest unknown/],
      ['carmeloc/goweb:nosuch', 404, /^manifest unknown/],
      [`${IMAGE}@sha256:${'a'.repeat(64)}`, 404, /^manifest unknown/],
      [
        'UPPER',
        400,
        /^invalid reference format: repository name (\(library\/UPPER\) )?must be lowercase$/,
      ],
      ['alpine:', 400, /^invalid reference format$/],
      ['a'.repeat(300), 400, /^repository name must not be more than 255 characters$/],
      [
        '127.0.0.1:1/x:1',
        500,
        /^Get "https?:\/\/127\.0\.0\.1:1\/v2\/": dial tcp 127\.0\.0\.1:1: connect: connection refused$/,
      ],
      [
        'nosuch.invalid/x:1',
        500,
        /^Get "https:\/\/nosuch\.invalid\/v2\/": dial tcp: lookup nosuch\.invalid/,
      ],
    ] as const)('%s', async ([image, status, message]) => {
      const answer = await refusal('GET', `/distribution/${image}/json`);
      expect(answer).toEqual({ status, message: expect.stringMatching(message) });
      const { state } = await api().distribution(image);
      expect(state).toBe(status === 404 ? 'missing' : 'unknown');
    });
  });

  describe.for(['secret', 'config'] as const)('a %s', (kind) => {
    const [Id, Name, List] =
      kind === 'secret'
        ? ['SecretID', 'SecretName', 'Secrets']
        : ['ConfigID', 'ConfigName', 'Configs'];
    const create = (name: string, Data?: string) =>
      refusal('POST', `/${kind}s/create`, { Name: name, ...(Data ? { Data } : {}) });

    test('is listed by name, used by a service, and kept while that uses it', async (context) => {
      const name = serviceName(kind);
      const Labels = { contract: 'true' };
      const made = await client().call('POST', `/${kind}s/create`, {
        Name: name,
        Labels,
        Data: 'aGVsbG8=',
      });
      expect(made.status).toBe(201);
      const id = String(Object(made.body).ID);
      context.onTestFinished(async () => {
        await client().call('DELETE', `/${kind}s/${id}`);
      });
      const listed = Object((await client().call('GET', `/${kind}s`)).body).find(
        ({ ID }: { ID: string }) => ID === id,
      );
      const Data = kind === 'config' ? { Data: 'aGVsbG8=' } : {};
      expect(listed).toEqual({
        ID: id,
        Version: { Index: expect.any(Number) },
        CreatedAt: expect.any(String),
        UpdatedAt: expect.any(String),
        Spec: { Name: name, Labels, ...Data },
      });
      expect((await client().call('GET', `/${kind}s/${name}`)).body).toEqual(listed);
      expect(await create(name, 'aGk=')).toEqual({
        status: 409,
        message: `rpc error: code = AlreadyExists desc = ${kind} ${name} already exists`,
      });

      const File = { Name: 'target', UID: '0', GID: '0', Mode: 292 };
      const service = (references: unknown[]) =>
        specOf(serviceName('uses'), {
          replicas: 0,
          task: { ContainerSpec: { Image: IMAGE, [List]: references } },
        });
      const refused = (references: unknown[]) =>
        refusal('POST', '/services/create', service(references));
      const own = { File, [Id]: id, [Name]: name };
      expect(await refused([{ ...own, [Id]: 'nosuch' }])).toEqual(
        invalid(`${kind} not found: ${name}`),
      );
      expect(await refused([{ ...own, [Name]: 'other' }])).toEqual(
        invalid(`${kind} not found: other`),
      );
      expect(await refused([own, own])).toEqual(
        invalid(`${kind} references '${name}' and '${name}' have a conflicting target: 'target'`),
      );

      const user = service([own]);
      removeAfter(context, String(user['Name']));
      expect((await client().call('POST', '/services/create', user)).status).toBe(201);
      const { Spec } = await client().raw('services', String(user['Name']));
      expect(Object(Spec).TaskTemplate.ContainerSpec[List]).toEqual([own]);
      expect(await refusal('DELETE', `/${kind}s/${name}`)).toEqual(
        invalid(`${kind} '${name}' is in use by the following service: ${String(user['Name'])}`),
      );
      // A change by the dashboard keeps it.
      await patch(String(user['Name']), { env: { A: 'b' } });
      const kept = await client().raw('services', String(user['Name']));
      expect(Object(kept.Spec).TaskTemplate.ContainerSpec[List]).toEqual([own]);
      await client().call('DELETE', `/services/${String(user['Name'])}`);
      expect((await client().call('DELETE', `/${kind}s/${name}`)).status).toBe(204);
      expect(await refusal('GET', `/${kind}s/${name}`)).toEqual({
        status: 404,
        message: `${kind} ${name} not found`,
      });
    });

    test('with a bad name or without data is refused', async () => {
      expect(await create('bad name', 'aGk=')).toEqual(
        invalid(
          'invalid name, only 64 [a-zA-Z0-9-_.] characters allowed, and the start and end character must be [a-zA-Z0-9]',
        ),
      );
      expect(await create('', 'aGk=')).toEqual(invalid('name must be provided'));
      const most = kind === 'secret' ? 512_000 : 1_024_000;
      expect(await create('nodata')).toEqual(
        invalid(`${kind} data must be larger than 0 and less than ${most} bytes`),
      );
      expect((await create('nobase64', 'aGk=!!')).message).toMatch(
        /illegal base64 data at input byte \d/,
      );
    });
  });

  describe('what the engine refuses of a service, and the field that it is about', () => {
    const bad = (more: Record<string, unknown>, task: Record<string, unknown> = {}) => ({
      ...specOf(serviceName('bad'), { replicas: 0, task }),
      ...more,
    });
    const ports = (...list: object[]) => ({
      EndpointSpec: { Ports: list.map((one) => ({ Protocol: 'tcp', TargetPort: 80, ...one })) },
    });
    const container = (more: object) => ({ ContainerSpec: { Image: IMAGE, ...more } });
    test.for([
      ['name', bad({ Name: 'a'.repeat(64) }), invalid('name must be 63 characters or fewer')],
      ['name', bad({ Name: 'a.b' }), invalid('name must be valid as a DNS name component')],
      [
        'ports',
        bad(ports({ PublishedPort: 81 }, { TargetPort: 82, PublishedPort: 81 })),
        invalid('EndpointSpec: duplicate published ports provided'),
      ],
      [
        'ports',
        bad({ EndpointSpec: { Mode: 'x' } }),
        { status: 400, message: 'invalid resolution mode: "x"' },
      ],
      [
        'ports',
        bad({
          EndpointSpec: {
            Mode: 'dnsrr',
            Ports: [{ TargetPort: 80, PublishedPort: 81, PublishMode: 'ingress' }],
          },
        }),
        invalid("EndpointSpec: port published with ingress mode can't be used with dnsrr mode"),
      ],
      [
        'update.delay',
        bad({ UpdateConfig: { Delay: -1 } }),
        invalid('TaskSpec: update-delay cannot be negative'),
      ],
      [
        'update.monitor',
        bad({ UpdateConfig: { Monitor: -1 } }),
        invalid('TaskSpec: update-monitor cannot be negative'),
      ],
      [
        'update.order',
        bad({ UpdateConfig: { Order: 'x' } }),
        { status: 400, message: 'unrecognized update order x' },
      ],
      [
        'update.failureAction',
        bad({ UpdateConfig: { FailureAction: 'x' } }),
        { status: 400, message: 'unrecognized update failure action x' },
      ],
      [
        'restart.delay',
        bad({}, { RestartPolicy: { Delay: -1 } }),
        invalid('TaskSpec: restart-delay cannot be negative'),
      ],
      [
        'restart.window',
        bad({}, { RestartPolicy: { Window: -1 } }),
        invalid('TaskSpec: restart-window cannot be negative'),
      ],
      [
        'reservations.cpus',
        bad({}, { Resources: { Limits: { NanoCPUs: 5 } } }),
        invalid('invalid cpu value 5e-09: Must be at least 0.001'),
      ],
      [
        'reservations.memory',
        bad({}, { Resources: { Limits: { MemoryBytes: -5 } } }),
        invalid('invalid memory value -5: Must be at least 4MiB'),
      ],
      [
        'constraints',
        bad({}, { Placement: { Constraints: [''] } }),
        {
          status: 500,
          message: 'rpc error: code = Unknown desc = constraint expected one operator from ==, !=',
        },
      ],
      [
        'constraints',
        bad({}, { Placement: { Constraints: ['no de==x'] } }),
        { status: 500, message: "rpc error: code = Unknown desc = key 'no de' is invalid" },
      ],
      [
        'constraints',
        bad({}, { Placement: { Constraints: ['node.role== '] } }),
        { status: 500, message: "rpc error: code = Unknown desc = value '' is invalid" },
      ],
      [
        'hostname',
        bad({}, container({ Hostname: '{{.Foo}}' })),
        invalid(
          `expanding hostname failed: template: expansion:1:2: executing "expansion" at <.Foo>: can't evaluate field Foo in type *template.Context`,
        ),
      ],
      [
        'env',
        bad({}, container({ Env: ['A={{.Node.Hostname'] })),
        invalid(
          'expanding env failed: expanding env "A={{.Node.Hostname": template: expansion:1: unclosed action',
        ),
      ],
      [
        null,
        bad(
          {},
          container({
            Mounts: [
              { Type: 'volume', Target: '/a' },
              { Type: 'volume', Target: '/a' },
            ],
          }),
        ),
        invalid('ContainerSpec: duplicate mount point: /a'),
      ],
      [
        null,
        bad({}, container({ Healthcheck: { Test: ['CMD', 'a'], Interval: 5 } })),
        invalid('ContainerSpec: Interval in HealthConfig cannot be less than 1ms'),
      ],
      [
        null,
        bad({}, { Networks: [{ Target: 'nosuch' }] }),
        { status: 500, message: 'network nosuch not found' },
      ],
      [
        'replicas',
        JSON.stringify(bad({ Mode: { Replicated: { Replicas: 1 } } })).replace(
          '"Replicas":1',
          '"Replicas":18446744073709551615',
        ),
        invalid('Number of replicas must be non-negative'),
      ],
      [null, bad({}, { Runtime: 'x' }), { status: 400, message: 'unsupported runtime' }],
    ] as const)('%s: %#', async ([field, spec, expected]) => {
      const answer = await refusal('POST', '/services/create', spec);
      expect(answer).toEqual(expected);
      expect(refusedField(answer.message, {})).toBe(field);
    });
  });

  /** Removes what a test made under this name. */
  function removeAfter(context: TestContext, name: string): void {
    context.onTestFinished(async () => {
      await client().call('DELETE', `/services/${name}`);
    });
  }
}
