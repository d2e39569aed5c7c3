import { expect, test } from 'vitest';
import { clockTime, humanDuration } from './duration';

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [-5 * SECOND, 'less than a second'],
  [999, 'less than a second'],
  [SECOND, '1 second'],
  [59.9 * SECOND, '59 seconds'],
  [MINUTE, 'about a minute'],
  [2 * MINUTE, '2 minutes'],
  [59 * MINUTE + 59 * SECOND, '59 minutes'],
  [HOUR, 'about an hour'],
  [HOUR + 29 * MINUTE, 'about an hour'],
  [HOUR + 30 * MINUTE, '2 hours'],
  [47 * HOUR, '47 hours'],
  [48 * HOUR, '2 days'],
  [13.9 * DAY, '13 days'],
  [14 * DAY, '2 weeks'],
  [59 * DAY, '8 weeks'],
  [60 * DAY, '2 months'],
  [729 * DAY, '24 months'],
  [730 * DAY, '2 years'],
])('%d ms are %s, as in go-units', (ms, words) => {
  expect(humanDuration(ms)).toBe(words);
});

test('prints a time of day to the second', () => {
  expect(clockTime(new Date(2026, 0, 1, 9, 4, 31).getTime())).toBe('09:04:31');
});
