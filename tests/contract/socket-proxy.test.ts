import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from 'vitest';
import { ChangeRefusals } from '@/lib/engine/change-refusals';
import { dockerEngine } from '@/lib/engine/docker-engine';
import { probeEngine } from '@/lib/engine/probe';
import { Feed } from '@/lib/live/feed';
import type { LogLine } from '@/lib/swarm/logs/lines';
import type { LogTarget } from '@/lib/swarm/logs/target';
import { CHANGES, READ_SWITCHES } from '@/lib/swarm/refusals';
import { demoEngine, type TestEngine } from './engines';

/** `deploy/socket-proxy.cfg` in a real haproxy in front of the demo engine: it passes the dashboard's requests only. */

const HAPROXY = '/usr/sbin/haproxy';

let engine: TestEngine;
const proxies: ChildProcess[] = [];

beforeAll(async () => {
  engine = await demoEngine();
});
afterAll(async () => {
  for (const proxy of proxies) {
    proxy.kill();
    if (proxy.exitCode === null && proxy.signalCode === null) await once(proxy, 'exit');
  }
  await engine.close();
});

/** Starts a proxy with these permissions, each allowed if left out. Returns its socket. */
async function proxied(
  name: string,
  allow: Record<string, string> = {},
  config = 'deploy/socket-proxy.cfg',
): Promise<string> {
  const socketPath = engine.socketPath.replace('demo.sock', `${name}.sock`);
  const proxy = spawn(HAPROXY, ['-db', '-f', config], {
    env: {
      ...process.env,
      ENGINE_SOCKET: engine.socketPath,
      PROXY_SOCKET: socketPath,
      ALLOW_SCALE: '1',
      ALLOW_DRILL: '1',
      ALLOW_JOIN: '1',
      ALLOW_SERVICES: '1',
      ALLOW_NODES: '1',
      ALLOW_LOGS: '1',
      ...allow,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  proxies.push(proxy);
  // The file is there a moment before it is listened at.
  await vi.waitFor(
    async () => {
      expect(existsSync(socketPath)).toBe(true);
      expect(await statusOf(socketPath, raw('GET', '/_ping'))).toBeGreaterThan(0);
    },
    { timeout: 5000 },
  );
  return socketPath;
}

/** Sends these bytes; returns the status, or 0 if the connection ended without a response. */
async function statusOf(socketPath: string, bytes: string): Promise<number> {
  const socket = connect(socketPath);
  // Not half-closed: the proxy takes that for a client that has gone.
  socket.write(bytes);
  const answer = await text(socket).catch(() => '');
  return Number(/^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 0);
}

const raw = (method: string, target: string, body = '', headers: string[] = []) =>
  [
    `${method} ${target} HTTP/1.1`,
    'Host: docker',
    'Connection: close',
    ...(body ? ['Content-Type: application/json', `Content-Length: ${body.length}`] : []),
    ...headers,
    '',
    body,
  ].join('\r\n');

/** The lines of a log. */
async function readLog(
  dashboard: ReturnType<typeof dockerEngine>,
  target: LogTarget,
  since: string | null = null,
): Promise<LogLine[]> {
  const options = { follow: false, tail: since === null ? 10 : null, since };
  const lines: LogLine[] = [];
  for await (const piece of dashboard.logs(target, options, AbortSignal.timeout(20_000))) {
    lines.push(...piece.filter((entry) => entry.kind === 'line'));
  }
  return lines;
}

const present = spawnSync(HAPROXY, ['-v']).status === 0;

describe.skipIf(!present)('the socket proxy', () => {
  test('passes every request of the dashboard', async () => {
    const dashboard = dockerEngine({ kind: 'unix', socketPath: await proxied('all') });
    expect(await dashboard.ping(2000)).toBe(true);
    expect((await dashboard.version()).ApiVersion).toBeTruthy();
    const { Swarm } = await dashboard.info();
    const nodes = await dashboard.nodes();
    expect(nodes).toHaveLength(5);
    expect((await dashboard.services()).length).toBeGreaterThan(0);
    expect((await dashboard.upToDateTasks())?.length).toBeGreaterThan(0);
    expect(await dashboard.joinCommand()).toMatch(/^docker swarm join --token SWMTKN-/);

    const [goweb] = await dashboard.services();
    const target = { kind: 'service', id: goweb?.ID ?? '' } as const;
    const [line] = await readLog(dashboard, target);
    const task = { kind: 'task', id: line?.taskId ?? '' } as const;
    expect(await dashboard.inspectTask(task.id)).toMatchObject({ ID: task.id });
    expect(await readLog(dashboard, task, line?.time)).not.toEqual([]);

    const seen: string[] = [];
    const ends = new AbortController();
    const events = dashboard.events(ends.signal, ({ Type }) => seen.push(Type));
    let replicas = 3;
    // Repeated, because nothing signals that the stream has started.
    const scaled = async () => {
      replicas += 1;
      expect(await dashboard.scale('goweb', replicas)).toMatchObject({ to: replicas });
      expect(seen).toContain('service');
    };
    await vi.waitFor(scaled, { timeout: 5000, interval: 100 });
    ends.abort();
    await events;

    expect(await dashboard.distribution('carmeloc/goweb:1.0')).toMatchObject({ state: 'found' });
    const { body } = await engine.client.call('GET', '/networks');
    const networks = body as { Id: string; Name: string }[];
    const ingress = networks.find(({ Name }) => Name === 'ingress');
    expect(await dashboard.networkName(ingress?.Id ?? '')).toBe('ingress');
    expect(await dashboard.networkName('nosuch')).toBeNull();
    const name = 'proxied';
    const TaskTemplate = { ContainerSpec: { Image: 'carmeloc/goweb:1.0' } };
    const Mode = { Replicated: { Replicas: 0 } };
    await dashboard.createService({ Name: name, TaskTemplate, Mode });
    await dashboard.changeService(name, (spec) => ({ ...spec, Labels: { a: 'b' } }));
    await dashboard.restartService(name);
    await dashboard.rollbackService(name);
    await dashboard.removeService(name);
    await dashboard.rotateJoinToken('worker');
    const zero4 = nodes.find(({ Description }) => Description?.Hostname === 'zero4')?.ID ?? '';
    await dashboard.changeNode(zero4, (spec) => ({ ...spec, Labels: { a: 'b' } }));
    // The engine's own refusal, so it has passed the proxy.
    await expect(dashboard.removeNode(zero4)).rejects.toMatchObject({
      message: expect.stringContaining("is not down and can't be removed"),
    });

    const other = nodes.find(({ ID }) => ID !== Swarm.NodeID)?.ID ?? '';
    expect(await dashboard.setAvailability(other, 'drain')).toMatchObject({ to: 'drain' });
    expect(await dashboard.setAvailability(other, 'active')).toMatchObject({ to: 'active' });

    const container = await vi.waitFor(
      async () => {
        const here = (await dashboard.tasks()).find(
          (task) => task.NodeID === Swarm.NodeID && task.Status.State === 'running',
        );
        const id = here?.Status.ContainerStatus?.ContainerID;
        if (!id) throw new Error('no task runs here yet');
        return id;
      },
      { timeout: 10_000, interval: 100 },
    );
    await expect(dashboard.killContainer(container)).resolves.toBeUndefined();
  });

  test('closes the event stream at the engine when the dashboard closes it', async () => {
    const socketPath = await proxied('leaving');
    // More than the proxy's limit of connections.
    for (let i = 0; i < 300; i++) {
      const socket = connect(socketPath);
      socket.write(raw('GET', '/events'));
      await once(socket, 'data');
      socket.destroy();
    }
    expect(await statusOf(socketPath, raw('GET', '/info'))).toBe(200);
  }, 30_000);

  const id = 'a'.repeat(25);
  const LOG_QUERY = 'stdout=1&stderr=1&timestamps=1&details=1&follow=0&tail=all';
  const mountsRoot = JSON.stringify({
    Image: 'x',
    HostConfig: { Binds: ['/:/host'], Privileged: true },
  });
  test.each<[method: string, target: string, body?: string, headers?: string[]]>([
    ['POST', '/services/create?x=1', '{"Name":"x"}'],
    ['DELETE', `/services/goweb`],
    ['DELETE', `/services/${id}?force=1`],
    ['PUT', `/services/${id}`],
    ['DELETE', `/services/${id}/update`],
    ['DELETE', `/secrets/${id}`],
    ['DELETE', `/containers/${'a'.repeat(64)}`],
    ['POST', '/secrets/create', '{"Name":"x"}'],
    ['POST', '/configs/create', '{"Name":"x"}'],
    ['GET', '/distribution/../secrets/json'],
    ['GET', '/distribution/a/../../secrets/x/json'],
    ['GET', '/distribution/a/./json/json'],
    ['GET', '/distribution/x/json?y=1'],
    ['GET', '/distribution/x'],
    ['POST', '/distribution/x/json', '{}'],
    ['POST', '/containers/create', mountsRoot],
    ['GET', '/containers/json'],
    ['GET', `/containers/${'a'.repeat(64)}/json`],
    ['GET', `/containers/${'a'.repeat(64)}/archive?path=/`],
    ['POST', `/containers/${'a'.repeat(64)}/exec`, '{"Cmd":["sh"]}'],
    ['POST', `/containers/${'a'.repeat(64)}/kill?signal=0`],
    ['POST', `/containers/..%2f..%2fsecrets/kill`],
    ['POST', `/exec/${'a'.repeat(64)}/start`, '{}'],
    ['GET', '/images/json'],
    ['POST', '/images/create?fromImage=x'],
    ['POST', '/build'],
    ['GET', '/secrets'],
    ['GET', '/configs'],
    ['GET', '/volumes'],
    ['GET', '/networks'],
    ['GET', `/networks/${id}?verbose=true`],
    ['DELETE', `/networks/${id}`],
    ['GET', '/networks/ingress'],
    ['GET', '/plugins'],
    ['POST', '/swarm/update?version=1', '{}'],
    ['POST', '/swarm/leave?force=1'],
    ['GET', '/swarm/unlockkey'],
    ['DELETE', `/nodes/${id}?force=1`],
    ['DELETE', '/nodes/zero1'],
    ['POST', '/swarm/update?version=1&rotateManagerUnlockKey=true', '{}'],
    ['POST', '/swarm/update?version=1&rotateWorkerToken=false', '{}'],
    ['GET', `/services/${id}/logs?stdout=1`],
    ['GET', `/services/${id}/logs?${LOG_QUERY}&until=1`],
    ['GET', `/services/goweb/logs?${LOG_QUERY}`],
    ['GET', `/containers/${'a'.repeat(64)}/logs?${LOG_QUERY}`],
    ['GET', '/system/df'],
    ['POST', '/session', '', ['Upgrade: h2c']],
    ['GET', '/info', '', ['Connection: upgrade', 'Upgrade: tcp']],
    // Attempts to bypass the list of paths.
    ['GET', '/v1.43/secrets'],
    ['GET', '/v1.43/info'],
    ['GET', '//secrets'],
    ['GET', '//info'],
    ['GET', '/info/'],
    ['GET', '/INFO'],
    ['GET', '/nodes/../secrets'],
    ['GET', '/nodes/%2e%2e/secrets'],
    ['GET', '/nodes/%2e%2e%2fsecrets'],
    ['GET', '/nodes/..'],
    ['GET', '/services/x%2Flogs'],
    ['GET', '/nodes;/../secrets'],
    ['GET', '/info?x=/../../secrets'],
    ['GET', '/services?status=true'],
    ['GET', '/services/x?insertDefaults=1'],
    ['GET', `http://docker/secrets`],
    ['get', '/info'],
    ['PUT', '/info'],
    ['OPTIONS', '/info'],
    ['POST', '/info'],
    ['GET', `/services/${id}/update?version=1`],
    ['POST', `/services/${id}/update`, '{}'],
    ['POST', `/services/${id}/update?version=1&rollback=none`, '{}'],
    ['POST', `/services/${id}/update?version=1&registryAuthFrom=previous-spec`, '{}'],
    ['POST', `/services/goweb/update?version=1`, '{}'],
    ['POST', `/services/${id}/update/?version=1`, '{}'],
    ['POST', `/services/${id}/update%3Fversion=1`, '{}'],
  ])('rejects %s %s', async (method, target, body, headers) => {
    const socketPath = engine.socketPath.replace('demo.sock', 'all.sock');
    expect(await statusOf(socketPath, raw(method, target, body, headers))).toBe(403);
  });

  test('checks a pipelined second request like the first', async () => {
    const socketPath = engine.socketPath.replace('demo.sock', 'all.sock');
    const two = raw('GET', '/_ping').replace('Connection: close\r\n', '') + raw('GET', '/secrets');
    const socket = connect(socketPath);
    socket.write(two);
    const answers = await text(socket);
    expect([...answers.matchAll(/HTTP\/1\.1 (\d+)/g)].map(([, status]) => status)).toEqual([
      '200',
      '403',
    ]);
    // Two lengths for one body.
    const smuggled = raw('POST', `/services/${id}/update?version=1`, '{}', [
      'Transfer-Encoding: chunked',
    ]);
    expect([400, 403, 404]).toContain(
      await statusOf(socketPath, smuggled + raw('GET', '/secrets')),
    );
  });

  test.each([
    ['ALLOW_SCALE', (dashboard: ReturnType<typeof dockerEngine>) => dashboard.scale('goweb', 7)],
    [
      'ALLOW_DRILL',
      async (dashboard) => {
        const [node] = await dashboard.nodes();
        return dashboard.setAvailability(node?.ID ?? '', 'drain');
      },
    ],
    ['ALLOW_JOIN', (dashboard) => dashboard.joinCommand()],
    ['ALLOW_SERVICES', (dashboard) => dashboard.createService({ Name: 'x' })],
    ['ALLOW_SERVICES', (dashboard) => dashboard.removeService('goweb')],
    ['ALLOW_SCALE', (dashboard) => dashboard.restartService('goweb')],
    [
      'ALLOW_DRILL',
      (dashboard) => dashboard.changeNode('zero1', (spec) => ({ ...spec, Labels: { x: 'y' } })),
    ],
    ['ALLOW_NODES', (dashboard) => dashboard.removeNode('zero1')],
    ['ALLOW_NODES', (dashboard) => dashboard.rotateJoinToken('worker')],
  ] as [string, (dashboard: ReturnType<typeof dockerEngine>) => Promise<unknown>][])(
    'without %s it rejects that change with a reason and passes the rest',
    async (permission, act) => {
      const socketPath = await proxied(permission, { [permission]: '0' });
      const dashboard = dockerEngine({ kind: 'unix', socketPath });
      await expect(act(dashboard)).rejects.toMatchObject({
        kind: 'engine-refused',
        message: expect.stringContaining(`it needs ${permission}.`),
        refused: { switches: [permission] },
      });
      expect(await dashboard.nodes()).toHaveLength(5);
    },
  );

  test('without ALLOW_LOGS it rejects logs with a reason and passes the rest', async () => {
    const socketPath = await proxied('no-logs', { ALLOW_LOGS: '0' });
    const dashboard = dockerEngine({ kind: 'unix', socketPath });
    const [goweb] = await dashboard.services();
    const log = readLog(dashboard, { kind: 'service', id: goweb?.ID ?? '' });
    await expect(log).rejects.toMatchObject({
      kind: 'engine-refused',
      message: 'A proxy in front of the engine refuses logs: it needs ALLOW_LOGS.',
    });
  });

  const GROUPS = [...READ_SWITCHES, 'POST', 'CONTAINERS', 'SWARM'] as const;

  /** Starts a proxy that has a switch for each group of paths, with these off. */
  const switched = (name: string, off: readonly string[]) => {
    const allow = GROUPS.map((group) => [group, off.includes(group) ? '0' : '1']);
    return proxied(name, Object.fromEntries(allow), 'tests/fixtures/socket-proxy.cfg');
  };

  test.each(READ_SWITCHES)('a proxy without %s: the rest is shown', async (off) => {
    const dashboard = dockerEngine({
      kind: 'unix',
      socketPath: await switched(`no-${off}`, [off]),
    });
    const feed = new Feed(dashboard, { hat: ['ctrl', 'zero1'], echoService: 'goweb' });
    const leave = feed.subscribe(() => {});
    onTestFinished(leave);
    const view = await vi.waitFor(
      () => {
        const { view } = feed.current();
        expect(view?.refused.reads).toEqual([off]);
        return view;
      },
      { timeout: 10_000 },
    );
    expect(feed.status().error).toBeNull();
    expect(view?.notices).toMatchObject([{ id: `refused:${off}` }]);
  });

  test('a proxy without POST, CONTAINERS and SWARM: each change names its switch', async () => {
    const off = ['POST', 'CONTAINERS', 'SWARM'];
    const socketPath = await switched('no-changes', off);
    const changes = new ChangeRefusals();
    const dashboard = changes.watch(dockerEngine({ kind: 'unix', socketPath }));
    const { Swarm } = await dashboard.info();
    const rejected = (change: string, ...switches: string[]) => ({
      kind: 'engine-refused',
      refused: { change, switches },
    });
    await expect(dashboard.scale('goweb', 9)).rejects.toMatchObject(rejected('scale', 'POST'));
    await expect(dashboard.setAvailability(Swarm.NodeID, 'pause')).rejects.toMatchObject(
      rejected('drain', 'POST'),
    );
    await expect(dashboard.killContainer('0123456789ab')).rejects.toMatchObject(
      rejected('kill', 'CONTAINERS', 'POST'),
    );
    await expect(dashboard.joinCommand()).rejects.toMatchObject(rejected('join', 'SWARM'));
    expect([...changes.current().keys()].sort()).toEqual(CHANGES.toSorted());
  });

  test('a proxy that allows nothing but its defaults: the switches that are missing', async () => {
    const off = GROUPS.filter((group) => !['EVENTS', 'PING', 'VERSION'].includes(group));
    const socketPath = await switched('defaults', off);
    const address = { kind: 'unix' as const, socketPath };
    const feed = new Feed(dockerEngine(address), { hat: [], echoService: 'goweb' });
    await expect(feed.fresh()).rejects.toMatchObject({
      kind: 'engine-refused',
      message: expect.stringContaining('TASKS, SERVICES, NODES and INFO'),
    });
    expect(await probeEngine(address, 5000)).toMatchObject({
      state: 'broken',
      error: { kind: 'engine-refused' },
    });
  });

  test('a proxy without INFO: the command finds a manager behind it', async () => {
    const socketPath = await switched('no-info', ['INFO', 'NODES']);
    expect(await probeEngine({ kind: 'unix', socketPath }, 5000)).toEqual({
      state: 'manager',
      infoRefused: true,
    });
  });

  test('reports a stopped engine as a failure behind the proxy', async () => {
    const socketPath = await proxied('gone', { ENGINE_SOCKET: `${engine.socketPath}-nosuch` });
    await expect(dockerEngine({ kind: 'unix', socketPath }).nodes()).rejects.toMatchObject({
      kind: 'engine-error',
      message: expect.stringContaining('status 503'),
    });
    rmSync(socketPath, { force: true });
  });
});
