import { expect, test } from 'vitest';
import { LONGEST_MS, SHOWN_MS, shownUntil } from './outcome-life';

const life = { changedAt: 1000, textAt: 1000, held: false, leftAt: null };

test('the note of a change stays for a while after the change, or after its last text', () => {
  expect(shownUntil(life)).toBe(1000 + SHOWN_MS);
  expect(shownUntil({ ...life, textAt: 9000 })).toBe(9000 + SHOWN_MS);
});

test('a text that changes again and again keeps it no longer than a bound', () => {
  for (const textAt of [22_000, 60_000, 600_000]) {
    expect(shownUntil({ ...life, textAt })).toBe(1000 + LONGEST_MS);
  }
});

test('stays while it is read, and goes soon after', () => {
  expect(shownUntil({ ...life, held: true })).toBe(Infinity);
  expect(shownUntil({ ...life, leftAt: 5000 })).toBe(1000 + SHOWN_MS);
  expect(shownUntil({ ...life, leftAt: 300_000 })).toBe(302_000);
});
