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
import type { VersionRules } from './engine-version';
import { IMAGE, serviceName, type TestEngine, until } from './engines';
import { createService, untilRunning, specOf } from './service-helpers';

/** The replicas of a service's mode, as Go's JSON decoder names them. */
const REPLICAS = { struct: 'ReplicatedService', path: 'Replicated.Replicas', type: 'uint64' };

/** The fields of `/info` that every version has. */
const INFO = (
  'ID Containers ContainersRunning ContainersPaused ContainersStopped Images Driver DriverStatus Plugins ' +
  'MemoryLimit SwapLimit CpuCfsPeriod CpuCfsQuota CPUShares CPUSet PidsLimit IPv4Forwarding Debug NFd ' +
  'OomKillDisable NGoroutines SystemTime LoggingDriver CgroupDriver NEventsListener KernelVersion ' +
  'OperatingSystem OSType Architecture IndexServerAddress RegistryConfig NCPU MemTotal GenericResources ' +
  'DockerRootDir HttpProxy HttpsProxy NoProxy Name Labels ExperimentalBuild ServerVersion Runtimes ' +
  'DefaultRuntime Swarm LiveRestoreEnabled Isolation InitBinary ContainerdCommit RuncCommit InitCommit ' +
  'SecurityOptions Warnings'
).split(' ');

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

    test('info has exactly the fields of its API version', async () => {
      // The kernel's support decides about these two.
      const fields = (await keysOf('/info')).filter((field) => !field.startsWith('KernelMemory'));
      expect(fields.sort()).toEqual([...INFO, ...engine().version.infoFields].sort());
    });

    test('a ping has the headers of its version', async () => {
      const { version, client } = engine();
      const { Version } = z.parse(versionSchema, (await call('GET', '/version')).body);
      const headers = {
        'api-version': version.api,
        'cache-control': 'no-cache, no-store, must-revalidate',
        'content-type': 'text/plain; charset=utf-8',
        'docker-experimental': 'false',
        ostype: 'linux',
        pragma: 'no-cache',
        server: `Docker/${Version} (linux)`,
        ...(version.atLeast('1.42') ? { 'builder-version': '2', swarm: 'active/manager' } : {}),
      };
      for (const [method, length] of [
        ['GET', 2],
        ['HEAD', 0],
      ] as const) {
        const answer = await client.send(method, '/_ping');
        const { date: _, connection: __, 'keep-alive': ___, ...sent } = answer.headers;
        expect(sent).toEqual({ ...headers, 'content-length': String(length) });
        expect(answer).toMatchObject({ status: 200, body: 'OK'.slice(0, length) });
      }
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
        ...(engine().version.atLeast('1.42') ? ['Volumes'] : []),
      ]);
      const parsed = z.parse(taskSchema, rawTask);
      expect(parsed.Status).toMatchObject({ State: 'running', Message: 'started', Err: '' });
      expect(parsed.Status.ContainerStatus?.ContainerID).toMatch(/^[0-9a-f]{64}$/);
      expect(parsed.Status.Timestamp).toBeGreaterThanOrEqual(parsed.CreatedAt);
    });

    test('the engine chooses a port in host mode for each task that runs', async (context) => {
      const { client } = engine();
      const port = { Protocol: 'tcp', TargetPort: 8080, PublishMode: 'host' };
      const name = await createService(context, client, 'hostport', {
        replicas: 6,
        EndpointSpec: { Ports: [port] },
      });
      const tasks = await untilRunning(client, name, 6);
      const service = z.parse(serviceSchema, await client.raw('services', name));
      expect(service.Endpoint?.Ports).toEqual([port]);
      const places = await Promise.all(
        tasks.map(async ({ ID, NodeID }) => {
          const { Status } = Object((await call('GET', `/tasks/${ID}`)).body);
          const ports: Record<string, unknown>[] = Status.PortStatus.Ports;
          // One for IPv4, and one for IPv6 where the node has that.
          expect([1, 2]).toContain(ports.length);
          for (const one of ports) {
            expect(Object.keys(one)).toEqual([
              'Protocol',
              'TargetPort',
              'PublishedPort',
              'PublishMode',
            ]);
            expect(one).toEqual({ ...port, PublishedPort: expect.any(Number) });
            expect(one['PublishedPort']).toBeGreaterThan(1023);
          }
          return `${NodeID} ${String(ports[0]?.['PublishedPort'])}`;
        }),
      );
      expect(new Set(places).size).toBe(6);
      const [first] = tasks;
      await client.update('services', name, (spec) => {
        spec['Mode'] = { Replicated: { Replicas: 0 } };
      });
      await until(async () => {
        const { status, body } = await call('GET', `/tasks/${first?.ID}`);
        if (status === 404) return true;
        const { Status } = Object(body);
        return Status.State !== 'running' && (Status.PortStatus?.Ports ?? []).length === 0;
      }, 'a stopped task without ports');
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
      const counted = z.array(z.looseObject({ ServiceStatus: z.optional(z.looseObject({})) }));
      const counts = { RunningTasks: 2, DesiredTasks: 2, CompletedTasks: 0 };
      const expected = engine().version.atLeast('1.41') ? counts : undefined;
      expect(z.parse(counted, body).map((one) => one.ServiceStatus)).toEqual([expected]);
      if (!engine().version.accepts('1.40')) return;
      const older = (await call('GET', `/v1.40/services?status=yes&filters=${filters}`)).body;
      expect(z.parse(counted, older).map((one) => one.ServiceStatus)).toEqual([undefined]);
    });

    test('a created service has an id, and no warnings', async () => {
      const name = serviceName('response');
      const { status, body } = await call(
        'POST',
        '/services/create',
        specOf(name, { replicas: 0 }),
      );
      await call('DELETE', `/services/${name}`);
      const warnings = engine().version.atLeast('1.44') ? { Warnings: null } : {};
      expect({ status, body }).toEqual({
        status: 201,
        body: { ID: expect.stringMatching(/^[a-z0-9]{25}$/), ...warnings },
      });
    });

    test('the event of a change has the time of its write', async (context) => {
      const { client } = engine();
      const since = Math.floor(Date.now() / 1000) - 1;
      const name = await createService(context, client, 'eventtime', { replicas: 0 });
      await client.update('services', name, (spec) => (spec['Labels'] = { a: 'b' }));
      const written = /"UpdatedAt":"(.{19})\.?(\d*)Z"/.exec(
        (await client.send('GET', `/services/${name}`)).body,
      );
      const [, seconds = '', fraction = ''] = written ?? [];
      const micros = Date.parse(`${seconds}Z`) * 1000 + Number(fraction.padEnd(6, '0').slice(0, 6));
      const filters = encodeURIComponent(JSON.stringify({ type: ['service'], service: [name] }));
      const until = Math.floor(Date.now() / 1000) + 1;
      const query = `since=${since}&until=${until}&filters=${filters}`;
      const { body } = await client.send('GET', `/events?${query}`);
      const times = [...body.matchAll(/"Action":"update".*"timeNano":(\d+)/g)];
      const distances = times.map(([, nano]) => Math.abs(Number(nano) / 1000 - micros));
      expect(Math.min(...distances)).toBeLessThanOrEqual(1);
    });

    test('events of containers have their old fields for clients before 1.52', async (context) => {
      const { client, version } = engine();
      const since = Math.floor(Date.now() / 1000) - 1;
      const name = await createService(context, client, 'oldfields', {
        task: { Placement: { Constraints: ['node.role==manager'] } },
      });
      await untilRunning(client, name, 1);
      const filters = { type: ['container'], label: [`com.docker.swarm.service.name=${name}`] };
      const query = `since=${since}&until=${Math.floor(Date.now() / 1000) + 1}&filters=${encodeURIComponent(JSON.stringify(filters))}`;
      for (const path of ['', `/v${version.minApi}`, `/v${version.api}`]) {
        const { body } = await client.send('GET', `${path}/events?${query}`);
        const [event] = body.split('\n');
        const legacy = minorOf(path || version.api) < 52 ? ['from', 'id', 'status'] : [];
        const fields = ['Action', 'Actor', 'Type', 'scope', 'time', 'timeNano', ...legacy];
        expect(Object.keys(Object(JSON.parse(event ?? ''))).sort()).toEqual(fields.sort());
      }
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

    test.for([
      ['GET', '/nosuch'],
      ['GET', '/v1.99/nosuch'],
      ['PUT', '/nodes'],
    ] as const)('%s %s: 404 without the engine headers', async ([method, path]) => {
      const message = 'page not found';
      expect(await refusal(method, path)).toEqual({ status: 404, message });
      const { headers } = await engine().client.send(method, path);
      expect(headers).not.toHaveProperty('api-version');
      expect(headers).not.toHaveProperty('server');
    });

    test('accepts the API versions from its oldest to its newest', async () => {
      const { api, minApi } = engine().version;
      for (const version of [minApi, api, `${api}.0`]) {
        expect((await call('GET', `/v${version}/nodes`)).status).toBe(200);
      }
    });

    test('rejects an API version that is too new', async () => {
      const { client, version } = engine();
      for (const asked of ['1.99', '2', `1.${minorOf(version.api) + 1}`]) {
        const message = `client version ${asked} is too new. Maximum supported API version is ${version.api}`;
        expect(await refusal('GET', `/v${asked}/nodes`)).toEqual({ status: 400, message });
      }
      const { headers } = await client.send('GET', '/v1.99/nodes');
      expect(headers['api-version']).toBe(version.api);
      expect(headers).not.toHaveProperty('docker-experimental');
    });

    test('rejects an API version that is too old, in a form that its clients can read', async () => {
      const { client, version } = engine();
      for (const asked of ['1', '1.11', `1.${minorOf(version.minApi) - 1}`]) {
        const message = `client version ${asked} is too old. Minimum supported API version is ${version.minApi}, please upgrade your client to a newer version`;
        const { status, headers, body } = await client.send('GET', `/v${asked}/nodes`);
        expect(status).toBe(400);
        const readsJson = asked.includes('.') && minorOf(asked) >= 24;
        const isJson = readsJson || version.sendsJsonToOldClients;
        const type = isJson ? 'application/json' : 'text/plain; charset=utf-8';
        expect(headers['content-type']).toBe(type);
        expect(body).toBe(`${isJson ? JSON.stringify({ message }) : message}\n`);
      }
    });

    test.for([
      ['5', 'json: cannot unmarshal number into Go value of type map[string]map[string]bool'],
      ['"x"', 'json: cannot unmarshal string into Go value of type map[string]map[string]bool'],
      ['["x"]', 'json: cannot unmarshal array into Go value of type map[string]map[string]bool'],
      ['{"name":"x"}', 'json: cannot unmarshal string into Go value of type map[string]bool'],
      ['{"name":[5]}', 'json: cannot unmarshal array into Go value of type map[string]bool'],
      ['{"name":{"x":"y"}}', 'json: cannot unmarshal string into Go value of type bool'],
    ] as const)('rejects the filters %s', async ([filters, reason]) => {
      const { version } = engine();
      for (const [path, status] of [
        ['/services', 400],
        ['/tasks', 500],
        ['/nodes', 500],
      ] as const) {
        const answer = await refusal('GET', `${path}?filters=${encodeURIComponent(filters)}`);
        expect(answer).toEqual(version.malformedFilter(reason, status));
      }
    });

    test.for(['role', 'membership'])('rejects an unknown %s in filters of nodes', async (name) => {
      const filters = encodeURIComponent(JSON.stringify({ [name]: ['king'] }));
      const message = `Invalid ${name} filter: 'king'`;
      expect(await refusal('GET', `/nodes?filters=${filters}`)).toEqual({ status: 500, message });
    });

    test.for(['status', 'insertDefaults'])(
      'rejects yes as a value of %s',
      async (name, context) => {
        if (name === 'status' && !engine().version.atLeast('1.41')) return;
        const service = await createService(context, engine().client, 'flag', { replicas: 0 });
        const path = name === 'status' ? '/services' : `/services/${service}`;
        const message = `invalid value for ${name}: yes: strconv.ParseBool: parsing "yes": invalid syntax`;
        expect(await refusal('GET', `${path}?${name}=yes`)).toEqual({ status: 400, message });
      },
    );

    test('reads a body of JSON only, and no body as an empty one', async () => {
      const { client, version } = engine();
      const create = (body: string | undefined, type?: string) =>
        client.send('POST', '/services/create', body, type).then((answer) => ({
          status: answer.status,
          message: z.parse(errorSchema, JSON.parse(answer.body)).message,
        }));
      const zero = 'mismatched Runtime and *Spec fields';
      const end = 'got EOF while reading request body';
      const bad = (message: string) => ({ status: 400, message });
      expect(await create(undefined)).toEqual(bad(version.atLeast('1.42') ? zero : end));
      expect(await create('  ')).toEqual(bad(version.invalidBody(end)));
      expect(await create('null')).toEqual(bad(zero));
      const type = "unsupported Content-Type header (text/plain): must be 'application/json'";
      expect(await create('{}', 'text/plain')).toEqual(bad(version.atLeast('1.42') ? type : zero));
    });

    test('rejects a node spec with a role of another type', async () => {
      const message = engine().version.invalidBody(
        'json: cannot unmarshal number into Go struct field NodeSpec.Role of type swarm.NodeRole',
      );
      const answer = await refusal('POST', '/nodes/ctrl/update?version=1', { Role: 5 });
      expect(answer).toEqual({ status: 400, message });
    });

    test('rejects an unknown filter, service or state in filters', async () => {
      const tasks = (filters: unknown) =>
        refusal('GET', `/tasks?filters=${encodeURIComponent(JSON.stringify(filters))}`);
      const message = engine().version.unknownFilter('foo');
      expect(await tasks({ foo: ['x'] })).toEqual({ status: 400, message });
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
        (version: VersionRules) => version.wrongMode('number -1', REPLICAS),
      ],
      [
        'half a replica',
        base({ Mode: { Replicated: { Replicas: 2.5 } } }),
        400,
        (version: VersionRules) => version.wrongMode('number 2.5', REPLICAS),
      ],
      [
        'two modes',
        base({ Mode: { Replicated: { Replicas: 1 }, Global: {} } }),
        400,
        (version: VersionRules) =>
          version.atLeast('1.41')
            ? 'must specify only one service mode'
            : 'cannot specify both replicated mode and global mode',
      ],
      [
        'memory',
        specOf(serviceName('bad'), { task: { Resources: { Limits: { MemoryBytes: 1000 } } } }),
        400,
        invalid('invalid memory value 1000: Must be at least 4MiB'),
      ],
      [
        'replicas as text',
        base({ Mode: { Replicated: { Replicas: '3' } } }),
        400,
        (version: VersionRules) => version.wrongMode('string', REPLICAS),
      ],
      [
        'mode that is a number',
        base({ Mode: { Replicated: 5 } }),
        400,
        (version: VersionRules) =>
          version.wrongMode('number', {
            struct: 'ServiceMode',
            path: 'Replicated',
            type: 'swarm.ReplicatedService',
          }),
      ],
      [
        'restart condition',
        specOf(serviceName('bad'), { task: { RestartPolicy: { Condition: 'x' } } }),
        400,
        'invalid RestartCondition: "x"',
      ],
      [
        'failure ratio',
        base({ UpdateConfig: { MaxFailureRatio: 2 } }),
        400,
        invalid('TaskSpec: update-maxfailureratio cannot be less than 0 or bigger than 1'),
      ],
    ] as const)('create, %s', async ([, spec, status, message]) => {
      const text = typeof message === 'string' ? message : message(engine().version);
      expect(await refusal('POST', '/services/create', spec)).toEqual({ status, message: text });
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

/** The second number of an API version, also of a path such as /v1.41. */
function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
