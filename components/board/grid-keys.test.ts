import { expect, test } from 'vitest';
import { nextInGrid } from './grid-keys';

test.each([
  ['ArrowRight', 0, 1],
  ['ArrowLeft', 0, null],
  ['ArrowDown', 1, 5],
  ['ArrowDown', 7, null],
  ['ArrowUp', 1, null],
  ['End', 0, 9],
  ['Home', 5, 0],
  ['a', 5, null],
])('%s moves from cell %d of ten in rows of four to %s', (key, from, to) => {
  expect(nextInGrid(key, from, 10, 4)).toBe(to);
});
