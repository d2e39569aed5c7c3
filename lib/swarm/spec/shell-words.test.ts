import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseWords, wordsText } from './shell-words';

test.each([
  ['', []],
  ['  ', []],
  ['a b', ['a', 'b']],
  [' a\t\nb ', ['a', 'b']],
  ["'a b' c", ['a b', 'c']],
  ['"a b"', ['a b']],
  [String.raw`"a \" b"`, ['a " b']],
  [String.raw`'a \'`, [String.raw`a \ `.trim()]],
  [String.raw`a\ b`, ['a b']],
  ['a\'b\'"c"', ['abc']],
  ["''", ['']],
  ['$HOME `id` #x', ['$HOME', '`id`', '#x']],
  ["'a", null],
  ['"a', null],
  ['a\\', null],
])('the words of %j', (text, words) => expect(parseWords(text)).toEqual(words));

test('words are read back as they were written', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (words) => {
      expect(parseWords(wordsText(words))).toEqual(words);
    }),
  );
});
