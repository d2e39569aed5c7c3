import { describe, expect, test } from 'vitest';
import * as z from 'zod/mini';
import {
  errorSchema,
  infoSchema,
  nodeSchema,
  serviceSchema,
  taskSchema,
  versionSchema,
} from '@/lib/swarm/engine-json';
import { IMAGE, serviceName, type TestEngine } from './engines';
import { createService, untilRunning, specOf } from './service-helpers';

/** The engine's JSON, parsed with the dashboard's schemas, and its error messages. */
export function shapes(engine: () => TestEngine): void {
  const { call } = {
    call: (method: string, path: string, body?: unknown) =>
      engine().client.call(method, path, body),
  };
  const refusal = async (method: string, path: string, body?: unknown) => {
    const answer = await call(method, path, body);
    const { message } = z.parse(errorSchema, answer.body);
    return { status: answer.status, message: message.replace(/[a-z0-9]{25}/g, 'ID') };
  };

  const keysOf = async (path: string) => Object.keys(Object((await call('GET', path)).body));

  describe('shapes', () => {
    test('info, version and ping match the schemas', async () => {
      const info = z.parse(infoSchema, (await call('GET', '/info')).body);
      expect(info.Name).toBe('ctrl');
      expect(info.Swarm).toMatchObject({ LocalNodeState: 'active', ControlAvailable: true });
      const version = z.parse(versionSchema, (await call('GET', '/version')).body);
      expect(version.ApiVersion).toMatch(/^1\.\d+$/);
      expect(info.ServerVersion).toBe(version.Version);
    });

    test('lists the five nodes of the HAT with one leader and their IP addresses', async () => {
      const nodes = z.parse(z.array(nodeSchema), (await call('GET', '/nodes')).body);
      const names = nodes.map((node) => node.Description?.Hostname ?? '').sort();
      expect(names).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
      expect(nodes.filter((node) => node.ManagerStatus?.Leader)).toHaveLength(1);
      for (const node of nodes) expect(node.Status.Addr).toMatch(/^\d+(\.\d+){3}$/);
      const ids = nodes.map((node) => node.ID);
      expect(ids).toEqual([...ids].sort());
    });

    test('a node has exactly these fields', async () => {
      const { body } = await call('GET', '/nodes/ctrl');
      const node = Object(body);
      expect(Object.keys(node)).toEqual([
        'ID',
        'Version',
        'CreatedAt',
        'UpdatedAt',
        'Spec',
        'Description',
        'Status',
        'ManagerStatus',
      ]);
      expect(Object.keys(node.Description)).toEqual([
        'Hostname',
        'Platform',
        'Resources',
        'Engine',
        'TLSInfo',
      ]);
      expect(Object.keys(node.Description.Platform)).toEqual(['Architecture', 'OS']);
      expect(Object.keys(node.Description.TLSInfo)).toEqual([
        'TrustRoot',
        'CertIssuerSubject',
        'CertIssuerPublicKey',
      ]);
      expect(node.Spec).toEqual({ Labels: {}, Role: 'manager', Availability: 'active' });
      expect(Object.keys(node.Status)).toEqual(['State', 'Addr']);
      expect(node.ManagerStatus).toEqual({
        Leader: true,
        Reachability: 'reachable',
        Addr: `${node.Status.Addr}:2377`,
      });
      const times = [node.CreatedAt, node.UpdatedAt];
      for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT[\d:]{8}(\.\d{1,9})?Z$/);
    });

    test('a service and its tasks have exactly these fields', async (context) => {
      const { client } = engine();
      const name = await createService(context, client, 'shape', {
        replicas: 2,
        EndpointSpec: { Ports: [{ TargetPort: 8080 }] },
      });
      const [task] = await untilRunning(client, name, 2);
      const raw = await client.raw('services', name);
      expect(await keysOf(`/services/${name}`)).toEqual([
        'ID',
        'Version',
        'CreatedAt',
        'UpdatedAt',
        'Spec',
        'Endpoint',
      ]);
      expect(Object.keys(raw.Spec)).toEqual([
        'Name',
        'Labels',
        'TaskTemplate',
        'Mode',
        'EndpointSpec',
      ]);
      expect(raw.Spec['TaskTemplate']).toEqual({
        ContainerSpec: { Image: IMAGE, Isolation: 'default' },
        RestartPolicy: { Condition: 'any', Delay: 300_000_000, MaxAttempts: 0 },
        ForceUpdate: 0,
        Runtime: 'container',
      });
      const service = z.parse(serviceSchema, raw);
      const [port] = service.Endpoint?.Ports ?? [];
      expect(port?.PublishedPort).toBeGreaterThanOrEqual(30_000);
      expect(port).toMatchObject({ Protocol: 'tcp', TargetPort: 8080, PublishMode: 'ingress' });
      const rawTask = (await call('GET', `/tasks/${task?.ID}`)).body;
      expect(await keysOf(`/tasks/${task?.ID}`)).toEqual([
        'ID',
        'Version',
        'CreatedAt',
        'UpdatedAt',
        'Labels',
        'Spec',
        'ServiceID',
        'Slot',
        'NodeID',
        'Status',
        'DesiredState',
        'NetworksAttachments',
      ]);
      const parsed = z.parse(taskSchema, rawTask);
      expect(parsed.Status).toMatchObject({ State: 'running', Message: 'started', Err: '' });
      expect(parsed.Status.ContainerStatus?.ContainerID).toMatch(/^[0-9a-f]{64}$/);
      expect(parsed.Status.Timestamp).toBeGreaterThanOrEqual(parsed.CreatedAt);
    });

    test('insertDefaults adds the defaults to a spec', async (context) => {
      const name = await createService(context, engine().client, 'defaults', {
        replicas: 0,
        EndpointSpec: {},
      });
      const filled = (await call('GET', `/services/${name}?insertDefaults=true`)).body;
      const { Spec } = z.parse(z.object({ Spec: z.looseObject({}) }), filled);
      const update = {
        Parallelism: 1,
        FailureAction: 'pause',
        Monitor: 5_000_000_000,
        MaxFailureRatio: 0,
        Order: 'stop-first',
      };
      expect(Spec).toMatchObject({ UpdateConfig: update, RollbackConfig: update });
    });

    test('status=true counts running and desired tasks', async (context) => {
      const { client } = engine();
      const name = await createService(context, client, 'status', { replicas: 2 });
      await untilRunning(client, name, 2);
      const filters = encodeURIComponent(JSON.stringify({ name: [name] }));
      const { body } = await call('GET', `/services?status=true&filters=${filters}`);
      const counted = z.looseObject({ ServiceStatus: z.looseObject({}) });
      expect(z.parse(z.array(counted), body).map((one) => one.ServiceStatus)).toEqual([
        { RunningTasks: 2, DesiredTasks: 2, CompletedTasks: 0 },
      ]);
    });
  });

  describe('error responses', () => {
    test.for([
      ['services', 'service nosuch not found'],
      ['nodes', 'node nosuch not found'],
      ['tasks', 'task nosuch not found'],
      ['networks', 'network nosuch not found'],
    ] as const)('%s: 404', async ([kind, message]) => {
      expect(await refusal('GET', `/${kind}/nosuch`)).toEqual({ status: 404, message });
    });

    test('rejects an unknown path', async () => {
      const message = 'page not found';
      expect(await refusal('GET', '/nosuch')).toEqual({ status: 404, message });
    });

    test('rejects an API version that is too new', async () => {
      const { status, message } = await refusal('GET', '/v1.99/nodes');
      expect(status).toBe(400);
      expect(message).toMatch(
        /^client version 1\.99 is too new\. Maximum supported API version is 1\.\d+$/,
      );
    });

    test('rejects an unknown filter, service or state in filters', async () => {
      const tasks = (filters: unknown) =>
        refusal('GET', `/tasks?filters=${encodeURIComponent(JSON.stringify(filters))}`);
      expect(await tasks({ foo: ['x'] })).toEqual({ status: 400, message: "Invalid filter 'foo'" });
      expect(await tasks({ service: ['nosuch'] })).toEqual({
        status: 404,
        message: 'service nosuch not found',
      });
      expect((await tasks({ 'desired-state': ['nosuch'] })).message).toBe(
        "Invalid desired-state filter: 'nosuch'",
      );
    });

    const invalid = (text: string) => `rpc error: code = InvalidArgument desc = ${text}`;
    const base = (change: Record<string, unknown>) => ({
      ...specOf(serviceName('bad')),
      ...change,
    });
    test.for([
      [
        'name',
        base({ Name: 'bad name' }),
        400,
        invalid('name must be valid as a DNS name component'),
      ],
      [
        'no image',
        base({ TaskTemplate: { ContainerSpec: { Image: '' } } }),
        400,
        invalid('ContainerSpec: image reference must be provided'),
      ],
      [
        'bad image',
        base({ TaskTemplate: { ContainerSpec: { Image: 'UPPER CASE' } } }),
        400,
        invalid('ContainerSpec: "UPPER CASE" is not a valid repository/tag'),
      ],
      ['no container', base({ TaskTemplate: {} }), 400, 'mismatched Runtime and *Spec fields'],
      [
        'constraint',
        specOf(serviceName('bad'), { task: { Placement: { Constraints: ['node.role=worker'] } } }),
        500,
        'rpc error: code = Unknown desc = constraint expected one operator from ==, !=',
      ],
      [
        'replicas below zero',
        base({ Mode: { Replicated: { Replicas: -1 } } }),
        400,
        'json: cannot unmarshal number -1 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64',
      ],
      [
        'half a replica',
        base({ Mode: { Replicated: { Replicas: 2.5 } } }),
        400,
        'json: cannot unmarshal number 2.5 into Go struct field ReplicatedService.Mode.Replicated.Replicas of type uint64',
      ],
      [
        'two modes',
        base({ Mode: { Replicated: { Replicas: 1 }, Global: {} } }),
        400,
        'must specify only one service mode',
      ],
      [
        'memory',
        specOf(serviceName('bad'), { task: { Resources: { Limits: { MemoryBytes: 1000 } } } }),
        400,
        invalid('invalid memory value 1000: Must be at least 4MiB'),
      ],
      [
        'failure ratio',
        base({ UpdateConfig: { MaxFailureRatio: 2 } }),
        400,
        invalid('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1'),
      ],
    ] as const)('create, %s', async ([, spec, status, message]) => {
      expect(await refusal('POST', '/services/create', spec)).toEqual({ status, message });
    });

    test('rejects a service with a used name or port', async (context) => {
      const { client } = engine();
      const Ports = [
        { TargetPort: 8080, PublishedPort: 18_000 + Math.floor(Math.random() * 9000) },
      ];
      const taken = Ports[0]?.PublishedPort;
      const name = await createService(context, client, 'taken', {
        replicas: 0,
        EndpointSpec: { Ports },
      });
      expect(await refusal('POST', '/services/create', specOf(name))).toEqual({
        status: 409,
        message: `rpc error: code = AlreadyExists desc = name conflicts with an existing object: service ${name} already exists`,
      });
      const other = specOf(serviceName('clash'), { EndpointSpec: { Ports } });
      expect(await refusal('POST', '/services/create', other)).toEqual({
        status: 400,
        message: invalid(
          `port '${taken}' is already in use by service '${name}' (ID) as an ingress port`,
        ),
      });
    });

    test('rejects an update with an old or no version, another name or mode, or no spec to roll back to', async (context) => {
      const { client } = engine();
      const name = await createService(context, client, 'conflict', { replicas: 0 });
      const { ID, Version, Spec } = await client.raw('services', name);
      const update = (query: string, spec: unknown) =>
        refusal('POST', `/services/${ID}/update${query}`, spec);
      expect(await update('?version=1', Spec)).toEqual({
        status: 500,
        message: 'rpc error: code = Unknown desc = update out of sequence',
      });
      expect(await update('', Spec)).toEqual({
        status: 400,
        message: `invalid service version '': strconv.ParseUint: parsing "": invalid syntax`,
      });
      const version = `?version=${Version.Index}`;
      expect(await update(version, { ...Spec, Name: `${name}-b` })).toEqual({
        status: 501,
        message: 'rpc error: code = Unimplemented desc = renaming services is not supported',
      });
      expect(await update(version, { ...Spec, Mode: { Global: {} } })).toEqual({
        status: 501,
        message: 'rpc error: code = Unimplemented desc = service mode change is not allowed',
      });
      expect(await update(`${version}&rollback=previous`, Spec)).toEqual({
        status: 400,
        message:
          'rpc error: code = FailedPrecondition desc = service ID does not have a previous spec',
      });
      expect((await client.raw('services', name)).Spec).toEqual(Spec);
    });

    test('rejects an unknown role or availability, and to demote or remove the last manager', async () => {
      const { client } = engine();
      const { Version, Spec } = await client.raw('nodes', 'ctrl');
      const update = (spec: unknown) =>
        refusal('POST', `/nodes/ctrl/update?version=${Version.Index}`, spec);
      expect(await update({ ...Spec, Role: 'king' })).toEqual({
        status: 400,
        message: 'invalid Role: "king"',
      });
      expect(await update({ ...Spec, Availability: 'sleepy' })).toEqual({
        status: 400,
        message: 'invalid Availability: "sleepy"',
      });
      expect(await update({ ...Spec, Role: 'worker' })).toEqual({
        status: 400,
        message:
          'rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm',
      });
      expect(await refusal('DELETE', '/nodes/zero1')).toEqual({
        status: 400,
        message:
          "rpc error: code = FailedPrecondition desc = node ID is not down and can't be removed",
      });
    });
  });
}
