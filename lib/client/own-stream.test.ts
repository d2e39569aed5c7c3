import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LiveStream } from './live-stream';
import { openOwnStream } from './own-stream';

const opened = vi.hoisted(() => [] as { closed: boolean; wakes: number; reconnects: number }[]);
vi.mock('./stream', () => ({
  openStream: () => {
    const connection = { closed: false, wakes: 0, reconnects: 0 };
    opened.push(connection);
    return {
      wake: () => connection.wakes++,
      reconnect: () => connection.reconnects++,
      close: () => void (connection.closed = true),
    };
  },
}));

const page = Object.assign(new EventTarget(), { hidden: false });
const world = new EventTarget();
let busy: boolean;
let stream: LiveStream;
const setHidden = (hidden: boolean) => {
  page.hidden = hidden;
  page.dispatchEvent(new Event('visibilitychange'));
};
const events = { message: () => {}, link: () => {}, refused: () => {} };

beforeEach(() => {
  vi.useFakeTimers();
  opened.length = 0;
  busy = false;
  page.hidden = false;
  vi.stubGlobal('document', page);
  vi.stubGlobal('addEventListener', world.addEventListener.bind(world));
  vi.stubGlobal('removeEventListener', world.removeEventListener.bind(world));
  stream = openOwnStream('api/live', events, () => busy);
});
afterEach(() => {
  stream.close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('lets go of its connection after a minute while hidden, and opens it again when shown', () => {
  setHidden(true);
  vi.advanceTimersByTime(59_000);
  expect(opened).toMatchObject([{ closed: false }]);
  vi.advanceTimersByTime(1000);
  expect(opened).toMatchObject([{ closed: true }]);
  stream.reconnect();
  setHidden(false);
  expect(opened).toMatchObject([{ closed: true, reconnects: 0 }, { closed: false }]);
});

test('keeps its connection while hidden for less than a minute or while a run is active', () => {
  setHidden(true);
  vi.advanceTimersByTime(30_000);
  setHidden(false);
  vi.advanceTimersByTime(120_000);
  busy = true;
  setHidden(true);
  vi.advanceTimersByTime(300_000);
  expect(opened).toMatchObject([{ closed: false, wakes: 1 }]);
  busy = false;
  vi.advanceTimersByTime(60_000);
  expect(opened).toMatchObject([{ closed: true }]);
});

test('checks its connection when the browser shows a page that it kept', () => {
  world.dispatchEvent(new Event('pageshow'));
  expect(opened).toMatchObject([{ wakes: 1 }]);
});

test('a page that opens hidden has no connection until it is shown', () => {
  stream.close();
  opened.length = 0;
  page.hidden = true;
  stream = openOwnStream('api/live', events, () => busy);
  vi.advanceTimersByTime(60_000);
  expect(opened).toEqual([]);
  setHidden(false);
  expect(opened).toHaveLength(1);
});

test('removes its timers and listeners when closed', () => {
  setHidden(true);
  stream.close();
  setHidden(false);
  expect(vi.getTimerCount()).toBe(0);
  expect(opened).toMatchObject([{ closed: true }]);
});
