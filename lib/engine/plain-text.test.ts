import { assert, constantFrom, oneof, property, string } from 'fast-check';
import { expect, test } from 'vitest';
import { EngineError } from './errors';
import { MAX_TEXT, plainText } from './plain-text';

test.each([
  ['\x1b[31mred\x1b[0m', 'red'],
  ['\x1b]0;title\x07disk full', 'disk full'],
  ['one\r\ntwo\n\nthree\t', 'one two three'],
  ['\x9b2Jcleared \x85 \x00', 'cleared'],
  ['safe\u202Eexe.txt\u2066', 'safe exe.txt'],
  ['Prüfen: größer ≥ 3 👍', 'Prüfen: größer ≥ 3 👍'],
])('%j becomes %j', (text, plain) => {
  expect(plainText(text)).toBe(plain);
});

const character = oneof(
  string({ unit: 'binary', minLength: 1, maxLength: 1 }),
  constantFrom('\x1b', '\x1b[31m', '\x1b]0;', '\x07', '\x9b', '\n', '\u202E', '\u2069', '\uD83D'),
);

test('returns one short line without control characters for any text', () => {
  assert(
    property(string({ unit: character, maxLength: 5 * MAX_TEXT, size: 'max' }), (text) => {
      const plain = plainText(text);
      expect(plain).not.toMatch(/[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/u);
      expect(plain.length).toBeLessThanOrEqual(MAX_TEXT);
      expect(plainText(plain)).toBe(plain);
    }),
  );
});

test('leaves printable text as it is', () => {
  const words = string({ unit: 'grapheme-ascii', minLength: 1, maxLength: MAX_TEXT, size: 'max' });
  assert(
    property(words, (text) => {
      expect(plainText(text)).toBe(text.replace(/\s+/g, ' ').trim());
    }),
  );
});

test('every EngineError has plain text', () => {
  const { message, next } = new EngineError('swarm-error', 'a\x1b[31m\nb', 'c\x07d');
  expect({ message, next }).toEqual({ message: 'a b', next: 'c d' });
});
