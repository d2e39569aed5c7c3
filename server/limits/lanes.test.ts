import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RequestLane } from './lanes';

let log: string[];

beforeEach(() => {
  vi.useFakeTimers();
  log = [];
});
afterEach(() => {
  vi.useRealTimers();
});

const aLane = () => new RequestLane({ running: 1, waiting: 3, waitMs: 1000 });

function enter(lane: RequestLane, name: string, client = name.charAt(0)) {
  return lane.enter({
    client,
    start: () => log.push(`start ${name}`),
    refuse: () => log.push(`refuse ${name}`),
  });
}

test('starts up to the limit, and the next one when one ends', () => {
  const lane = aLane();
  const leave = enter(lane, 'a1');
  enter(lane, 'a2');
  expect(log).toEqual(['start a1']);
  leave();
  leave();
  expect(log).toEqual(['start a1', 'start a2']);
  expect(lane.waiting).toBe(0);
});

test('serves clients in turn, regardless of how many requests one has', () => {
  const lane = aLane();
  const leaves = ['a1', 'a2', 'a3', 'b1'].map((name) => enter(lane, name));
  for (const leave of leaves.splice(0, 1)) leave();
  leaves[0]!();
  leaves[2]!();
  expect(log).toEqual(['start a1', 'start a2', 'start b1', 'start a3']);
});

test('refuses the newest of the client with the most when too many wait', () => {
  const lane = aLane();
  for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'a5']) enter(lane, name);
  expect(log).toEqual(['start a1', 'refuse a4', 'refuse a5']);
  expect(lane.waiting).toBe(3);
});

test('refuses a request that has waited too long', () => {
  const lane = aLane();
  const leave = enter(lane, 'a1');
  enter(lane, 'a2');
  vi.advanceTimersByTime(1000);
  expect(log).toEqual(['start a1', 'refuse a2']);
  leave();
  enter(lane, 'a3');
  expect(log.at(-1)).toBe('start a3');
});

test('forgets a request that is cancelled while waiting', () => {
  const lane = aLane();
  const leaveFirst = enter(lane, 'a1');
  const leaveSecond = enter(lane, 'a2');
  leaveSecond();
  leaveFirst();
  vi.advanceTimersByTime(2000);
  expect(log).toEqual(['start a1']);
  expect(vi.getTimerCount()).toBe(0);
});

test('a request that ends at once frees its place at once', () => {
  const lane = aLane();
  const first = enter(lane, 'a1');
  const again = Array.from({ length: 3 }, (_, at) => enter(lane, `b${at}`));
  first();
  for (const leave of again) leave();
  expect(log).toEqual(['start a1', 'start b0', 'start b1', 'start b2']);
});

test('a held lane starts nothing until released', () => {
  const lane = new RequestLane({ running: 2, waiting: 3, waitMs: 1000 });
  const leave = enter(lane, 'a1');
  lane.hold();
  enter(lane, 'b1');
  leave();
  enter(lane, 'c1');
  enter(lane, 'd1');
  expect(log).toEqual(['start a1']);
  lane.release();
  expect(log).toEqual(['start a1', 'start b1', 'start c1']);
});

test('a deferring lane starts requests when called back', () => {
  const due: (() => void)[] = [];
  const lane = new RequestLane({ running: 1, waiting: 1, waitMs: 1000 }, (then) => due.push(then));
  const leave = enter(lane, 'a1');
  enter(lane, 'b1');
  enter(lane, 'b2');
  expect(log).toEqual(['refuse b2']);
  due.shift()?.();
  expect(log.slice(1)).toEqual(['start a1']);
  leave();
  expect(due).toHaveLength(1);
  due.shift()?.();
  expect(log.slice(2)).toEqual(['start b1']);
});
