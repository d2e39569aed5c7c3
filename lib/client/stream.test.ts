import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream, type StreamConnection, type StreamEvents } from './stream';

/** The browser's EventSource as far as `openStream` uses it, driven by the tests. */
class FakeSource {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  closed = false;
  /** CONNECTING, as after a lost connection. */
  readyState = 0;
  onerror: (() => void) | null = null;
  readonly #listeners = new Map<string, (event: { data: string }) => void>();
  constructor(readonly url: string) {
    FakeSource.all.push(this);
  }
  addEventListener(kind: string, listener: (event: { data: string }) => void) {
    this.#listeners.set(kind, listener);
  }
  close() {
    this.closed = true;
  }
  /** As the browser does on a response that is not a stream. */
  async refuse() {
    this.readyState = FakeSource.CLOSED;
    this.onerror?.();
    await vi.advanceTimersByTimeAsync(0);
  }
  receive(kind: string, data: string) {
    this.#listeners.get(kind)?.({ data });
  }
}

let seen: boolean;
const world = new EventTarget();
let stream: StreamConnection;
let received: string[];

const last = () => {
  const source = FakeSource.all.at(-1);
  if (!source) throw new Error('no EventSource was opened');
  return source;
};
const opened = () => FakeSource.all.length;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  received = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('addEventListener', world.addEventListener.bind(world));
  vi.stubGlobal('removeEventListener', world.removeEventListener.bind(world));
  seen = true;
  const events: StreamEvents = {
    message: (text) => received.push(text),
    refused: ({ detail }) => received.push(detail),
    link: (link) => {
      if (received.at(-1) !== link) received.push(link);
    },
  };
  stream = openStream('/api/live', events, () => seen);
});

afterEach(() => {
  stream.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('passes messages on in order and opens the link', () => {
  last().receive('hello', 'one');
  last().receive('status', 'two');
  expect(received).toEqual(['open', 'one', 'open', 'two']);
});

test('reconnects half a second after an error', () => {
  last().receive('hello', 'one');
  last().onerror?.();
  expect(received.at(-1)).toBe('lost');
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(2);
});

test('a requested reconnect opens a new connection, at most twice a second', () => {
  stream.reconnect();
  stream.reconnect();
  expect(opened()).toBe(1);
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(2);
  vi.advanceTimersByTime(500);
  stream.reconnect();
  expect(opened()).toBe(3);
});

test('retries without end, at most 1.5 s apart, and starts over after a message', () => {
  for (let i = 0; i < 8; i++) {
    last().onerror?.();
    vi.advanceTimersByTime(1500);
  }
  expect(opened()).toBe(9);
  last().receive('hello', 'back');
  last().onerror?.();
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(10);
});

test('is silent after five seconds without a message, and replaces the connection', () => {
  last().receive('hello', 'one');
  vi.advanceTimersByTime(4900);
  expect(received).not.toContain('silent');
  vi.advanceTimersByTime(1200);
  expect(received.at(-1)).toBe('silent');
  expect(FakeSource.all[0]?.closed).toBe(true);
  expect(opened()).toBe(2);
  last().receive('status', 'back');
  expect(received.slice(-2)).toEqual(['open', 'back']);
});

test('ignores a late error of a replaced connection', () => {
  vi.advanceTimersByTime(7000);
  const count = opened();
  expect(count).toBeGreaterThan(1);
  FakeSource.all[0]?.onerror?.();
  vi.advanceTimersByTime(400);
  expect(opened()).toBe(count);
});

test('reconnects at once when the network is back or it is woken, unless a message just arrived or nothing is seen', () => {
  last().receive('hello', 'one');
  world.dispatchEvent(new Event('online'));
  expect(opened()).toBe(1);
  vi.advanceTimersByTime(2500);
  seen = false;
  world.dispatchEvent(new Event('online'));
  stream.wake();
  expect(opened()).toBe(1);
  seen = true;
  stream.wake();
  expect(opened()).toBe(2);
  stream.wake();
  vi.advanceTimersByTime(2500);
  world.dispatchEvent(new Event('online'));
  expect(opened()).toBe(4);
});

test('reconnects at once after the machine was asleep', () => {
  last().receive('hello', 'one');
  seen = false;
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1000);
  expect(opened()).toBe(1);
  seen = true;
  last().receive('status', 'two');
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1000);
  expect(opened()).toBe(2);
});

const FULL = { type: 'about:blank', title: 'Full', status: 503, kind: 'too-many-streams' };
const answers = (response: () => Response) =>
  vi.stubGlobal(
    'fetch',
    vi.fn(() => Promise.resolve(response())),
  );

test('reports a refusal with its reason, keeps it while nothing arrives, and retries after Retry-After', async () => {
  answers(() =>
    Response.json(
      { ...FULL, detail: 'Too many.' },
      { status: 503, headers: { 'retry-after': '15' } },
    ),
  );
  await last().refuse();
  expect(received).toEqual(['Too many.', 'refused']);
  vi.advanceTimersByTime(14_900);
  expect(received.at(-1)).toBe('refused');
  expect(opened()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(opened()).toBe(2);
  last().receive('hello', 'one');
  expect(received.slice(-2)).toEqual(['open', 'one']);
});

test.each([
  [
    'is accepted now',
    () =>
      new Response('retry: 1000', {
        headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      }),
  ],
  ['is refused by a proxy without a reason', () => new Response('<h1>502</h1>', { status: 502 })],
])('retries at once a stream that %s', async (_, response) => {
  answers(response);
  await last().refuse();
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(2);
  expect(received).not.toContain('refused');
});

test('reports a page of a proxy in place of the stream, and tries again every 5 s', async () => {
  const headers = { 'content-type': 'text/html' };
  answers(() => new Response('<h1>Sign in to the proxy</h1>', { headers }));
  await last().refuse();
  expect(received).toEqual(['Another program answered in place of the dashboard.', 'refused']);
  vi.advanceTimersByTime(4999);
  expect(opened()).toBe(1);
  vi.advanceTimersByTime(1);
  expect(opened()).toBe(2);
});

test('is silent when the server is gone after a refusal', async () => {
  answers(() => Response.json({ ...FULL, detail: 'Too many.' }, { status: 503 }));
  await last().refuse();
  vi.advanceTimersByTime(5000);
  last().onerror?.();
  vi.advanceTimersByTime(1000);
  expect(received.at(-1)).toBe('silent');
});

test('removes its timers and listeners when closed', () => {
  last().onerror?.();
  stream.close();
  vi.advanceTimersByTime(60_000);
  world.dispatchEvent(new Event('online'));
  expect(opened()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
