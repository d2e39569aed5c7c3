import { expect, test } from 'vitest';
import { naturalOrder } from './natural';

test('sorts names as docker’s tables do', () => {
  const sorted = [
    '2',
    '02',
    '10',
    'A',
    'Z1',
    'a',
    'a1',
    'a1b',
    'a01',
    'a-1',
    'a-2',
    'a-10',
    'a.1',
    'a.2',
    'a.71rkx',
    'a.415ex',
    'ab',
    'é',
  ];
  for (const [at, one] of sorted.entries()) {
    for (const [other, two] of sorted.entries()) {
      expect([one, two, Math.sign(naturalOrder(one, two))]).toEqual([
        one,
        two,
        Math.sign(at - other),
      ]);
    }
  }
});
