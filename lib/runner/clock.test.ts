import { expect, test } from 'vitest';
import { systemClock } from './clock';

test.each([-5, 0, 0.3, 1, 7.6, 20.2])('after %d ms calls back once, never early', async (ms) => {
  const asked = systemClock.now();
  await new Promise<void>((resolve) => systemClock.after(ms, resolve));
  expect(systemClock.now() - asked).toBeGreaterThanOrEqual(ms);
});

test.each([0, 0.5, 2])('a call back after %d ms can be called off', async (ms) => {
  const called: string[] = [];
  systemClock.after(ms, () => called.push('first'))();
  await new Promise<void>((resolve) => systemClock.after(ms + 1, resolve));
  expect(called).toEqual([]);
});
