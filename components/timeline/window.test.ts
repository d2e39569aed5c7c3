import { expect, test } from 'vitest';
import { endFor, ticks } from './window';

const MINUTE = 60_000;

test('the window stays where it is while the moment lies in it', () => {
  expect(endFor(70, 50, 100, 200)).toBe(100);
  expect(endFor(50, 50, 100, 200)).toBe(100);
});

test('a moment outside is put in the middle, but the window never ends after now', () => {
  expect(endFor(20, 50, 100, 200)).toBe(45);
  expect(endFor(190, 50, 100, 200)).toBe(200);
});

test('marks stand at round local times, far enough apart', () => {
  const from = Date.UTC(2026, 0, 1, 12, 3, 20);
  const five = { from, to: from + 5 * MINUTE };
  expect(ticks(five, 500, 80, 0).map(({ label }) => label)).toEqual([
    '12:04',
    '12:05',
    '12:06',
    '12:07',
    '12:08',
  ]);
  expect(ticks(five, 500, 80, 0)[0]?.x).toBeCloseTo((40_000 / (5 * MINUTE)) * 500);
  const hour = { from, to: from + 60 * MINUTE };
  // Half an hour beside UTC, as in India: round by the clock on the wall.
  expect(ticks(hour, 500, 80, -330 * MINUTE).map(({ label }) => label)).toEqual([
    '17:40',
    '17:50',
    '18:00',
    '18:10',
    '18:20',
    '18:30',
  ]);
  expect(ticks(five, 3000, 80, 0)[1]?.label).toBe('12:03:30');
});
