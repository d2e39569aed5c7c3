import fc from 'fast-check';
import { expect, test } from 'vitest';
import { linkedTime, timeParameter } from './linked-time';

test('a time in a link returns unchanged', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: Date.UTC(2999, 0, 1) }), (at) => {
      expect(linkedTime(timeParameter(at))).toBe(at);
    }),
  );
});

test.each([
  ['2026-11-28T23:52:18Z', Date.UTC(2026, 10, 28, 23, 52, 18)],
  ['2026-11-28T23:52Z', Date.UTC(2026, 10, 28, 23, 52)],
  ['2026-11-29T00:52:18+01:00', Date.UTC(2026, 10, 28, 23, 52, 18)],
  // A plus in a query stands for a space.
  ['2026-11-29T00:52:18 01:00', null],
  ['1969-12-31T23:59:59Z', null],
  ['2026-13-28T23:52:18Z', null],
  ['2026-11-28', null],
  ['yesterday', null],
  ['', null],
])('parses %j as %s', (text, at) => expect(linkedTime(text)).toBe(at));
