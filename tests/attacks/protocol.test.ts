import { expect, test } from 'vitest';
import { closeAll, connections } from './support/flood';
import { ask, closedWithin, dial, exchange, requestText } from './support/raw';
import { sharedTarget, startTarget } from './support/server';

/** Requests that the page never sends are answered or ended at once, and leak nothing. */

const shared = sharedTarget();

const UPGRADE = {
  Connection: 'Upgrade',
  Upgrade: 'websocket',
  'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'Sec-WebSocket-Version': '13',
};

test.each(['/nowhere', '/', '/api/live', '/_next/webpack-hmr', '/healthz'])(
  'ends an upgrade of %s at once',
  async (path) => {
    const { port } = shared();
    const upgraded = await exchange(port, requestText('GET', path, port, UPGRADE), { ms: 1000 });
    expect(upgraded).toMatchObject({ ended: true });
    expect(upgraded.statuses).not.toContain(101);
  },
);

test('survives 1,100 upgrades with 1,024 descriptors', async () => {
  const target = await startTarget({ descriptors: 1024 });
  const before = target.sockets();
  const text = requestText('GET', '/nowhere', target.port, UPGRADE);
  const sockets = await connections(target.port, text, 1100);
  await Promise.all(sockets.map((socket) => closedWithin(socket, 20_000)));
  expect(target.alive(), target.output().slice(-500)).toBe(true);
  expect((await ask(target.port, '/', { from: '127.0.0.3', within: 20_000 })).status).toBe(200);
  expect(target.sockets()).toBeLessThanOrEqual(before + 2);
  await closeAll(sockets);
});

test('serves others while a client holds 1,100 connections, with 1,024 descriptors', async () => {
  const target = await startTarget({ descriptors: 1024 });
  const sockets = await connections(target.port, '', 1100);
  expect((await ask(target.port, '/', { from: '127.0.0.3', within: 20_000 })).status).toBe(200);
  await closeAll(sockets);
  expect(target.alive(), target.output().slice(-500)).toBe(true);
});

test.each(['/', '/api/swarm', '/api/live'])('TRACE %s is 405', async (path) => {
  const { port } = shared();
  const answer = await exchange(
    port,
    requestText('TRACE', path, port, { Cookie: 'canary', Connection: 'close' }),
  );
  expect(answer.statuses).toEqual([405]);
  expect(answer.text).toMatch(/^allow: /im);
  expect(answer.text).not.toContain('canary');
});

test('OPTIONS * is answered', async () => {
  const { port } = shared();
  const answer = await exchange(port, requestText('OPTIONS', '*', port, { Connection: 'close' }));
  expect(answer.statuses).toHaveLength(1);
  expect(answer.statuses[0]).toBeLessThan(500);
  expect(answer.ended).toBe(true);
  expect(answer.text).not.toMatch(/access-control/i);
});

test('CONNECT opens no tunnel', async () => {
  const { port } = shared();
  for (const authority of [`127.0.0.1:${port}`, '127.0.0.1:22', 'example.org:443']) {
    const answer = await exchange(port, requestText('CONNECT', authority, port));
    expect(answer.ended).toBe(true);
    expect(answer.text).not.toMatch(/HTTP\/1\.1 2/);
  }
});

/** Errors of a client, accidental or not. */
const WRONG: [what: string, bytes: (port: number) => string][] = [
  ['no HTTP at all', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'],
  ['no Host', () => 'GET / HTTP/1.1\r\n\r\n'],
  ['two Hosts', (port) => `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nHost: evil\r\n\r\n`],
  ['an empty Host', () => 'GET / HTTP/1.1\r\nHost:\r\n\r\n'],
  ['a Host that is no name', () => 'GET / HTTP/1.1\r\nHost: [::1\r\n\r\n'],
  ['HTTP/0.9', () => 'GET /\r\n\r\n'],
  ['HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
  ['a version that is none', (port) => requestText('GET', '/', port).replace('1.1', '9.9')],
  ['a method that is none', (port) => requestText('G<T', '/', port)],
  ['a target that is no URL', (port) => requestText('GET', '//', port)],
  ['a target with a bad escape', (port) => requestText('GET', '/%E0%A4%A', port)],
  ['a bad escape in an id', (port) => requestText('GET', '/api/runs/%zz', port)],
  ['an absolute target', (port) => requestText('GET', 'http://[/api/swarm', port)],
  ['a header of 100 kB', (port) => requestText('GET', '/', port, { X: 'x'.repeat(100_000) })],
  ['a target of 100 kB', (port) => requestText('GET', `/${'x'.repeat(100_000)}`, port)],
  ['half a request', (port) => requestText('GET', '/', port).slice(0, -10)],
  ['half a body', (port) => requestText('POST', '/api/session', port, { 'Content-Length': '10' })],
  [
    'a body that is a lie',
    (port) =>
      `${requestText('POST', '/api/session', port, { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' })}zz\r\n`,
  ],
  ['an unknown Expect', (port) => requestText('POST', '/', port, { Expect: 'wonders' })],
  ['a server action', (port) => requestText('POST', '/', port, { 'Next-Action': 'a'.repeat(40) })],
  [
    'a state tree',
    (port) => requestText('GET', '/', port, { RSC: '1', 'Next-Router-State-Tree': '%' }),
  ],
  [
    'a middleware header',
    (port) => requestText('GET', '/', port, { 'x-middleware-subrequest': 'a:a:a' }),
  ],
  [
    'an origin that is none',
    (port) => requestText('POST', '/api/session', port, { Origin: '\x80' }),
  ],
  ['a cookie that is none', (port) => requestText('GET', '/', port, { Cookie: '%;=;;a==' })],
  ['a range', (port) => requestText('GET', '/', port, { Range: 'bytes=0-,0-,0-' })],
];

test('writes no stack trace to the log for a client’s error', async () => {
  const target = await startTarget();
  for (const [what, bytes] of WRONG) {
    const { text, statuses } = await exchange(target.port, bytes(target.port), { ms: 150 });
    expect(text, what).not.toMatch(/\n\s+at .+:\d+:\d+/);
    for (const status of statuses) expect(status, what).toBeLessThan(500);
    const socket = await dial(target.port, '127.0.0.2');
    socket.write(bytes(target.port));
    socket.resetAndDestroy();
  }
  expect((await ask(target.port, '/')).status).toBe(200);
  expect(target.output()).not.toMatch(/\n\s+at .+:\d+/);
});
