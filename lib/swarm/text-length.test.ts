import { expect, test } from 'vitest';
import { isLonger } from './text-length';

test('counts characters, not halves of them', () => {
  for (const character of ['a', 'é', '🚀']) {
    expect(isLonger(character.repeat(300), 300)).toBe(false);
    expect(isLonger(character.repeat(301), 300)).toBe(true);
    expect(isLonger(character.repeat(1000), 300)).toBe(true);
  }
  // Half of one counts as one.
  expect(isLonger('\ud83d'.repeat(300), 300)).toBe(false);
  expect(isLonger('', 0)).toBe(false);
});
