import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { chiSquared, chiSquaredP, jainIndex } from './stats';

test("Jain's index is 1 when all are equal and 1/n when one has all", () => {
  expect(jainIndex([7, 7, 7])).toBe(1);
  expect(jainIndex([9, 0, 0])).toBeCloseTo(1 / 3, 12);
  expect(jainIndex([1, 2, 3])).toBeCloseTo(36 / 42, 12);
});

test('χ² is 0 for perfect round robin', () => {
  expect(chiSquared([5, 5, 5])).toBe(0);
  expect(chiSquared([10, 20, 30])).toBeCloseTo(10, 12);
});

describe('the p-value', () => {
  // Critical values as every table of the χ² distribution has them.
  test.each([
    [3.841459, 1, 0.05],
    [6.634897, 1, 0.01],
    [5.991465, 2, 0.05],
    [7.814728, 3, 0.05],
    [0.710723, 4, 0.95],
    [18.307038, 10, 0.05],
    [29.588298, 10, 0.001],
    [124.342113, 100, 0.05],
    [77.929465, 100, 0.95],
  ])('of %d with %d degrees of freedom is %d', (chi2, df, p) => {
    expect(chiSquaredP(chi2, df)).toBeCloseTo(p, 6);
  });

  test('with two degrees of freedom is e^(−χ²/2)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 300, noNaN: true }), (chi2) => {
        expect(chiSquaredP(chi2, 2)).toBeCloseTo(Math.exp(-chi2 / 2), 12);
      }),
    );
  });

  test('with four is e^(−χ²/2) (1 + χ²/2)', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 300, noNaN: true }), (chi2) => {
        expect(chiSquaredP(chi2, 4)).toBeCloseTo(Math.exp(-chi2 / 2) * (1 + chi2 / 2), 12);
      }),
    );
  });

  test('falls from 1 to 0 as χ² rises, for any degrees of freedom', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.double({ min: 0, max: 2000, noNaN: true }),
        fc.double({ min: 0, max: 100, noNaN: true }),
        (df, chi2, more) => {
          const p = chiSquaredP(chi2, df);
          expect(p).toBeGreaterThanOrEqual(0);
          expect(p).toBeLessThanOrEqual(1);
          expect(chiSquaredP(chi2 + more, df)).toBeLessThanOrEqual(p + 1e-12);
        },
      ),
    );
    expect(chiSquaredP(0, 5)).toBe(1);
    expect(chiSquaredP(1e6, 5)).toBe(0);
  });
});
