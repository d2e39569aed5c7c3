import fc from 'fast-check';
import { expect, test } from 'vitest';
import { stripWindow } from './strip-window';

const upTo = (last: number) => Array.from({ length: last }, (_, at) => ({ n: at + 1 }));

test.each([
  [0, 150, { first: 1, count: 80 }],
  [80, 150, { first: 1, count: 80 }],
  [81, 150, { first: 41, count: 80 }],
  [150, 150, { first: 81, count: 70 }],
  [1, 1, { first: 1, count: 1 }],
])('%i answers of %i', (last, planned, range) => {
  expect(stripWindow(upTo(last), planned)).toEqual(range);
});

test('the newest answer is shown, in a column of its own', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6000 }), (n) => {
      const { first, count } = stripWindow([{ n }], 6000);
      expect(n).toBeGreaterThanOrEqual(first);
      expect(n).toBeLessThan(first + count);
      expect((first - 1) % 40).toBe(0);
    }),
  );
});
