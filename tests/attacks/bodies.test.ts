import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { closeAll } from './support/flood';
import { ask, closedWithin, dial, post, requestText } from './support/raw';
import { changes } from './support/routes';
import { sharedTarget, startTarget } from './support/server';
import { SECRETS, signIn } from './support/sign-in';

/** Hostile bodies: too long, too deep, with keys of Object.prototype, with invalid numbers. */

const closed = sharedTarget({ env: SECRETS });
const open = sharedTarget();

const LENGTH = 100_000_000;
/** Bytes that the two kernels buffer for a connection, with a margin. */
const MOST_TAKEN = 20_000_000;
const BLOCK = Buffer.alloc(65_536, ' ');

/** The end of a head and the start of its body. */
const BEGINNINGS = [
  `Content-Length: ${LENGTH}\r\n\r\n`,
  `Transfer-Encoding: chunked\r\n\r\n${LENGTH.toString(16)}\r\n`,
];

/** Sends a body of 100 MB; returns how much was accepted before the server ended the connection, and the status. */
async function upload(
  port: number,
  method: string,
  path: string,
  beginning: string,
): Promise<{ taken: number; ended: boolean; status: number | null }> {
  const socket = await dial(port, '127.0.0.2');
  let text = '';
  socket.setEncoding('latin1').on('data', (chunk: string) => (text += chunk));
  let sent = 0;
  const more = () => {
    while (!socket.destroyed && sent < LENGTH) {
      sent += BLOCK.length;
      if (!socket.write(BLOCK)) return;
    }
  };
  socket.on('drain', more);
  const head = requestText(method, path, port, { 'Content-Type': 'application/json' });
  socket.write(head.slice(0, -2) + beginning);
  more();
  const ended = await closedWithin(socket, 5000);
  const taken = socket.bytesWritten - socket.writableLength;
  socket.destroy();
  const status = /^HTTP\/1\.1 (\d+)/.exec(text)?.[1];
  return { taken, ended, status: status === undefined ? null : Number(status) };
}

const PATHS: [method: string, path: string][] = [
  ...changes().map(({ method, path }): [string, string] => [method, path]),
  ['GET', '/'],
  ['GET', '/api/swarm'],
  ['POST', '/nowhere'],
  ['PUT', '/api/swarm'],
];

test.each(PATHS)('cuts off a body of 100 MB of %s %s', async (method, path) => {
  const tries = [closed(), open()].flatMap(({ port }) =>
    BEGINNINGS.map((beginning) => upload(port, method, path, beginning)),
  );
  for (const { taken, ended, status } of await Promise.all(tries)) {
    expect(ended).toBe(true);
    expect(taken).toBeLessThan(MOST_TAKEN);
    // A socket that is closed while sending may lose the answer.
    expect(status ?? 413).toBeGreaterThanOrEqual(400);
  }
});

test('cut-off bodies use no memory', async () => {
  for (const target of [closed(), open()]) {
    expect(target.alive()).toBe(true);
    expect(target.peakMemory()).toBeLessThan(200);
  }
});

// With one object for each read 40 connections once cost 70 MB, 580 of them 180 MB.
test.each([
  ['/api/services', 393_000],
  ['/api/session', 9000],
])('bodies of %s that come byte by byte use no memory', async (path, length) => {
  const target = await startTarget({ env: SECRETS });
  const { port } = target;
  const head = requestText('POST', path, port, {
    'Content-Type': 'application/json',
    'Content-Length': String(length),
  });
  const sockets = await Promise.all(
    Array.from({ length: 500 }, (_, n) => dial(port, `127.0.0.${10 + (n % 100)}`)),
  );
  for (const socket of sockets) {
    socket.setNoDelay().resume();
    socket.write(head);
  }
  // Until the server ends them, after 15 s.
  const until = performance.now() + 12_000;
  for (let sent = 1; sent < length && performance.now() < until; sent++) {
    for (const socket of sockets) if (socket.writable) socket.write('x');
    await nextTurn();
  }
  expect((await ask(port, '/healthz', { from: '127.0.0.3' })).status).toBe(200);
  await closeAll(sockets);
  expect(target.alive()).toBe(true);
  expect(target.peakMemory()).toBeLessThan(200);
});

test('bodies in chunks of one byte that wait behind another answer use no memory', async () => {
  const target = await startTarget({ env: SECRETS });
  const { port } = target;
  const live = requestText('GET', '/api/live', port);
  const chunked = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
  const head = requestText('POST', '/api/session', port, chunked);
  const sockets = await Promise.all(
    Array.from({ length: 400 }, (_, n) => dial(port, `127.0.0.${10 + (n % 100)}`)),
  );
  for (const socket of sockets) {
    socket.resume();
    // Less than may wait, and more, which ends the connection.
    socket.write(live + head + '1\r\nx\r\n'.repeat(9000));
    socket.write('1\r\nx\r\n'.repeat(9000));
  }
  await Promise.all(sockets.map((socket) => closedWithin(socket, 5000)));
  expect((await ask(port, '/healthz', { from: '127.0.0.3' })).status).toBe(200);
  await closeAll(sockets);
  expect(target.alive()).toBe(true);
  expect(target.peakMemory()).toBeLessThan(200);
});

const withBodies = changes().filter(({ body }) => body !== undefined);

/** Sends a body to every route that accepts one, with sufficient rights; returns the statuses. */
async function statusesOf(body: string | Buffer): Promise<string[]> {
  const { port } = open();
  const statuses: string[] = [];
  for (const { method, path } of withBodies) {
    const headers = { 'content-type': 'application/json' };
    const { status } = await ask(port, path, { method, body, headers });
    statuses.push(`${method} ${path} ${status}`);
  }
  return statuses;
}

const WRONG: Record<string, string | Buffer> = {
  '100,000 arrays in each other': '['.repeat(100_000),
  '100,000 arrays, closed': '['.repeat(100_000) + ']'.repeat(100_000),
  '4,000 arrays, closed': '['.repeat(4000) + ']'.repeat(4000),
  '1,600 objects, closed': '{"a":'.repeat(1600) + '1' + '}'.repeat(1600),
  'a key 1,000 times': `{${'"replicas":1,'.repeat(700)}"replicas":1e999}`,
  __proto__:
    '{"__proto__":{"replicas":1,"password":"x","service":"goweb","publishedPort":80,"path":"/reset","body":{},"kind":"drain","node":"x"}}',
  constructor: '{"constructor":{"prototype":{"replicas":1}}}',
  'an array': '[]',
  'a string': '"replicas"',
  null: 'null',
  'a number': '1',
  nothing: '',
  'not UTF-8': Buffer.from('{"replicas":"\xff\xfe"}', 'latin1'),
  'a byte order mark': '\ufeff{"replicas":1}',
  'half of it': '{"replicas":',
  'a lone surrogate': '{"replicas":"\\ud800"}',
};

const LONG = 393_000;
const listOf = (part: string) => part.repeat(Math.floor(LONG / part.length)).slice(0, -1);

/** As long as a form may be. */
const LONG_FORMS: Record<string, string> = {
  'arrays in each other': '['.repeat(LONG / 2) + ']'.repeat(LONG / 2),
  'objects in each other': `${'{"a":'.repeat(LONG / 6)}1${'}'.repeat(LONG / 6)}`,
  'a list of numbers': `{"name":"a","image":"b","args":[${listOf('1,')}]}`,
  'a list of texts': `{"name":"a","image":"b","constraints":[${listOf('"",')}]}`,
  'a list of ports': `{"ports":{"remove":[${listOf('{},')}]}}`,
  'names without end': `{"env":{${Array.from({ length: 30_000 }, (_, n) => `"${n}":1`).join()}}}`,
  'a long name': `{"${'x'.repeat(LONG)}":1}`,
  'a long value': `{"image":"${'a.'.repeat(LONG / 2)}"}`,
};

test.each(Object.entries(LONG_FORMS))('rejects a form of %s at once', async (_, body) => {
  const { port } = open();
  for (const [method, path] of [
    ['POST', '/api/services'],
    ['PATCH', '/api/services/goweb'],
    ['PATCH', '/api/nodes/zero1'],
  ] as const) {
    const sent = { method, body, headers: { 'content-type': 'application/json' } };
    const answers = await Promise.all(Array.from({ length: 8 }, () => ask(port, path, sent)));
    for (const answer of answers) {
      expect(answer.status).toBe(400);
      expect(answer.body.length).toBeLessThan(10_000);
    }
  }
  expect(open().peakMemory()).toBeLessThan(200);
});

test('a long value has its message at its field', async () => {
  const env = { A: 'x'.repeat(20_000) };
  const { status, body } = await post(open().port, '/api/services', { name: 'a', image: 'b', env });
  expect(status).toBe(400);
  expect(JSON.parse(body)).toMatchObject({
    errors: [{ field: 'env.A', message: 'A value has at most 4096 characters.' }],
  });
});

test.each(Object.entries(WRONG))('rejects %s as a bad request', async (_, body) => {
  for (const status of await statusesOf(body)) expect(status).toMatch(/ (400|403|413)$/);
});

const NUMBERS = [
  '-1',
  '-0.5',
  '1.5',
  '101',
  '1e3',
  '1e400',
  '9007199254740993',
  '1' + '0'.repeat(5000),
  '"3"',
  'true',
  '[3]',
  '{"valueOf":3}',
  'null',
];

test.each(NUMBERS)('rejects a scale to %s', async (replicas) => {
  const { status } = await ask(open().port, '/api/services/goweb/scale', {
    method: 'POST',
    body: `{"replicas":${replicas}}`,
    headers: { 'content-type': 'application/json' },
  });
  expect(status).toBe(400);
});

const RUN = { service: 'goweb', publishedPort: 8888, mode: 'once' };

test.each([
  { rate: 101 },
  { rate: 1e9 },
  { seconds: 301 },
  { seconds: -1 },
  { burst: 6001 },
  { burst: Number.MAX_SAFE_INTEGER },
  { inFlight: 17 },
  { timeout: 0 },
  { timeout: 1e300 },
  { publishedPort: 65_536 },
  { publishedPort: -8888 },
  { publishedPort: '8888' },
  { publishedPort: 8888.5 },
  { method: 'DELETE' },
  { method: 'CONNECT' },
  { headers: { host: 'evil' } },
  { url: 'http://evil.example' },
])('rejects a run with %j', async (over) => {
  const { status } = await post(open().port, '/api/runs', { ...RUN, ...over });
  expect(status).toBe(400);
});

test('keys of a body do not change prototypes', async () => {
  const { port } = open();
  const polluted =
    '{"path":"/node","body":{"__proto__":{"polluted":"yes"},"constructor":{"prototype":{"polluted":"yes"}},"node":"zero1","power":true}}';
  await ask(port, '/api/demo', {
    method: 'POST',
    body: polluted,
    headers: { 'content-type': 'application/json' },
  });
  await ask(port, '/api/timeline?__proto__[polluted]=yes&constructor.prototype.polluted=yes&at=1');
  for (const path of ['/api/demo', '/api/swarm', '/api/runs', '/']) {
    expect((await ask(port, path)).body).not.toContain('polluted');
  }
});

test('treats passwords of any length and kind as wrong', async () => {
  const { port } = closed();
  for (const [n, password] of [
    '',
    ' ',
    'x'.repeat(1000),
    '\0',
    '__proto__',
    '💥'.repeat(200),
  ].entries()) {
    const { status } = await post(
      port,
      '/api/session',
      { password },
      { from: `127.0.0.${30 + n}` },
    );
    expect([400, 401]).toContain(status);
  }
  for (const password of [null, 0, true, [], {}, ['x'], { length: 5 }]) {
    const { status } = await post(port, '/api/session', { password }, { from: '127.0.0.60' });
    expect(status).toBe(400);
  }
  await signIn(port, SECRETS.DASHBOARD_PASSWORD);
});
