import { describe, expect, test, vi } from 'vitest';
import { ask, type Asked, type AskLimits, type Question } from './ask';
import { systemClock } from './clock';
import { LIMITS as RUNNER_LIMITS } from './runner';
import { FakeClock } from '@/tests/support/fake-clock';
import {
  BAD,
  closedPort,
  echo,
  listen,
  reply,
  response,
  until,
  type Manner,
} from '@/tests/support/listener';

const LIMITS: AskLimits = { ...RUNNER_LIMITS, connectMs: 2000, readMs: 2000 };

const at = (port: number, path = '/Hello!'): Question => ({
  address: '127.0.0.1',
  port,
  path,
  method: 'GET',
  agent: null,
});

/** Asks once; the outcome, and how many connections were made. */
function once(port: number, path?: string, limits = LIMITS): Promise<Asked & { made: number }> {
  return new Promise((resolve) => {
    let made = 0;
    ask(at(port, path), limits, systemClock, {
      connect: () => (made += 1),
      done: (asked) => resolve({ ...asked, made }),
    });
  });
}

test('an answer, with its times in order', async () => {
  const { port } = await listen(reply(echo('2f46e608caba')));
  const asked = await once(port);
  expect(asked).toMatchObject({ status: 200, error: null, truncated: false, made: 1 });
  expect(asked.body).toBe('This is 2f46e608caba running on linux/arm saying: Hello!\n');
  const { connectMs, firstByteMs, sentAt, endedAt } = asked;
  expect(connectMs).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(connectMs ?? NaN);
  expect(endedAt - sentAt).toBeGreaterThanOrEqual(firstByteMs ?? NaN);
});

test('sends the path as it is, and names no other host', async () => {
  let sent = '';
  const { port } = await listen((socket) => {
    socket.once('data', (data) => {
      sent = data.toString('latin1');
      socket.end(echo('a'));
    });
  });
  await once(port, '/../@evil?x=http://evil/');
  const [line, ...headers] = sent.toLowerCase().split('\r\n');
  expect(line).toBe('get /../@evil?x=http://evil/ http/1.1');
  expect(headers).toContain(`host: 127.0.0.1:${port}`);
  expect(headers).toContain('connection: close');
});

describe('counted under its kind', () => {
  const kinds: [string, Manner, Partial<Asked>][] = [
    [
      'redirecting',
      reply(response('301 Moved', '', ['Location: /'])),
      { error: '3xx', status: 301 },
    ],
    ['not found', reply(response('404 Not Found', 'no')), { error: '4xx', status: 404 }],
    ['broken', reply(response('503 Unavailable')), { error: '5xx', status: 503 }],
    ['a status of no class', reply(response('999 Odd')), { error: 'bad body', status: 999 }],
    [
      'upgrading',
      reply('HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n'),
      { error: 'bad body', status: 101 },
    ],
    ['not HTTP', BAD.garbage, { error: 'bad body', status: null }],
    ['bombing with headers', BAD.headers, { error: 'bad body', status: null, body: '' }],
    ['resetting', BAD.reset, { error: 'reset', status: null }],
    ['hanging up', BAD.hangUp, { error: 'reset', status: null }],
    ['ending too soon', BAD.short, { error: 'reset', status: 200 }],
  ];
  test.each(kinds)('%s', async (_name, manner, expected) => {
    const listener = await listen(manner);
    expect(await once(listener.port)).toMatchObject({ ...expected, made: 1 });
    await until(() => expect(listener.open).toBe(0));
    expect(listener.seen).toBe(1);
  });

  test('a redirect is not followed', async () => {
    const elsewhere = await listen(reply(echo('a')));
    const { port } = await listen(BAD.redirect(elsewhere.port));
    expect(await once(port)).toMatchObject({ error: '3xx' });
    expect(elsewhere.seen).toBe(0);
  });

  test('refused', async () => {
    const asked = await once(await closedPort());
    expect(asked).toMatchObject({ error: 'refused', made: 0, connectMs: null, firstByteMs: null });
  });

  test('a connection that does not come about in time', async () => {
    const { port } = await listen(reply(echo('a')));
    const clock = new FakeClock();
    const done = vi.fn<(asked: Asked) => void>();
    ask(at(port), LIMITS, clock, { connect: () => {}, done });
    clock.advance(1999);
    expect(done).not.toHaveBeenCalled();
    clock.advance(1);
    expect(done.mock.lastCall?.[0]).toMatchObject({ error: 'connect timeout', connectMs: null });
    expect(clock.pending).toBe(0);
  });

  test.each([
    ['never answering', BAD.silent, null],
    ['dripping', BAD.drip, 200],
  ])('%s', async (_name, manner, status) => {
    let written = () => 0;
    const listener = await listen((socket, n) => {
      written = () => socket.bytesWritten;
      manner(socket, n);
    });
    const clock = new FakeClock();
    const connect = vi.fn();
    const done = vi.fn<(asked: Asked) => void>();
    ask(at(listener.port), LIMITS, clock, { connect, done });
    // Slow to connect, which takes nothing from the time to answer.
    clock.advance(1900);
    await until(() => expect(connect).toHaveBeenCalled());
    // Headers and some drops: the drip goes on and does not stretch the time.
    await until(() => expect(written()).toBeGreaterThanOrEqual(status === null ? 0 : 50));
    clock.advance(1999);
    expect(done).not.toHaveBeenCalled();
    clock.advance(1);
    expect(done.mock.lastCall?.[0]).toMatchObject({ error: 'read timeout', status });
    await until(() => expect(listener.open).toBe(0));
    expect(clock.pending).toBe(0);
  });
});

test('a body beyond the limit is cut there, and its sender turned away', async () => {
  let poured = 0;
  const listener = await listen((socket, n) => {
    BAD.huge(socket, n);
    socket.on('close', () => (poured = socket.bytesWritten));
  });
  const asked = await once(listener.port);
  expect(asked).toMatchObject({ error: null, truncated: true, status: 200 });
  expect(asked.body).toBe('x'.repeat(LIMITS.bodyBytes));
  await until(() => expect(listener.open).toBe(0));
  // What the kernel buffers and not a gigabyte.
  expect(poured).toBeLessThan(32 * 1024 * 1024);
});

test('a body of just the limit is whole', async () => {
  const { port } = await listen(reply(response('200 OK', 'x'.repeat(LIMITS.bodyBytes))));
  expect(await once(port)).toMatchObject({ truncated: false, error: null });
});

test('destroying tells nothing and closes the socket', async () => {
  const listener = await listen(BAD.silent);
  const clock = new FakeClock();
  const done = vi.fn();
  const connect = vi.fn();
  const destroy = ask(at(listener.port), LIMITS, clock, { connect, done });
  await until(() => expect(connect).toHaveBeenCalled());
  await until(() => expect(listener.open).toBe(1));
  destroy();
  await until(() => expect(listener.open).toBe(0));
  clock.advance(10_000);
  expect(done).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});

test('destroying before the connection closes it too', async () => {
  const listener = await listen(BAD.silent);
  const done = vi.fn();
  ask(at(listener.port), LIMITS, systemClock, { connect: () => {}, done })();
  // A second request shows that the first one's fate is sealed by now.
  const destroy = ask(at(listener.port), LIMITS, systemClock, { connect: () => {}, done });
  await until(() => expect(listener.seen).toBeGreaterThan(0));
  destroy();
  await until(() => expect(listener.open).toBe(0));
  expect(done).not.toHaveBeenCalled();
});
