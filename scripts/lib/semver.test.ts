import { expect, test } from 'vitest';
import { isRange, satisfies } from './semver.mjs';

// Each line was checked against npm's own implementation (semver 7.8).
test.each([
  ['1.2.3', '1.2.3', '1.2.4'],
  ['=1.2.3', '1.2.3', '1.2.4'],
  ['^1.2.3', '1.99.0', '2.0.0'],
  ['^1.2.3', '1.2.3', '1.2.2'],
  ['^0.2.3', '0.2.9', '0.3.0'],
  ['^0.0.3', '0.0.3', '0.0.4'],
  ['^0.0', '0.0.9', '0.1.0'],
  ['^1.x', '1.0.0', '2.0.0'],
  ['~1.2.3', '1.2.9', '1.3.0'],
  ['~1', '1.9.0', '2.0.0'],
  ['1.2', '1.2.9', '1.3.0'],
  ['17.x.x', '17.0.2', '18.0.0'],
  ['>1.2', '1.3.0', '1.2.9'],
  ['<=1.2', '1.2.9', '1.3.0'],
  ['>= 16.8.0', '16.8.0', '16.7.9'],
  ['>=1.2.3 <2', '1.9.9', '2.0.0'],
  ['1.2.3 - 2.3', '2.3.9', '2.4.0'],
  ['^20.19.0 || >=22.12.0', '20.20.2', '22.11.0'],
  ['*', '3.0.0', '3.0.0-beta.1'],
  ['^1.2.3', '1.2.4', '1.3.0-beta.1'],
  ['^2.0.0-alpha.3', '2.0.0-beta.1', '2.0.0-alpha.2'],
  ['^2.0.0-alpha.3', '2.0.0', '2.1.0-beta.1'],
  ['^4.0.0-rc.1', '4.0.0-rc.10', '5.0.0-rc.1'],
  ['1.0.0-alpha.1', '1.0.0-alpha.1', '1.0.0-alpha.1.0'],
  ['>1.0.0-1', '1.0.0-alpha', '1.0.0-0'],
])('%s matches %s and not %s', (range, inside, outside) => {
  expect(isRange(range)).toBe(true);
  expect(satisfies(inside, range)).toBe(true);
  expect(satisfies(outside, range)).toBe(false);
});

test.each(['', 'latest', '1.2.3.4', '1 -', '^', 'npm:a@1', 'a/b#main', 'file:.', '1.2 || a/b'])(
  '%j is no range',
  (text) => {
    expect(isRange(text)).toBe(false);
    expect(satisfies('1.2.3', text)).toBe(false);
  },
);

test('an invalid version satisfies no range', () => {
  expect(satisfies('1.2', '*')).toBe(false);
});
