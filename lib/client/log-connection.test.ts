import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogMessage } from '@/lib/swarm/logs/messages';
import { openLog, type LogConnection, type LogLink } from './log-connection';

vi.mock('@/lib/build', () => ({ BUILD: 'one', BUILD_HEADER: 'x-clusterhat-build' }));
const setRole = vi.hoisted(() => vi.fn());
vi.mock('./request', () => ({ setRole }));

interface Request {
  path: string;
  lastId: string | null;
  signal: AbortSignal;
  /** Sends text, or ends the answer. */
  send(text: string | null): void;
}

const requests: Request[] = [];
const page = Object.assign(new EventTarget(), { hidden: false });
const world = new EventTarget();
const got: LogMessage[] = [];
const links: [LogLink, string | undefined][] = [];
let answer: () => Response | null;
let log: LogConnection;

const STREAM = { 'x-clusterhat-build': 'one', 'content-type': 'text/event-stream' };
const problem = (status: number, kind: string, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify({ kind, detail: `${kind}.`, title: '', type: '', status }), {
    status,
    headers,
  });
const state = (id = '') =>
  `event: state\n${id}data: {"kind":"state","state":"live","problem":null,"missing":[]}\n\n`;
const passed = (ms = 0) => vi.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  vi.useFakeTimers();
  requests.length = got.length = links.length = 0;
  page.hidden = false;
  setRole.mockClear();
  answer = () => null;
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', world.addEventListener.bind(world));
  vi.stubGlobal('removeEventListener', world.removeEventListener.bind(world));
  vi.stubGlobal('fetch', (path: string, { signal, headers }: RequestInit) => {
    let send: Request['send'] = () => {};
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        send = (text) =>
          text === null ? controller.close() : controller.enqueue(new TextEncoder().encode(text));
      },
    });
    const lastId = new Headers(headers).get('last-event-id');
    requests.push({ path, lastId, signal: signal ?? new AbortController().signal, send });
    return Promise.resolve(answer() ?? new Response(body, { headers: STREAM }));
  });
  log = openLog('api/tasks/1/logs', {
    message: (message) => got.push(message),
    link: (link, why) => links.push([link, why?.kind]),
  });
});
afterEach(() => {
  log.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const [first, second] = [() => requests[0], () => requests[1]];

test('returns the messages, and continues after the last one when the connection ends', async () => {
  await passed();
  first()?.send(state('id: abc-7\n'));
  first()?.send(state());
  await passed();
  expect(got).toHaveLength(2);
  expect(links).toEqual([['open', undefined]]);
  first()?.send(null);
  await passed();
  expect(links.at(-1)).toEqual(['lost', undefined]);
  await passed(600);
  expect(second()).toMatchObject({ path: 'api/tasks/1/logs', lastId: 'abc-7' });
  expect(first()?.lastId).toBeNull();
});

test('waits longer with each attempt that fails', async () => {
  await passed();
  answer = () => {
    throw new Error('no network');
  };
  first()?.send(null);
  await passed(20_000);
  expect(requests.length).toBeGreaterThan(4);
  expect(requests.length).toBeLessThan(10);
});

test('tries again after the time that the server names', async () => {
  log.close();
  requests.length = 0;
  answer = () => problem(429, 'too-many-streams', { 'retry-after': '15' });
  log = openLog('api/x', { message: () => {}, link: (link, why) => links.push([link, why?.kind]) });
  await passed();
  expect(links.at(-1)).toEqual(['refused', 'too-many-streams']);
  answer = () => null;
  await passed(14_000);
  expect(requests).toHaveLength(1);
  await passed(1500);
  expect(links.at(-1)).toEqual(['open', undefined]);
});

test.each([
  ['sign-in-required', 401],
  ['operator-required', 403],
  ['not-found', 404],
])('does not try again after %s', async (kind, status) => {
  log.close();
  requests.length = 0;
  answer = () => problem(status, kind);
  log = openLog('api/x', { message: () => {}, link: (link, why) => links.push([link, why?.kind]) });
  await passed(120_000);
  expect(links.at(-1)).toEqual(['refused', kind]);
  expect(requests).toHaveLength(1);
  expect(setRole.mock.calls).toEqual(kind === 'sign-in-required' ? [['reader']] : []);
});

test('an answer of another build or another program is no log', async () => {
  await passed();
  answer = () => new Response('', { headers: { ...STREAM, 'x-clusterhat-build': 'two' } });
  log.reconnect();
  await passed();
  expect(links.at(-1)).toEqual(['refused', 'page-outdated']);
  answer = () => new Response('<h1>Welcome</h1>');
  log.reconnect();
  await passed();
  expect(links.at(-1)).toEqual(['refused', 'altered-answer']);
});

test('is closed while the page is hidden for longer, and continues when it is seen', async () => {
  await passed();
  first()?.send(state('id: abc-7\n'));
  await passed();
  const set = (hidden: boolean) => {
    page.hidden = hidden;
    page.dispatchEvent(new Event('visibilitychange'));
  };
  set(true);
  await passed(3000);
  set(false);
  expect(first()?.signal.aborted).toBe(false);
  set(true);
  await passed(6000);
  expect(first()?.signal.aborted).toBe(true);
  world.dispatchEvent(new Event('online'));
  await passed(60_000);
  expect(requests).toHaveLength(1);
  set(false);
  await passed();
  expect(second()?.lastId).toBe('abc-7');
});
