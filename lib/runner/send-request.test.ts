import http from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { ask, type Asked } from './send-request';
import type { AskLimits, HttpRequest } from './attempt';
import { connectionError } from './outcome';
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

const at = (port: number, path = '/Hello!'): HttpRequest => ({
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

test('is sent once it has been made: what that takes is lateness, not latency', async () => {
  const { port } = await listen(reply(echo('2f46e608caba')));
  const clock = new FakeClock();
  const make = http.request;
  vi.spyOn(http, 'request').mockImplementation((...args: unknown[]) => {
    clock.advance(7);
    return Reflect.apply(make, http, args) as http.ClientRequest;
  });
  const asked = await new Promise<Asked>((done) => {
    ask(at(port), LIMITS, clock, { connect: () => {}, done });
  });
  expect(asked).toMatchObject({ sentAt: 7, endedAt: 7, connectMs: 0 });
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
    ['hanging up', BAD.hangUp, { error: 'closed', status: null }],
    ['ending too soon', BAD.short, { error: 'closed', status: 200 }],
    ['resetting in its middle', BAD.halfReset, { error: 'reset', status: 200 }],
  ];
  test.each(kinds)('%s', async (_name, manner, expected) => {
    const listener = await listen(manner);
    const asked = await once(listener.port);
    expect(asked).toMatchObject({ ...expected, made: 1 });
    const nothingCame = /reset|closed/.test(String(expected.error)) && expected.status === null;
    expect(asked.firstByteMs === null).toBe(nothingCame);
    await until(() => expect(listener.open).toBe(0));
    expect(listener.seen).toBe(1);
  });

  test('headers that announce others without an end', async () => {
    const listener = await listen(BAD.hints);
    expect(await once(listener.port)).toMatchObject({ error: 'only 1xx', status: null });
    await until(() => expect(listener.open).toBe(0));
  });

  /** How many events of one name the asked-for request emits. */
  const eventsOf = async (name: string, text: string) => {
    const listener = await listen((socket) => socket.once('data', () => socket.write(text)));
    const make = http.request;
    let events = 0;
    vi.spyOn(http, 'request').mockImplementation((...args: unknown[]) => {
      const request = Reflect.apply(make, http, args) as http.ClientRequest;
      request.on(name, () => (events += 1));
      request.on('response', (response) => response.on(name, () => (events += 1)));
      return request;
    });
    const asked = await once(listener.port);
    await until(() => expect(listener.open).toBe(0));
    return { events, asked };
  };

  test('without parsing more of them than one piece holds', async () => {
    const { events, asked } = await eventsOf('information', 'HTTP/1.1 100\r\n\r\n'.repeat(4000));
    expect(asked.error).toBe('only 1xx');
    expect(events).toBeLessThan(100);
  });

  test('a body in thousands of chunks is cut', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { events, asked } = await eventsOf('data', head + '1\r\nx\r\n'.repeat(10_000));
    expect(asked).toMatchObject({ error: null, status: 200, truncated: true });
    expect(asked.body.length).toBeLessThan(300);
    expect(events).toBeLessThan(600);
  });

  test('line breaks without an end are no answer, long before the timeout', async () => {
    const listener = await listen((socket) =>
      socket.once('data', () => socket.write('\r\n'.repeat(100_000))),
    );
    const asked = await once(listener.port);
    expect(asked).toMatchObject({ error: 'bad body', status: null });
    expect(asked.endedAt - asked.sentAt).toBeLessThan(LIMITS.readMs / 2);
  });

  test.each(['EMFILE', 'EADDRNOTAVAIL', 'EPERM'])('%s is the dashboard’s own failure', (code) => {
    const error = Object.assign(new Error(code), { code, syscall: 'connect' });
    expect(connectionError(error, false)).toBe('not sent');
  });

  test('but a few that announce others go before an answer', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';
    const { port } = await listen(reply(hint.repeat(5) + echo('2f46e608caba')));
    expect(await once(port)).toMatchObject({ error: null, status: 200 });
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
  const listener = await listen((socket) => {
    BAD.huge(socket);
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

describe('a kept connection', () => {
  /** Answers every request on every connection with the same text. */
  const always =
    (text: string | Buffer): Manner =>
    (socket) =>
      socket.on('data', () => socket.write(text));
  const keepOpen = (status: string, body = '') =>
    `HTTP/1.1 ${status}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

  function keeper(port: number, over: Partial<HttpRequest> = {}) {
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    let made = 0;
    return {
      made: () => made,
      ask: () =>
        new Promise<Asked>((done) => {
          const connect = () => (made += 1);
          ask({ ...at(port), agent, ...over }, LIMITS, systemClock, { connect, done });
        }),
    };
  }

  test('is used again, and then there is no time to connect', async () => {
    const body = 'This is a running on linux/arm saying: Hello!\n';
    const listener = await listen(always(keepOpen('200 OK', body)));
    const { ask, made } = keeper(listener.port);
    expect(await ask()).toMatchObject({ error: null, connectMs: expect.any(Number), body });
    for (let i = 0; i < 5; i++) {
      const asked = await ask();
      expect(asked).toMatchObject({ error: null, connectMs: null, body });
      expect(asked.firstByteMs).toBeGreaterThan(0);
    }
    expect([made(), listener.seen]).toEqual([1, 1]);
  });

  test('is used again after a refusal that was read to its end', async () => {
    const listener = await listen(always(keepOpen('503 Busy', 'wait')));
    const { ask, made } = keeper(listener.port);
    for (let i = 0; i < 3; i++) expect(await ask()).toMatchObject({ error: '5xx', status: 503 });
    expect(made()).toBe(1);
  });

  test('HEAD has no body, whatever length it tells', async () => {
    const listener = await listen(always('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'));
    const { ask, made } = keeper(listener.port, { method: 'HEAD' });
    for (let i = 0; i < 3; i++) {
      expect(await ask()).toMatchObject({ error: null, status: 200, body: '' });
    }
    expect(made()).toBe(1);
  });

  test.each<[string, Manner, Partial<Asked>]>([
    [
      'a redirect without an end',
      always('HTTP/1.1 302 F\r\nContent-Length: 99999\r\n\r\n' + 'x'.repeat(9999)),
      { error: '3xx' },
    ],
    ['not HTTP', BAD.garbage, { error: 'bad body' }],
    ['headers without an end', BAD.headers, { error: 'bad body' }],
    ['a body without an end', BAD.huge, { error: null, truncated: true }],
    ['a reset', BAD.reset, { error: 'reset' }],
    ['ending too soon', BAD.short, { error: 'closed' }],
  ])('%s is given up, and the next request has a new one', async (_name, manner, expected) => {
    const listener = await listen(manner);
    const { ask, made } = keeper(listener.port);
    for (let i = 1; i <= 3; i++) {
      expect(await ask()).toMatchObject(expected);
      expect(made()).toBe(i);
    }
    await until(() => expect(listener.open).toBe(0));
  });
});
