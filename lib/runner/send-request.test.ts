import http from 'node:http';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { sendRequest, type RequestOutcome } from './send-request';
import { requestId } from '@/lib/curl/request-id';
import type { RequestLimits, HttpRequest } from './attempt';
import { connectionError } from './error-kind';
import { systemClock } from './clock';
import { LIMITS as RUNNER_LIMITS } from './run-engine';
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

const LIMITS: RequestLimits = { ...RUNNER_LIMITS, connectMs: 2000, readMs: 2000 };

const at = (port: number, path = '/Hello!'): HttpRequest => ({
  address: '127.0.0.1',
  port,
  path,
  method: 'GET',
  agent: null,
});

/** Sends one request; its outcome, and how many connections it made. */
function once(
  port: number,
  path?: string,
  limits = LIMITS,
): Promise<RequestOutcome & { made: number }> {
  return new Promise((resolve) => {
    let made = 0;
    sendRequest(at(port, path), limits, systemClock, {
      connect: () => (made += 1),
      done: (outcome) => resolve({ ...outcome, made }),
    });
  });
}

test('returns an answer with its times in order', async () => {
  const { port } = await listen(reply(echo('2f46e608caba')));
  const outcome = await once(port);
  expect(outcome).toMatchObject({ status: 200, error: null, truncated: false, made: 1 });
  expect(outcome.body).toBe('This is 2f46e608caba running on linux/arm saying: Hello!\n');
  const { connectMs, firstByteMs, sentAt, endedAt } = outcome;
  expect(connectMs).toBeGreaterThan(0);
  expect(firstByteMs).toBeGreaterThanOrEqual(connectMs ?? NaN);
  expect(endedAt - sentAt).toBeGreaterThanOrEqual(firstByteMs ?? NaN);
});

test('counts the time to create a request as lateness, not latency', async () => {
  const { port } = await listen(reply(echo('2f46e608caba')));
  const clock = new FakeClock();
  const make = http.request;
  vi.spyOn(http, 'request').mockImplementation((...args: unknown[]) => {
    clock.advance(7);
    return Reflect.apply(make, http, args) as http.ClientRequest;
  });
  const outcome = await new Promise<RequestOutcome>((done) => {
    sendRequest(at(port), LIMITS, clock, { connect: () => {}, done });
  });
  expect(outcome).toMatchObject({ sentAt: 7, endedAt: 7, connectMs: 0 });
});

test('sends the path unchanged and the address as Host', async () => {
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
  expect(headers.join()).not.toContain('x-request-id');
});

test('sends the request’s id, the same one when it is sent a second time', async () => {
  const sent: string[] = [];
  const { port } = await listen((socket) => {
    let requests = 0;
    socket.on('data', (data) => {
      sent.push(/x-request-id: (.*)\r/i.exec(data.toString('latin1'))?.[1] ?? 'none');
      requests += 1;
      // The connection is closed when it is used again.
      if (requests === 1) socket.write('HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok');
      else socket.destroy();
    });
  });
  const agent = new http.Agent({ keepAlive: true });
  const send = (id: string) =>
    new Promise<RequestOutcome>((done) => {
      sendRequest({ ...at(port), agent, requestId: id }, LIMITS, systemClock, {
        connect: () => {},
        done,
      });
    });
  await send(requestId('3f2a9c1e-0000-4000-8000-000000000000', 1));
  const second = await send(requestId('3f2a9c1e-0000-4000-8000-000000000000', 2));
  agent.destroy();
  expect(second).toMatchObject({ error: null, resent: true });
  expect(sent).toEqual(['3f2a9c1e-1', '3f2a9c1e-2', '3f2a9c1e-2']);
});

describe('error kinds', () => {
  const kinds: [string, Manner, Partial<RequestOutcome>][] = [
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
    const outcome = await once(listener.port);
    expect(outcome).toMatchObject({ ...expected, made: 1 });
    const nothingCame = /reset|closed/.test(String(expected.error)) && expected.status === null;
    expect(outcome.firstByteMs === null).toBe(nothingCame);
    await until(() => expect(listener.open).toBe(0));
    expect(listener.seen).toBe(1);
  });

  test('1xx answers without an end', async () => {
    const listener = await listen(BAD.hints);
    expect(await once(listener.port)).toMatchObject({ error: 'only 1xx', status: null });
    await until(() => expect(listener.open).toBe(0));
  });

  /** How many events of one name the request emits. */
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
    const outcome = await once(listener.port);
    await until(() => expect(listener.open).toBe(0));
    return { events, outcome };
  };

  test('stops parsing 1xx answers after one chunk', async () => {
    const { events, outcome } = await eventsOf('information', 'HTTP/1.1 100\r\n\r\n'.repeat(4000));
    expect(outcome.error).toBe('only 1xx');
    expect(events).toBeLessThan(100);
  });

  test('cuts a body of thousands of chunks', async () => {
    const head = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n';
    const { events, outcome } = await eventsOf('data', head + '1\r\nx\r\n'.repeat(10_000));
    expect(outcome).toMatchObject({ error: null, status: 200, truncated: true });
    expect(outcome.body.length).toBeLessThan(300);
    expect(events).toBeLessThan(600);
  });

  test('rejects endless blank lines before the timeout', async () => {
    const listener = await listen((socket) =>
      socket.once('data', () => socket.write('\r\n'.repeat(100_000))),
    );
    const outcome = await once(listener.port);
    expect(outcome).toMatchObject({ error: 'bad body', status: null });
  });

  test.each(['EMFILE', 'EADDRNOTAVAIL', 'EPERM'])('%s is reported as not sent', (code) => {
    const error = Object.assign(new Error(code), { code, syscall: 'connect' });
    expect(connectionError(error, false)).toBe('not sent');
  });

  test('accepts a few 1xx answers before the final one', async () => {
    const hint = 'HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n';
    const { port } = await listen(reply(hint.repeat(5) + echo('2f46e608caba')));
    expect(await once(port)).toMatchObject({ error: null, status: 200 });
  });

  test('does not follow a redirect', async () => {
    const elsewhere = await listen(reply(echo('a')));
    const { port } = await listen(BAD.redirect(elsewhere.port));
    expect(await once(port)).toMatchObject({ error: '3xx' });
    expect(elsewhere.seen).toBe(0);
  });

  test('refused', async () => {
    const outcome = await once(await closedPort());
    expect(outcome).toMatchObject({
      error: 'refused',
      made: 0,
      connectMs: null,
      firstByteMs: null,
    });
  });

  test('connect timeout', async () => {
    const { port } = await listen(reply(echo('a')));
    const clock = new FakeClock();
    const done = vi.fn<(outcome: RequestOutcome) => void>();
    sendRequest(at(port), LIMITS, clock, { connect: () => {}, done });
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
    const done = vi.fn<(outcome: RequestOutcome) => void>();
    sendRequest(at(listener.port), LIMITS, clock, { connect, done });
    // A slow connection does not shorten the time to answer.
    clock.advance(1900);
    await until(() => expect(connect).toHaveBeenCalled());
    // Headers and slow bytes: they do not extend the timeout.
    await until(() => expect(written()).toBeGreaterThanOrEqual(status === null ? 0 : 50));
    clock.advance(1999);
    expect(done).not.toHaveBeenCalled();
    clock.advance(1);
    expect(done.mock.lastCall?.[0]).toMatchObject({ error: 'read timeout', status });
    await until(() => expect(listener.open).toBe(0));
    expect(clock.pending).toBe(0);
  });
});

test('cuts a body at the limit and closes the connection', async () => {
  let poured = 0;
  const listener = await listen((socket) => {
    BAD.huge(socket);
    socket.on('close', () => (poured = socket.bytesWritten));
  });
  const outcome = await once(listener.port);
  expect(outcome).toMatchObject({ error: null, truncated: true, status: 200 });
  expect(outcome.body).toBe('x'.repeat(LIMITS.bodyBytes));
  await until(() => expect(listener.open).toBe(0));
  // Only what the kernel buffers.
  expect(poured).toBeLessThan(32 * 1024 * 1024);
});

test('reads a body of exactly the limit', async () => {
  const { port } = await listen(reply(response('200 OK', 'x'.repeat(LIMITS.bodyBytes))));
  expect(await once(port)).toMatchObject({ truncated: false, error: null });
});

test('destroying closes the socket without a callback', async () => {
  const listener = await listen(BAD.silent);
  const clock = new FakeClock();
  const done = vi.fn();
  const connect = vi.fn();
  const destroy = sendRequest(at(listener.port), LIMITS, clock, { connect, done });
  await until(() => expect(connect).toHaveBeenCalled());
  await until(() => expect(listener.open).toBe(1));
  destroy();
  await until(() => expect(listener.open).toBe(0));
  clock.advance(10_000);
  expect(done).not.toHaveBeenCalled();
  expect(clock.pending).toBe(0);
});

test('destroying works before the connection is made', async () => {
  const listener = await listen(BAD.silent);
  const done = vi.fn();
  sendRequest(at(listener.port), LIMITS, systemClock, { connect: () => {}, done })();
  // After a second request the first one would have ended too.
  const destroy = sendRequest(at(listener.port), LIMITS, systemClock, { connect: () => {}, done });
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
      send: () =>
        new Promise<RequestOutcome>((done) => {
          const connect = () => (made += 1);
          sendRequest({ ...at(port), agent, ...over }, LIMITS, systemClock, { connect, done });
        }),
    };
  }

  test('is reused, and then has no connect time', async () => {
    const body = 'This is a running on linux/arm saying: Hello!\n';
    const listener = await listen(always(keepOpen('200 OK', body)));
    const { send, made } = keeper(listener.port);
    expect(await send()).toMatchObject({ error: null, connectMs: expect.any(Number), body });
    for (let i = 0; i < 5; i++) {
      const outcome = await send();
      expect(outcome).toMatchObject({ error: null, connectMs: null, body });
      expect(outcome.firstByteMs).toBeGreaterThan(0);
    }
    expect([made(), listener.seen]).toEqual([1, 1]);
  });

  test('is reused after an error status whose body was read', async () => {
    const listener = await listen(always(keepOpen('503 Busy', 'wait')));
    const { send, made } = keeper(listener.port);
    for (let i = 0; i < 3; i++) expect(await send()).toMatchObject({ error: '5xx', status: 503 });
    expect(made()).toBe(1);
  });

  test('HEAD: reads no body, regardless of Content-Length', async () => {
    const listener = await listen(always('HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n'));
    const { send, made } = keeper(listener.port, { method: 'HEAD' });
    for (let i = 0; i < 3; i++) {
      expect(await send()).toMatchObject({ error: null, status: 200, body: '' });
    }
    expect(made()).toBe(1);
  });

  test.each<[string, Manner, Partial<RequestOutcome>]>([
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
  ])(
    '%s: closes the connection, and the next request opens a new one',
    async (_name, manner, expected) => {
      const listener = await listen(manner);
      const { send, made } = keeper(listener.port);
      for (let i = 1; i <= 3; i++) {
        expect(await send()).toMatchObject(expected);
        expect(made()).toBe(i);
      }
      await until(() => expect(listener.open).toBe(0));
    },
  );
});
