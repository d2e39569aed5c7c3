import { expect, it } from 'vitest';
import { isEngineName, isNewer } from './engine-programs';

it.each([
  ['28.5.2', '20.10.24', true],
  ['20.10.24', '20.10.5', true],
  ['20.10.5', '20.10.24', false],
  ['20.10.24', '20.10.24', false],
  ['29', '28.5.2', true],
  ['26.1', '26.1.5', false],
])('%s is newer than %s: %s', (a, b, newer) => {
  expect(isNewer(a, b)).toBe(newer);
});

it('accepts the names of Debian’s engines, and no prototype key', () => {
  expect(['own', 'bullseye', 'bookworm', 'trixie', 'sid', 'newest'].every(isEngineName)).toBe(true);
  expect(['', 'Trixie', 'constructor', 'sid '].some(isEngineName)).toBe(false);
});
