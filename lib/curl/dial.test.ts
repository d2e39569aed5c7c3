import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dial, dialAddress, MAX_ENTRIES, portsAt, urlOf, type EngineHost } from './dial';
import type { FullRunRequest } from './run';
import type { NodeView, ServiceView } from '@/lib/swarm/view';
import { aRequest } from '@/tests/factories/curl';
import { aNode, aService, aTask, aView } from '@/tests/factories/view';
import { pathSchema, runRequestSchema } from './run-schemas';

function why(dialled: ReturnType<typeof dial>) {
  return dialled.ok ? null : dialled.why.kind;
}

test('dials the node’s address in the view', () => {
  const dialled = dial(aView(), aRequest());
  expect(dialled).toEqual({
    ok: true,
    target: {
      serviceId: 'id-goweb',
      serviceName: 'goweb',
      echo: true,
      entries: [
        {
          nodeId: 'id-ctrl',
          name: 'ctrl',
          address: '172.19.181.254',
          otherAddresses: [],
          fallbackAddresses: [],
          url: 'http://172.19.181.254:8888/Hello!',
        },
      ],
      laterEntries: [],
      publishMode: 'ingress',
      port: 8888,
      targetPort: 8080,
      path: '/Hello!',
    },
  });
});

test('enters at the engine’s own node by default', () => {
  const nodes = [aNode({ name: 'zero1' }), aNode({ name: 'ctrl' })];
  const request = runRequestSchema.parse({ service: 'goweb', publishedPort: 8888 });
  expect(dial(aView({ nodes }), request)).toMatchObject({
    ok: true,
    target: { entries: [{ name: 'ctrl' }] },
  });
});

test('without any node that is known, says what a proxy has to allow', () => {
  const nodes = [aNode({ name: '0123456789ab', here: false, listed: false, address: null })];
  const request = runRequestSchema.parse({ service: 'goweb', publishedPort: 8888 });
  expect(dial(aView({ nodes }), request)).toMatchObject({
    ok: false,
    why: { kind: 'not-dialable', next: expect.stringContaining('NODES or INFO') },
  });
});

describe('rotating', () => {
  const names = (dialled: ReturnType<typeof dial>) =>
    dialled.ok ? dialled.target.entries.map((entry) => entry.name) : dialled.why.kind;
  const rotate = aRequest({ entryNode: 'rotate' });

  test('enters at every ready node with an address, drained or not', () => {
    const nodes = [
      aNode({ name: 'ctrl' }),
      aNode({ name: 'zero1', availability: 'drain' }),
      aNode({ name: 'zero2', state: 'down' }),
      aNode({ name: 'zero3', address: null }),
      aNode({ name: 'zero4' }),
    ];
    expect(names(dial(aView({ nodes }), rotate))).toEqual(['ctrl', 'zero1', 'zero4']);
  });

  test('enters with a host-mode port only where a task runs', () => {
    const ports = [{ published: 8888, target: 8080, protocol: 'tcp', mode: 'host' as const }];
    const view = aView({ services: [aService({ ports })], tasks: [aTask({ slot: 1 })] });
    expect(names(dial(view, rotate))).toEqual(['zero1']);
    // The nodes are still ready.
    expect(dial({ ...view, tasks: [] }, rotate)).toMatchObject({
      why: {
        detail: expect.stringMatching(
          /^goweb can be entered at the nodes of its running tasks only/,
        ),
      },
    });
  });

  test('does not point to the routing mesh in host mode', () => {
    const nodes = [aNode({ name: 'zero1', state: 'down' })];
    const ports = [{ published: 8888, target: 8080, protocol: 'tcp', mode: 'host' as const }];
    const next = (services: ServiceView[]) => {
      const dialled = dial(aView({ nodes, services }), aRequest({ entryNode: 'zero1' }));
      return dialled.ok ? null : dialled.why.next;
    };
    expect(next([aService()])).toMatch(/routing mesh/);
    expect(next([aService({ ports })])).not.toMatch(/mesh/);
  });

  test('is refused without an entry node', () => {
    expect(names(dial(aView({ nodes: [] }), rotate))).toBe('not-dialable');
  });

  test('has a maximum of entry nodes', () => {
    const nodes = Array.from({ length: 500 }, (_, i) =>
      aNode({ name: `n${i}`, address: '10.0.0.1' }),
    );
    expect(names(dial(aView({ nodes }), rotate))).toHaveLength(MAX_ENTRIES);
  });
});

test('accepts ids and names', () => {
  expect(dial(aView(), aRequest({ service: 'id-goweb', entryNode: 'id-zero1' }))).toMatchObject({
    ok: true,
    target: { serviceName: 'goweb', entries: [{ name: 'zero1', address: '172.19.181.1' }] },
  });
});

describe('does not dial', () => {
  test.each([
    ['a service that is not there', { service: 'nosuch' }, 'not-found'],
    ['a node that is not there', { entryNode: 'zero9' }, 'not-found'],
    ['an address instead of a node', { entryNode: '172.19.181.254' }, 'not-found'],
    ['a host and port instead of a service', { service: 'example.org:80' }, 'not-found'],
    ['a URL instead of a service', { service: 'http://172.19.181.254:8888/' }, 'not-found'],
    ['a port that is not published', { publishedPort: 2375 }, 'not-dialable'],
    ['the target port behind the published one', { publishedPort: 8080 }, 'not-dialable'],
    ['a path that names another machine', { path: '//evil/' }, 'bad-request'],
    ['a path with a line break', { path: '/a\r\nHost: evil' }, 'bad-request'],
  ])('%s', (_name, over, kind) => {
    expect(why(dial(aView(), aRequest(over)))).toBe(kind);
  });

  test('a service without the label', () => {
    const view = aView({ services: [aService({ curl: false, echo: false })] });
    expect(why(dial(view, aRequest()))).toBe('not-dialable');
  });

  test('a port published for UDP only', () => {
    const ports = [{ published: 8888, target: 53, protocol: 'udp', mode: 'ingress' as const }];
    const view = aView({ services: [aService({ ports })] });
    expect(why(dial(view, aRequest()))).toBe('not-dialable');
  });

  test('a node that is down', () => {
    const view = aView({ nodes: [aNode({ name: 'ctrl', state: 'down' })] });
    expect(why(dial(view, aRequest()))).toBe('not-dialable');
  });

  test.each([
    null,
    '',
    '0.0.0.0',
    '::',
    'ctrl.local',
    '172.19.181.254:80',
    '1.2.3.4@evil',
    '[::1]',
  ])('a node at %o', (address) => {
    const view = aView({ nodes: [aNode({ name: 'ctrl', address })] });
    expect(why(dial(view, aRequest()))).toBe('not-dialable');
  });
});

describe('a port in host mode', () => {
  const service = aService({
    ports: [{ published: 8888, target: 8080, protocol: 'tcp', mode: 'host' }],
  });

  test('is dialled on a node with a running task', () => {
    const view = aView({ services: [service], tasks: [aTask({ slot: 1, nodeId: 'id-zero1' })] });
    expect(dial(view, aRequest({ entryNode: 'zero1' })).ok).toBe(true);
  });

  test('is not dialled elsewhere, nor where the task has ended', () => {
    const tasks = [
      aTask({ slot: 1, nodeId: 'id-zero1' }),
      aTask({ slot: 2, nodeId: 'id-ctrl', state: 'shutdown' }),
    ];
    const view = aView({ services: [service], tasks });
    expect(why(dial(view, aRequest({ entryNode: 'ctrl' })))).toBe('not-dialable');
  });

  test('is dialled by the routing mesh when both publish it', () => {
    const ports = [
      { published: 8888, target: 8080, protocol: 'tcp', mode: 'host' as const },
      { published: 8888, target: 8080, protocol: 'tcp', mode: 'ingress' as const },
    ];
    expect(dial(aView({ services: [aService({ ports })], tasks: [] }), aRequest()).ok).toBe(true);
  });
});

describe('ports in host mode that the engine chooses', () => {
  const chosen = { published: null, target: 8080, protocol: 'tcp', mode: 'host' as const };
  const fixed = { published: 9000, target: 8080, protocol: 'tcp', mode: 'host' as const };
  const ingress = { published: 8888, target: 8080, protocol: 'tcp', mode: 'ingress' as const };
  const port = (published: number, target = 8080, protocol = 'tcp') => ({
    published,
    target,
    protocol,
  });
  const task = (slot: number, node: string, ...hostPorts: ReturnType<typeof port>[]) =>
    aTask({ slot, nodeId: `id-${node}`, hostPorts });
  const tasks = [
    task(1, 'zero1', port(53, 8080, 'udp'), port(9000), port(32_768), port(32_768)),
    task(2, 'zero1', port(9000), port(32_769)),
    task(3, 'zero2', port(40_000, 9090), port(32_768)),
    task(4, 'zero3'),
    aTask({ slot: 5, nodeId: 'id-zero4', state: 'failed', hostPorts: [port(32_768)] }),
  ];
  const view = (...ports: (typeof chosen | typeof fixed | typeof ingress)[]) =>
    aView({ services: [aService({ ports })], tasks });
  const request = (over: Partial<FullRunRequest> = {}) =>
    aRequest({ publishedPort: 0, entryNode: 'rotate', ...over });
  const targetOf = (...args: Parameters<typeof dial>) => {
    const dialled = dial(...args);
    if (!dialled.ok) throw new Error(dialled.why.detail);
    return dialled.target;
  };

  test('are dialled on the nodes whose tasks have one', () => {
    const target = targetOf(view(ingress, fixed, chosen), request());
    expect(target.entries.map(({ url }) => url)).toEqual([
      'http://172.19.181.1:32768/Hello!',
      'http://172.19.181.2:32768/Hello!',
    ]);
    expect(target.laterEntries.map(({ name }) => name)).toEqual(['ctrl', 'zero3', 'zero4']);
    expect(target).toMatchObject({ port: 0, targetPort: 8080, publishMode: 'host' });
    const ports = (name: string) => portsAt(view(ingress, fixed, chosen), target, `id-${name}`);
    expect(ports('zero1')).toEqual([32_768, 32_769]);
    expect(ports('zero3')).toEqual([]);
    expect(ports('zero4')).toEqual([]);
  });

  test('enter where a task runs when no entry node is given', () => {
    const { entryNode: _any, ...without } = request();
    expect(targetOf(view(chosen), without).entries).toMatchObject([{ name: 'zero1' }]);
  });

  test('beside an ingress port leave that as it is', () => {
    const target = targetOf(view(ingress, chosen), aRequest());
    expect(target).toMatchObject({ port: 8888, publishMode: 'ingress' });
    expect(portsAt(view(ingress, chosen), target, 'id-ctrl')).toEqual([8888]);
  });

  test.each([
    ['a port that the engine chose, by its number', { publishedPort: 32_768 }],
    ['another port of the container', { targetPort: 9090 }],
    ['a node without a task', { entryNode: 'ctrl' }],
    ['a node whose task has no port yet', { entryNode: 'zero3' }],
    ['a node whose task has ended', { entryNode: 'zero4' }],
  ])('are not dialled for %s', (_name, over) => {
    expect(why(dial(view(fixed, chosen), request(over)))).toBe('not-dialable');
  });

  test('are not used for a service with fixed ports', () => {
    expect(why(dial(view(ingress, fixed), request()))).toBe('not-dialable');
    const open = { ...ingress, published: null };
    const services = [aService({ ports: [open] })];
    expect(why(dial(aView({ services }), request()))).toBe('not-dialable');
  });

  test('of several ports of the container are distinguished by the target port', () => {
    const both = view(chosen, { ...chosen, target: 9090 });
    expect(dial(both, request())).toMatchObject({
      ok: false,
      why: { kind: 'bad-request', next: 'Give one of them as targetPort: 8080, 9090.' },
    });
    const target = targetOf(both, request({ targetPort: 9090 }));
    expect(target.entries.map(({ url }) => url)).toEqual(['http://172.19.181.2:40000/Hello!']);
    expect(portsAt(both, target, 'id-zero1')).toEqual([]);
  });

  test('are never dialled unless the engine lists them for a running task of the service', () => {
    const anyTask = fc.record({
      serviceId: fc.constantFrom('id-goweb', 'id-admin'),
      nodeId: fc.constantFrom('id-ctrl', 'id-zero1', 'id-zero2', null),
      state: fc.constantFrom('running' as const, 'starting' as const, 'failed' as const),
      hostPorts: fc.array(
        fc.record({
          published: fc.integer({ min: 1, max: 65_535 }),
          target: fc.constantFrom(8080, 9090),
          protocol: fc.constantFrom('tcp', 'udp'),
        }),
        { maxLength: 3 },
      ),
    });
    fc.assert(
      fc.property(fc.array(anyTask, { maxLength: 8 }), (drawn) => {
        const tasks = drawn.map((over, slot) => aTask({ slot: slot + 1, ...over }));
        const swarm = { ...view(chosen), tasks };
        for (const nodeId of ['id-ctrl', 'id-zero1', 'id-zero2']) {
          const target = { serviceId: 'id-goweb', port: 0, targetPort: 8080 };
          for (const published of portsAt(swarm, target, nodeId)) {
            const owner = drawn.find(
              (one) =>
                one.serviceId === 'id-goweb' &&
                one.nodeId === nodeId &&
                one.state === 'running' &&
                one.hostPorts.some(
                  (each) =>
                    each.published === published && each.target === 8080 && each.protocol === 'tcp',
                ),
            );
            expect(owner).toBeDefined();
          }
        }
      }),
    );
  });
});

describe('the addresses of an entry node', () => {
  const addressesAt = (node: Partial<NodeView>, host?: EngineHost) => {
    const nodes = [aNode({ name: 'ctrl', ...node })];
    const dialled = dial(aView({ nodes }), aRequest(), host);
    if (!dialled.ok) return dialled.why.kind;
    const [{ address, otherAddresses, fallbackAddresses }] = dialled.target.entries;
    return [address, otherAddresses, fallbackAddresses];
  };
  const laptop: EngineHost = {
    local: false,
    addresses: ['10.1.1.1', 'fd00::9'],
    apiPort: 2375,
  };

  test('are the engine’s in order, then those of DOCKER_HOST', () => {
    const node = { address: '192.168.65.3', otherAddresses: ['10.0.0.1', 'ctrl.local', '0.0.0.0'] };
    expect(addressesAt(node, laptop)).toEqual([
      '192.168.65.3',
      ['10.0.0.1'],
      ['10.1.1.1', 'fd00::9'],
    ]);
    expect(addressesAt({ ...node, here: false }, laptop)).toEqual([
      '192.168.65.3',
      ['10.0.0.1'],
      [],
    ]);
  });

  test('are those of DOCKER_HOST alone where the engine reports none that can be dialled', () => {
    expect(addressesAt({ address: null }, laptop)).toEqual([
      '10.1.1.1',
      ['fd00::9'],
      ['10.1.1.1', 'fd00::9'],
    ]);
    expect(addressesAt({ address: null, here: false }, laptop)).toBe('not-dialable');
  });

  test('are no loopback ones of an engine on another machine', () => {
    for (const address of ['127.0.0.1', '127.9.9.9', '::1', '::ffff:127.0.0.1']) {
      const remote = { local: false, addresses: [], apiPort: 2375 };
      expect(addressesAt({ address }, remote), address).toBe('not-dialable');
      expect(addressesAt({ address }), address).toEqual([address, [], []]);
    }
  });

  test('are numeric with any configuration', () => {
    const addresses = ['ctrl', '0.0.0.0', '224.0.0.1', '10.1.1.1@evil'];
    const host = { local: false, addresses, apiPort: null };
    expect(addressesAt({ address: null }, host)).toBe('not-dialable');
  });

  test('are not those of DOCKER_HOST at the port of the engine’s API', () => {
    const node = { address: '192.168.65.3' };
    expect(addressesAt(node, { ...laptop, apiPort: 8888 })).toEqual(['192.168.65.3', [], []]);
    expect(addressesAt({ address: null }, { ...laptop, apiPort: 8888 })).toBe('not-dialable');
  });
});

describe('two nodes of one name', () => {
  const old = aNode({ name: 'zero1', address: '172.19.181.9', id: 'old', state: 'down' });
  const young = aNode({ name: 'zero1', id: 'young' });

  test('prefers a reinstalled Zero over its old entry', () => {
    const dialled = dial(aView({ nodes: [old, young] }), aRequest({ entryNode: 'zero1' }));
    expect(dialled).toMatchObject({ ok: true, target: { entries: [{ nodeId: 'young' }] } });
  });

  test('are ambiguous when both are ready', () => {
    const view = aView({ nodes: [{ ...old, state: 'ready' }, young] });
    expect(why(dial(view, aRequest({ entryNode: 'zero1' })))).toBe('bad-request');
    expect(dial(view, aRequest({ entryNode: 'young' })).ok).toBe(true);
  });

  test('are reported as down when both are down', () => {
    const view = aView({ nodes: [old, { ...young, state: 'down' }] });
    expect(why(dial(view, aRequest({ entryNode: 'zero1' })))).toBe('not-dialable');
  });
});

test('puts IPv6 addresses in brackets', () => {
  expect(urlOf('fd00::5', 8888, '/Hello!')).toBe('http://[fd00::5]:8888/Hello!');
  expect(dialAddress('fd00::5')).toBe('fd00::5');
  expect(dialAddress('fe80::1%eth0')).toBeNull();
  expect(dialAddress('ff02::1')).toBeNull();
  expect(dialAddress('224.0.0.1')).toBeNull();
  expect(dialAddress('255.255.255.255')).toBeNull();
});

test('no path changes the request’s host', () => {
  const hostile = fc.string({
    unit: fc.constantFrom(
      '/',
      '\\',
      '@',
      ':',
      '.',
      '..',
      '?',
      '#',
      '%0d',
      '\r',
      '\n',
      'evil',
      '[',
      ' ',
      '\t',
    ),
  });
  fc.assert(
    fc.property(
      fc.oneof(hostile, fc.string()),
      fc.constantFrom('', '/', '/', '/', '/'),
      (tail, head) => {
        const path = pathSchema.safeParse(head + tail);
        fc.pre(path.success);
        expect(path.data).toMatch(/^\/[\x21-\x7e]*$/);
        expect(path.data.length).toBeLessThanOrEqual(200);
        for (const [address, host] of [
          ['10.0.0.1', '10.0.0.1:8888'],
          ['fd00::1', '[fd00::1]:8888'],
        ] as const) {
          const url = new URL(urlOf(address, 8888, path.data));
          expect(url.host).toBe(host);
          expect([url.username, url.password, url.hash]).toEqual(['', '', '']);
        }
      },
    ),
    { numRuns: 2000 },
  );
});

test.each([
  '//evil',
  '@evil',
  'http://evil/',
  '',
  'Hello',
  '/a b',
  '/a\r\nb',
  '/a#b',
  '/é',
  `/${'a'.repeat(200)}`,
])('rejects the path %j', (path) => expect(pathSchema.safeParse(path).success).toBe(false));

test.each(['/', '/Hello!', '/a//b', '/@evil', '/..', `/${'a'.repeat(199)}`])(
  'the path %j is taken',
  (path) => expect(pathSchema.safeParse(path).success).toBe(true),
);

test.each([
  { rate: 0 },
  { rate: -1 },
  { rate: 1e9 },
  { rate: NaN },
  { rate: 2.5 },
  { rate: '5' },
  { seconds: 0 },
  { seconds: 301 },
  { publishedPort: -1 },
  { publishedPort: 1.5 },
  { targetPort: 0 },
  { targetPort: 65536 },
  { publishedPort: 65536 },
  { service: '' },
  { entryNode: '' },
  { address: '10.0.0.1' },
  { method: 'POST' },
  { mode: 'flood' },
  { burst: 0 },
  { burst: 6001 },
  { inFlight: 0 },
  { inFlight: 17 },
  { timeout: 0 },
  { timeout: 6 },
  { connection: 'pool' },
  { keepGoing: 'yes' },
])('rejects a request with %o', (over) => {
  expect(runRequestSchema.safeParse({ ...aRequest(), ...over }).success).toBe(false);
});
