import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { openStream, type LiveStream } from './stream';

/** As much of the browser's EventSource as `openStream` uses, driven by the tests. */
class FakeSource {
  static readonly CLOSED = 2;
  static all: FakeSource[] = [];
  closed = false;
  /** Connecting, as after a connection that broke off. */
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
  /** As the browser does at an answer that is no stream. */
  async refuse() {
    this.readyState = FakeSource.CLOSED;
    this.onerror?.();
    await vi.advanceTimersByTimeAsync(0);
  }
  say(kind: string, data: string) {
    this.#listeners.get(kind)?.({ data });
  }
}

const page = Object.assign(new EventTarget(), { hidden: false });
const world = new EventTarget();
let stream: LiveStream;
let heard: string[];

const last = () => {
  const source = FakeSource.all.at(-1);
  if (!source) throw new Error('no EventSource was opened');
  return source;
};
const opened = () => FakeSource.all.length;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSource.all = [];
  heard = [];
  vi.stubGlobal('EventSource', FakeSource);
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', world.addEventListener.bind(world));
  vi.stubGlobal('removeEventListener', world.removeEventListener.bind(world));
  stream = openStream('/api/live', {
    message: (text) => heard.push(text),
    refused: ({ detail }) => heard.push(detail),
    link: (link) => {
      if (heard.at(-1) !== link) heard.push(link);
    },
  });
});

afterEach(() => {
  stream.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('messages come through in order and open the link', () => {
  last().say('hello', 'one');
  last().say('status', 'two');
  expect(heard).toEqual(['open', 'one', 'open', 'two']);
});

test('after an error it is lost, and tried again within half a second', () => {
  last().say('hello', 'one');
  last().onerror?.();
  expect(heard.at(-1)).toBe('lost');
  expect(last().closed).toBe(true);
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(2);
});

test('it never gives up, waits at most 1.5 s, and starts small again once it was heard', () => {
  for (let i = 0; i < 8; i++) {
    last().onerror?.();
    vi.advanceTimersByTime(1500);
  }
  expect(opened()).toBe(9);
  last().say('hello', 'back');
  last().onerror?.();
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(10);
});

test('five seconds without a word are silence, and a connection that hangs is replaced', () => {
  last().say('hello', 'one');
  vi.advanceTimersByTime(4900);
  expect(heard).not.toContain('silent');
  vi.advanceTimersByTime(1200);
  expect(heard.at(-1)).toBe('silent');
  expect(FakeSource.all[0]?.closed).toBe(true);
  expect(opened()).toBe(2);
  last().say('status', 'back');
  expect(heard.slice(-2)).toEqual(['open', 'back']);
});

test('a late error of a replaced connection does nothing', () => {
  vi.advanceTimersByTime(7000);
  const count = opened();
  expect(count).toBeGreaterThan(1);
  FakeSource.all[0]?.onerror?.();
  vi.advanceTimersByTime(400);
  expect(opened()).toBe(count);
});

test('when the network is back or the tab is shown it connects at once, if it was not just heard', () => {
  last().say('hello', 'one');
  world.dispatchEvent(new Event('online'));
  expect(opened()).toBe(1);
  vi.advanceTimersByTime(2500);
  page.hidden = true;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(opened()).toBe(1);
  page.hidden = false;
  page.dispatchEvent(new Event('visibilitychange'));
  expect(opened()).toBe(2);
});

test('after a sleep it connects at once, though nothing seems to have been silent', () => {
  last().say('hello', 'one');
  page.hidden = true;
  vi.setSystemTime(Date.now() + 60_000);
  vi.advanceTimersByTime(1000);
  expect(opened()).toBe(1);
  page.hidden = false;
  last().say('status', 'two');
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
  expect(heard).toEqual(['Too many.', 'refused']);
  vi.advanceTimersByTime(14_900);
  expect(heard.at(-1)).toBe('refused');
  expect(opened()).toBe(1);
  vi.advanceTimersByTime(100);
  expect(opened()).toBe(2);
  last().say('hello', 'one');
  expect(heard.slice(-2)).toEqual(['open', 'one']);
});

test.each([
  ['is open by now', () => new Response('retry: 1000')],
  ['is refused by a proxy without a reason', () => new Response('<h1>502</h1>', { status: 502 })],
])('a stream that %s is tried again at once', async (_, response) => {
  answers(response);
  await last().refuse();
  vi.advanceTimersByTime(500);
  expect(opened()).toBe(2);
  expect(heard).not.toContain('refused');
});

test('a server that is gone after it refused is silent', async () => {
  answers(() => Response.json({ ...FULL, detail: 'Too many.' }, { status: 503 }));
  await last().refuse();
  vi.advanceTimersByTime(5000);
  last().onerror?.();
  vi.advanceTimersByTime(1000);
  expect(heard.at(-1)).toBe('silent');
});

test('closed, it lets go of everything', () => {
  last().onerror?.();
  stream.close();
  vi.advanceTimersByTime(60_000);
  world.dispatchEvent(new Event('online'));
  expect(opened()).toBe(1);
  expect(vi.getTimerCount()).toBe(0);
});
