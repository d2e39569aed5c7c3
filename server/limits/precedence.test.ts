import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { RequestLane } from './lanes';
import { Precedence } from './precedence';

let lane: RequestLane;
let started: number;
let precedence: Precedence;

beforeEach(() => {
  vi.useFakeTimers();
  lane = new RequestLane({ running: 9, waiting: 9, waitMs: 60_000 });
  started = 0;
  precedence = new Precedence([lane]);
});
afterEach(() => {
  vi.useRealTimers();
});

const read = () => lane.enter({ client: 'a', start: () => started++, refuse: () => {} });

test('reads wait while a change is under way', () => {
  const end = precedence.begin();
  read();
  expect(started).toBe(0);
  end();
  end();
  expect(started).toBe(1);
});

test('reads wait for the last of several changes', () => {
  const ends = [precedence.begin(), precedence.begin()];
  read();
  ends[0]?.();
  expect(started).toBe(0);
  ends[1]?.();
  expect(started).toBe(1);
});

test('an endless series of changes delays reads for half of the time', () => {
  for (let n = 0; n < 5; n++) precedence.begin();
  read();
  vi.advanceTimersByTime(1500);
  expect(started).toBe(1);
  precedence.begin();
  vi.advanceTimersByTime(1400);
  read();
  expect(started).toBe(2);
  vi.advanceTimersByTime(100);
  read();
  expect(started).toBe(2);
});
