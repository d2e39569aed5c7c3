import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTarget, withTarget, type DetailsTarget } from './details-link';

test.each([
  ['', null],
  ['?rate=5', null],
  ['?task=', null],
  ['?task=abc', { kind: 'task', id: 'abc' }],
  ['?node=zero1&rate=5', { kind: 'node', id: 'zero1' }],
  ['?node=zero1&task=abc', { kind: 'task', id: 'abc' }],
])('reads %s', (search, target) => {
  expect(readTarget(search)).toEqual(target);
});

test('keeps the other parameters, and holds one target only', () => {
  expect(withTarget('?ask=goweb:8888&node=zero1', { kind: 'task', id: 'abc' })).toBe(
    '?ask=goweb:8888&task=abc',
  );
  expect(withTarget('?ask=goweb:8888&task=abc', null)).toBe('?ask=goweb:8888');
  expect(withTarget('?task=abc', null)).toBe('');
});

test('any id is read as it was written', () => {
  const target = fc.record({
    kind: fc.constantFrom('task', 'node'),
    id: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }),
  }) as fc.Arbitrary<DetailsTarget>;
  fc.assert(
    fc.property(target, fc.constantFrom('', '?rate=5', '?task=x&node=y'), (one, search) => {
      expect(readTarget(withTarget(search, one))).toEqual(one);
      expect(readTarget(withTarget(withTarget(search, one), null))).toBeNull();
    }),
  );
});
