import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { insertSorted, percentile } from './percentile';

test('uses nearest rank', () => {
  const values = [15, 20, 35, 40, 50];
  expect([5, 30, 40, 50, 100].map((p) => percentile(values, p))).toEqual([15, 20, 20, 35, 50]);
  expect(percentile([7], 99)).toBe(7);
  expect(percentile([], 50)).toBeNull();
});

test('returns the smallest value that at least p % of the values do not exceed', () => {
  const latency = fc.double({ min: 0, max: 5000, noNaN: true });
  fc.assert(
    fc.property(fc.array(latency, { minLength: 1 }), fc.integer({ min: 1, max: 100 }), (all, p) => {
      const ascending: number[] = [];
      for (const value of all) insertSorted(ascending, value);
      expect(ascending).toEqual(all.toSorted((a, b) => a - b));
      const covers = (limit: number) =>
        all.filter((value) => value <= limit).length * 100 >= p * all.length;
      const expected = Math.min(...all.filter(covers));
      expect(percentile(ascending, p)).toBe(expected);
    }),
  );
});
