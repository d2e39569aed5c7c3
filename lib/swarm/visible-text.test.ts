import fc from 'fast-check';
import { expect, test } from 'vitest';
import { visibleText } from './visible-text';

test.each([
  ['plain ä 漢 🐳', 'plain ä 漢 🐳'],
  ['a\u202eb', String.raw`a\u202eb`],
  ['\u001b[31m\0', String.raw`\u001b[31m\u0000`],
  ['a\nb\tc\r', String.raw`a\nb\tc\r`],
  ['\u{e0041}', String.raw`\udb40\udc41`],
  ['a\u2028b', String.raw`a\u2028b`],
])('%j', (text, shown) => expect(visibleText(text)).toBe(shown));

test('of several lines keeps line feeds and tabs', () => {
  expect(visibleText('a\n\tb\r\u202e', { lines: true })).toBe('a\n\tb\\r\\u202e');
});

test('nothing hidden is left, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(visibleText(text)).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
    }),
  );
});
