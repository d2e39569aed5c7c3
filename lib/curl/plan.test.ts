import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { planOf, tickAt } from './plan';
import { MAX_REQUESTS } from './run';

test('steady: has rate × seconds ticks', () => {
  expect(planOf({ mode: 'steady', rate: 5, seconds: 30, burst: 7 })).toEqual({
    planned: 150,
    intervalMs: 200,
  });
});

test('once: has one tick at any rate and duration', () => {
  expect(planOf({ mode: 'once', rate: 20, seconds: 300, burst: 7 })).toEqual({
    planned: 1,
    intervalMs: 0,
  });
});

test('has at most MAX_REQUESTS ticks, without drift', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.integer({ min: 1, max: 300 }),
      (rate, seconds) => {
        const plan = planOf({ mode: 'steady', rate, seconds, burst: 7 });
        expect(plan.planned).toBeLessThanOrEqual(MAX_REQUESTS);
        const last = tickAt(plan, plan.planned - 1);
        expect(last).toBeCloseTo(((plan.planned - 1) / rate) * 1000, 6);
      },
    ),
  );
});

test('burst: has all ticks at once', () => {
  const burst = { mode: 'burst' as const, rate: 5, seconds: 30 };
  expect(planOf({ ...burst, burst: 100 })).toEqual({ planned: 100, intervalMs: 0 });
  expect(planOf({ ...burst, burst: 1e6 }).planned).toBe(MAX_REQUESTS);
});
