import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleBlocks } from './visible-blocks';

const TEN = Array.from({ length: 10 }, () => 100);

test('returns the blocks in the window and those near it', () => {
  expect(visibleBlocks(TEN, { top: 350, height: 200, margin: 0 })).toEqual({ first: 3, end: 6 });
  expect(visibleBlocks(TEN, { top: 350, height: 200, margin: 100 })).toEqual({ first: 2, end: 7 });
  expect(visibleBlocks(TEN, { top: 0, height: 200, margin: 50 })).toEqual({ first: 0, end: 3 });
});

test('at the end of the list it is the last blocks', () => {
  expect(visibleBlocks(TEN, { top: null, height: 200, margin: 100 })).toEqual({
    first: 6,
    end: 10,
  });
  expect(visibleBlocks([30], { top: null, height: 200, margin: 100 })).toEqual({
    first: 0,
    end: 1,
  });
  expect(visibleBlocks([], { top: null, height: 200, margin: 100 })).toEqual({ first: 0, end: 0 });
});

test('covers the window wherever it is, and renders few blocks more', () => {
  const heights = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 100 });
  fc.assert(
    fc.property(heights, fc.nat(20_000), fc.integer({ min: 1, max: 2000 }), (all, top, height) => {
      const { first, end } = visibleBlocks(all, { top, height, margin: 100 });
      const sum = (part: number[]) => part.reduce((a, b) => a + b, 0);
      const total = sum(all);
      const seen = Math.min(top, Math.max(0, total - height));
      expect(first).toBeLessThan(end);
      expect(sum(all.slice(0, first))).toBeLessThanOrEqual(Math.max(0, top));
      // What is below the rendered blocks is below the window.
      const above = sum(all.slice(0, end));
      expect(above >= Math.min(total, seen + height)).toBe(true);
    }),
  );
});
