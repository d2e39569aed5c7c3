import { expect, test } from 'vitest';
import { parseStageTheme, presentSearch } from './present-mode';

test.each([
  ['', '', '?present'],
  ['?rate=10', '', '?rate=10&present'],
  ['?present&rate=10', 'light', '?present=light&rate=10'],
  ['?present=light&path=/present=1', '', '?present&path=/present%3D1'],
  ['?present=dark&rate=10', null, '?rate=10'],
  ['?present', null, ''],
])('the address %s with the value %s of present is %s', (before, value, after) => {
  expect(presentSearch(before, value)).toBe(after);
});

test('the stage has the page’s theme unless the address names one', () => {
  expect(['dark', 'light', '', 'system', 'DARK'].map(parseStageTheme)).toEqual([
    'dark',
    'light',
    null,
    null,
    null,
  ]);
  expect(parseStageTheme(null)).toBe(null);
});
