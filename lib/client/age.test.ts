import { expect, test } from 'vitest';
import { shortAge, shortDuration } from './age';

test.each([
  [-5000, '0 s'],
  [0, '0 s'],
  [59_999, '59 s'],
  [60_000, '1 m'],
  [59 * 60_000, '59 m'],
  [3_600_000, '1 h'],
  [47 * 3_600_000, '47 h'],
  [48 * 3_600_000, '2 d'],
  [400 * 86_400_000, '400 d'],
])('%d ms is %s', (ms, text) => {
  expect(shortAge(ms)).toBe(text);
});

test('a short duration has tenths below ten seconds', () => {
  expect([-3, 240, 9900, 9960, 14_200, 61_000].map(shortDuration)).toEqual([
    '0.0 s',
    '0.2 s',
    '9.9 s',
    '9.9 s',
    '14 s',
    '1 m',
  ]);
});
