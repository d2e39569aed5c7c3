import { expect, test } from 'vitest';
import { aGap, anEntry } from '@/tests/factories/timeline';
import { gapText, repeatWords, timeAgo, unrecordedNote } from './event-words';

const at = new Date(2026, 0, 1, 9, 4, 31).getTime();

test('ages use the wording of the docker CLI', () => {
  expect(timeAgo(at, at + 3 * 60_000)).toBe('3 minutes ago');
});

test('a gap shows its length, reason and times, or its start while it lasts', () => {
  expect(gapText(aGap({ from: at, to: at + 14_000 }))).toBe(
    'Not recorded (14 s): the dashboard was not open, 09:04:31 – 09:04:45',
  );
  expect(gapText(aGap({ from: at, to: null, why: 'no data from the engine' }))).toBe(
    'Not recorded since 09:04:31: no data from the engine',
  );
});

test('an entry detected after a gap shows the latest time at which it can have happened', () => {
  expect(unrecordedNote(anEntry({ at, after: 0, unseen: 'not watched' }))).toBe(
    'before 09:04:31, not recorded: the dashboard was not open',
  );
  expect(unrecordedNote(anEntry({ at, after: 0, unseen: 'no data from the engine' }))).toBe(
    'before 09:04:31, not recorded: no data from the engine',
  );
  expect(unrecordedNote(anEntry({ at }))).toBeNull();
});

test('an entry without a time of the engine shows between which times it happened', () => {
  expect(unrecordedNote(anEntry({ at, after: at - 10_000 }))).toBe(
    'noticed at 09:04:31; happened after 09:04:21',
  );
  expect(unrecordedNote(anEntry({ at, unseen: 'not running' }))).toBe(
    'not recorded: the dashboard was not running; time from the engine',
  );
});

test('several equal events are one line with their number', () => {
  expect(repeatWords(anEntry({ at, count: 24, until: at + 60_000 }))).toBe('×24 until 09:05:31');
  expect(repeatWords(anEntry({ at }))).toBeNull();
});
