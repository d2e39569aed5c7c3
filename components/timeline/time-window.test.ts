import { expect, test } from 'vitest';
import { ticks, timeScale, windowEndFor } from './time-window';

const MINUTE = 60_000;

test('the window stays in place while it contains the chosen time', () => {
  expect(windowEndFor(70, 50, 100, 200)).toBe(100);
  expect(windowEndFor(50, 50, 100, 200)).toBe(100);
});

test('the window is centred on a chosen time outside it, and never ends after now', () => {
  expect(windowEndFor(20, 50, 100, 200)).toBe(45);
  expect(windowEndFor(190, 50, 100, 200)).toBe(200);
});

test('the time scale clamps to the window', () => {
  const { toX } = timeScale({ from: 100, to: 200 }, 50);
  expect([0, 100, 150, 200, 300].map((time) => toX(time))).toEqual([0, 0, 25, 50, 50]);
});

test('ticks are at round local times and far enough apart', () => {
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
  // India's offset from UTC includes half an hour.
  expect(ticks(hour, 500, 80, -330 * MINUTE).map(({ label }) => label)).toEqual([
    '17:40',
    '17:50',
    '18:00',
    '18:10',
    '18:20',
    '18:30',
  ]);
  const day = { from, to: from + 24 * 60 * MINUTE };
  expect(ticks(day, 1200, 80, 0).map(({ label }) => label)).toContain('14:00');
  expect(ticks(day, 300, 56, 0).map(({ label }) => label)).toEqual([
    '18:00',
    '00:00',
    '06:00',
    '12:00',
  ]);
  expect(ticks(five, 3000, 80, 0)[1]?.label).toBe('12:03:30');
});
