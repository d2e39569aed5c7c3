import { expect, test } from 'vitest';
import { slotLook } from './slot';

test('continues after Z with AA', () => {
  expect([1, 2, 26, 27, 52, 53, 702, 703].map((slot) => slotLook(slot).letter)).toEqual([
    'A',
    'B',
    'Z',
    'AA',
    'AZ',
    'BA',
    'ZZ',
    'AAA',
  ]);
});

test('repeats a colour after eight slots with another mark', () => {
  expect(slotLook(9).color).toBe(slotLook(1).color);
  expect(slotLook(9).mark).not.toBe(slotLook(1).mark);
});

test('32 consecutive slots look different', () => {
  const looks = Array.from({ length: 32 }, (_, i) => slotLook(i + 1));
  expect(new Set(looks.map(({ color, mark }) => `${color} ${mark}`)).size).toBe(32);
});

test('a task without a slot looks neutral', () => {
  expect(slotLook(null).letter).toBe('•');
});

test('a text is neutral in colour, so that it differs from a letter', () => {
  expect(slotLook('A')).toEqual({ ...slotLook(null), letter: 'A' });
  expect(slotLook('A').color).not.toBe(slotLook(1).color);
});

test('badges of the curled service differ in letter or colour from each other and from all texts', () => {
  const badges = [...Array.from({ length: 60 }, (_, i) => i + 1), 'A', 'B1', 'AA', 'W2.1'];
  const looks = badges.map((badge) => `${slotLook(badge).letter} ${slotLook(badge).color}`);
  expect(new Set(looks).size).toBe(looks.length);
});
