import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dial, dialAddress, MAX_ENTRIES, urlOf } from './dial';
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
          url: 'http://172.19.181.254:8888/Hello!',
        },
      ],
      port: 8888,
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

describe('two nodes of one name', () => {
  const old = aNode({ name: 'zero1', address: '172.19.181.9', id: 'old', state: 'down' });
  const young = aNode({ name: 'zero1', id: 'young' });

  test('prefers a Zero that was installed anew over its old entry', () => {
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
  { publishedPort: 0 },
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
