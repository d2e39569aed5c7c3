import { expect, test } from 'vitest';
import { runSchema } from '@/lib/curl/run-schemas';
import { startEngine } from './support/engine';
import { setTrap, swarmAt } from './support/hostile';
import { ask, post } from './support/raw';
import { sharedTarget, startServer } from './support/server';

/** The curl panel sends requests only to published ports of the swarm's services. */

const target = sharedTarget();
const RUN = { service: 'goweb', publishedPort: 8888, mode: 'once', timeout: 1 };

const ELSEWHERE = (trap: number): Record<string, unknown>[] => [
  ...[
    `127.0.0.1:${trap}`,
    'localhost',
    '127.0.0.1',
    'goweb@evil',
    'goweb:80',
    '../goweb',
    'goweb/../x',
    'http://evil',
    'goweb\r\nX: y',
    '__proto__',
    '*',
    '%67oweb',
  ].map((service) => ({ service })),
  ...[trap, 22, 2375, 2377, 80, 8080].map((publishedPort) => ({ publishedPort })),
  // Ports that the engine chose are none that a caller can name.
  { publishedPort: 0 },
  ...[trap, 22, 8080, 0, 70_000].map((targetPort) => ({ publishedPort: 0, targetPort })),
  { publishedPort: 0, targetPort: [trap] },
  { publishedPort: 8888, targetPort: trap },
  ...[
    `http://127.0.0.1:${trap}/`,
    `//127.0.0.1:${trap}/`,
    `@127.0.0.1:${trap}/`,
    `:${trap}/`,
    `\\\\127.0.0.1:${trap}\\`,
    '/ HTTP/1.1\r\nHost: evil\r\n\r\nGET /',
    '/\r\nX-Injected: yes',
    '/\nX-Injected: yes',
    '/\0',
    '/ü',
    '/\u2028',
    '/a b',
    '',
    '*',
    '/#x',
    `/${'x'.repeat(201)}`,
  ].map((path) => ({ path })),
  ...[
    '127.0.0.1',
    '::1',
    'localhost',
    '169.254.169.254',
    '0.0.0.0',
    '[::]',
    `127.0.0.1:${trap}`,
    '2130706433',
    '0x7f.1',
    'evil.example',
    'ctrl.evil.example',
    'ctrl@127.0.0.1',
    '__proto__',
    'ROTATE ',
    '../ctrl',
  ].map((entryNode) => ({ entryNode })),
];

test('sends nothing for a service, port, path or node outside of the swarm', async () => {
  const trap = await setTrap();
  const { port } = target();
  const passed: string[] = [];
  for (const over of ELSEWHERE(trap.port)) {
    const { status } = await post(port, '/api/runs', { ...RUN, ...over });
    if (![400, 404, 422].includes(status)) passed.push(`${JSON.stringify(over)}: ${status}`);
  }
  expect(passed).toEqual([]);
  expect(JSON.parse((await ask(port, '/api/runs')).body)).toEqual({ runs: [] });
  expect(trap.connections()).toBe(0);
});

/** Runs one request to the test's service; returns the ended run. */
async function runOn(server: { port: number }, path: string, published: number) {
  const { status, body } = await post(server.port, '/api/runs', {
    ...RUN,
    service: `hostile-${published}`,
    publishedPort: published,
    path,
  });
  expect(status, body).toBe(201);
  const { id } = runSchema.parse(JSON.parse(body));
  const get = async () =>
    runSchema.parse(JSON.parse((await ask(server.port, `/api/runs/${id}`)).body));
  await expect.poll(async () => (await get()).state, { timeout: 60_000 }).toBe('ended');
  return get();
}

test('sends any path to the service, with the service’s Host', async () => {
  const elsewhere = await setTrap();
  const service = await setTrap((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok'),
  );
  const server = await startServer({ dockerHost: await startEngine(swarmAt(service.port)) });
  const paths = [
    `/@127.0.0.1:${elsewhere.port}/`,
    `/http://127.0.0.1:${elsewhere.port}/`,
    '/..//../',
    '/%0d%0aX-Injected:%20yes',
    '/\\127.0.0.1',
    '/?url=http://evil.example/',
  ];
  for (const path of paths) await runOn(server, path, service.port);
  expect(service.connections()).toBe(paths.length);
  for (const path of paths) expect(service.text()).toContain(`GET ${path} HTTP/1.1\r\n`);
  expect(service.text()).not.toMatch(/^x-injected:|^cookie:|^authorization:/im);
  expect(service.text().match(/^host: .*$/gim)).toEqual(
    paths.map(() => expect.stringContaining(`127.0.0.1:${service.port}`)),
  );
  expect(elsewhere.connections()).toBe(0);
});

test('follows no redirect', async () => {
  const elsewhere = await setTrap();
  const redirects = await Promise.all(
    [301, 302, 303, 307, 308].map((status) =>
      setTrap((socket) =>
        socket.end(
          `HTTP/1.1 ${status} Moved\r\nLocation: http://127.0.0.1:${elsewhere.port}/\r\nContent-Length: 0\r\n\r\n`,
        ),
      ),
    ),
  );
  const ports = redirects.map(({ port }) => port);
  const server = await startServer({ dockerHost: await startEngine(swarmAt(...ports)) });
  for (const port of ports) {
    const run = await runOn(server, '/', port);
    expect(run.errors).toEqual({ '3xx': 1 });
  }
  expect(elsewhere.connections()).toBe(0);
});
