import { expect, test } from 'vitest';
import { systemClock } from './clock';

test.each([-5, 0, 0.3, 1, 7.6, 20.2])('calls back once after %d ms, never early', async (ms) => {
  const before = systemClock.now();
  await new Promise<void>((resolve) => systemClock.after(ms, resolve));
  expect(systemClock.now() - before).toBeGreaterThanOrEqual(ms);
});

test.each([0, 0.5, 2])('a callback after %d ms can be cancelled', async (ms) => {
  const called: string[] = [];
  systemClock.after(ms, () => called.push('first'))();
  await new Promise<void>((resolve) => systemClock.after(ms + 1, resolve));
  expect(called).toEqual([]);
});
