import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  aboveBoth,
  countsDiffer,
  fisherExact,
  homogeneityP,
  partsDiffer,
  percentilesDiffer,
} from './significance';

/** C(n, k) without rounding. */
function choose(n: number, k: number): bigint {
  let value = 1n;
  for (let at = 1; at <= k; at++) value = (value * BigInt(n - k + at)) / BigInt(at);
  return k < 0 || k > n ? 0n : value;
}

/** The two-sided p-value by counting tables. */
function byCounting(a: number, n: number, b: number, m: number): number {
  const tables = Array.from({ length: n + 1 }, (_, k) => choose(n, k) * choose(m, a + b - k));
  const own = tables[a] ?? 0n;
  const likely = tables.reduce((total, one) => (one <= own ? total + one : total), 0n);
  const all = choose(n + m, a + b);
  return Number((likely * 10n ** 15n) / all) / 1e15;
}

describe("Fisher's exact test", () => {
  test.each([
    // Fisher (1935): the lady tasting tea, three of four cups right.
    ['tea', 3, 4, 1, 4, 0.4857],
    // Fisher (1962): convictions of like-sex twins; R: fisher.test(Convictions).
    ['twins', 2, 17, 10, 13, 0.0005367],
    ['equal', 5, 10, 5, 10, 1],
    ['without any', 0, 10, 0, 20, 1],
    ['all', 10, 10, 20, 20, 1],
  ])('of %s', (_, a, n, b, m, p) => {
    expect(fisherExact({ count: a, of: n }, { count: b, of: m }).p).toBeCloseTo(p, 4);
  });

  const part = fc
    .tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 0, max: 40 }))
    .map(([hit, miss]) => ({ count: hit, of: hit + miss }));

  test('equals a count of the tables', () => {
    fc.assert(
      fc.property(part, part, (a, b) => {
        const counted = byCounting(a.count, a.of, b.count, b.of);
        expect(fisherExact(a, b).p).toBeCloseTo(counted, 9);
      }),
    );
  });

  test('is the same with the runs or the outcomes exchanged, and never below the least', () => {
    const others = ({ count, of }: { count: number; of: number }) => ({ count: of - count, of });
    fc.assert(
      fc.property(part, part, (a, b) => {
        const { p, least } = fisherExact(a, b);
        expect(fisherExact(b, a).p).toBeCloseTo(p, 9);
        expect(fisherExact(others(a), others(b)).p).toBeCloseTo(p, 9);
        expect(p).toBeGreaterThanOrEqual(least - 1e-12);
        expect(p).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('holds for the largest runs', () => {
    const { p } = fisherExact({ count: 3000, of: 6000 }, { count: 3300, of: 6000 });
    expect(p).toBeGreaterThan(0);
    expect(p).toBeLessThan(1e-6);
  });
});

test('a loss of 3 in 150 is too few to tell, of 15 in 150 real, of 2 in 150 against 4 noise', () => {
  const of = 150;
  expect(partsDiffer({ count: 0, of }, { count: 3, of })).toBe('too few');
  expect(partsDiffer({ count: 0, of }, { count: 15, of })).toBe('real');
  expect(partsDiffer({ count: 8, of }, { count: 10, of })).toBe('noise');
  expect(partsDiffer({ count: 0, of: 0 }, { count: 1, of: 150 })).toBe('too few');
});

/** Evenly distributed values around `middle`, ascending. */
const around = (middle: number, count: number, width = 4) =>
  Array.from({ length: count }, (_, at) => middle + (width * (at + 0.5)) / count - width / 2);

describe('difference of percentiles', () => {
  test("is Mood's test at the median: 9 of 10 above against 1 of 10", () => {
    const low = [...around(1, 9), 100];
    const high = [0, ...around(50, 9)];
    // By hand: two-sided p of the table (1, 9; 9, 1) is 202 / 184756.
    expect(fisherExact(...aboveBoth(low, high, 50)).p).toBeCloseTo(202 / 184_756, 9);
    expect(percentilesDiffer(low, high, 50)).toBe('real');
  });

  test('+0.4 ms of the median of 47 against 599 answers is noise, +4 ms is not', () => {
    expect(percentilesDiffer(around(5, 47), around(5.4, 599), 50)).toBe('noise');
    expect(percentilesDiffer(around(5, 47), around(9, 599), 50)).toBe('real');
  });

  test('with ties, percentiles that are equal or move the other way than the parts above confirm nothing', () => {
    // How often 1, 2, 3 … ms was measured.
    const counted = (counts: number[]) =>
      counts.flatMap((count, at) => Array.from({ length: count }, () => at + 1));
    for (const [left, right] of [
      [
        [30, 59, 9],
        [52, 25, 43],
      ],
      [
        [2, 1, 58, 16],
        [4, 58, 3, 51],
      ],
    ] as const) {
      const [a, b] = [counted([...left]), counted([...right])];
      expect(fisherExact(...aboveBoth(a, b, 50)).p).toBeLessThan(0.01);
      expect(percentilesDiffer(a, b, 50)).toBe('noise');
    }
  });

  test('one, two or three answers are too few', () => {
    for (const count of [1, 2, 3]) {
      expect(percentilesDiffer(around(1, count), around(1000, count), 50)).toBe('too few');
    }
    expect(percentilesDiffer([], around(1, 100), 50)).toBe('too few');
    expect(percentilesDiffer([1], around(1000, 20), 50)).toBe('too few');
  });

  test('is never seen between parts of one distribution more often than the level', () => {
    let state = 1;
    // mulberry32
    const random = () => {
      state = (state + 0x6d_2b_79_f5) | 0;
      let t = Math.imul(state ^ (state >>> 15), 1 | state);
      t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
      return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
    };
    // A heavy tail, as latencies have.
    const sample = (size: number) =>
      Array.from({ length: size }, () => 1 / (1 - random())).sort((x, y) => x - y);
    const runs = 1000;
    let seen = 0;
    for (let at = 0; at < runs; at++) {
      if (percentilesDiffer(sample(60), sample(150), at % 2 ? 50 : 95) === 'real') seen += 1;
    }
    // The level is 10 in 1000; three standard deviations more are 20.
    expect(seen).toBeLessThan(20);
  });

  test('depends on the order of values only', () => {
    const values = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 60,
    });
    const sorted = (list: readonly number[]) => list.toSorted((x, y) => x - y);
    fc.assert(
      fc.property(values, values, fc.constantFrom(50, 95, 99), (a, b, p) => {
        const [x, y] = [sorted(a), sorted(b)];
        const scaled = (list: readonly number[]) => list.map((value) => value * 8);
        expect(percentilesDiffer(scaled(x), scaled(y), p)).toBe(percentilesDiffer(x, y, p));
        expect(percentilesDiffer(y, x, p)).toBe(percentilesDiffer(x, y, p));
        expect(percentilesDiffer(x, x, p)).not.toBe('real');
      }),
    );
  });
});

describe('difference of distributions', () => {
  test('is the reference χ² test of Agresti (party by gender; R: chisq.test)', () => {
    expect(homogeneityP([762, 327, 468], [484, 239, 477])).toBeCloseTo(2.9535e-7, 10);
  });

  test('an even run and one that sticks to a task differ, two even ones do not', () => {
    expect(countsDiffer([50, 50, 50], [150, 0, 0])).toBe('real');
    expect(countsDiffer([50, 50, 50], [17, 17, 16])).toBe('noise');
    expect(countsDiffer([2, 2, 1], [5, 0, 0])).toBe('too few');
    expect(countsDiffer([50], [20])).toBe('too few');
  });
});
