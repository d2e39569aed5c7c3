import { expect, test } from 'vitest';
import { aGap, anEntry } from '@/tests/factories/timeline';
import { agoWords, gapWords, unseenWords } from './words';

const at = new Date(2026, 0, 1, 9, 4, 31).getTime();

test('ages are in docker’s words', () => {
  expect(agoWords(at, at + 3 * 60_000)).toBe('3 minutes ago');
});

test('a gap says why and how long, or since when', () => {
  expect(gapWords(aGap({ from: at, to: at + 125_000 }))).toBe(
    'nobody watched for 2 minutes, from 09:04:31 to 09:06:36',
  );
  expect(gapWords(aGap({ from: at, to: null, why: 'the engine gave no picture' }))).toBe(
    'the engine gave no picture: since 09:04:31, still',
  );
});

test('what nobody saw happened before it was found out', () => {
  expect(unseenWords(anEntry({ at, unseen: 'nobody watched' }))).toBe(
    'while nobody watched, before 09:04:31',
  );
  expect(unseenWords(anEntry({ at, unseen: 'the engine gave no picture' }))).toBe(
    'while the engine gave no picture, before 09:04:31',
  );
  expect(unseenWords(anEntry({ at }))).toBeNull();
});
