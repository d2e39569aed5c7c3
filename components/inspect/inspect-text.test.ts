import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseLossless } from '@/lib/swarm/lossless-json';
import { findIn, jsonText, matchWords, shownText } from './inspect-text';

test('finds every match, whatever its case, and numbers them', () => {
  const { lines, matches, more } = findIn('\nName:\t\tgoweb\n Image:\tGOWEB/goweb\n\n', 'Goweb');
  expect(matches).toBe(3);
  expect(more).toBe(0);
  expect(lines).toEqual([
    [
      { text: 'Name:\t\t', match: null },
      { text: 'goweb', match: 0 },
    ],
    [
      { text: ' Image:\t', match: null },
      { text: 'GOWEB', match: 1 },
      { text: '/', match: null },
      { text: 'goweb', match: 2 },
    ],
  ]);
});

test('keeps every character of the text, whatever is searched for', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.string({ maxLength: 5 }), (text, query) => {
      const shown = `x${shownText(text)}x`;
      const { lines, matches } = findIn(shown, query);
      const parts = lines.flat();
      expect(lines.map((line) => line.map((part) => part.text).join('')).join('\n')).toBe(shown);
      expect(parts.filter(({ match }) => match !== null)).toHaveLength(matches);
    }),
  );
});

test('draws no more lines than a browser can, and counts the others', () => {
  const { lines, more } = findIn(
    Array.from({ length: 3010 }, (_, at) => `line ${at}`).join('\n'),
    '',
  );
  expect(lines).toHaveLength(3000);
  expect(more).toBe(10);
  expect(findIn('', 'x')).toEqual({ lines: [], matches: 0, more: 0 });
});

test('shows characters that are hidden, or change the order of the text, as JSON writes them', () => {
  expect(shownText('a\u202eb\u0000\tc\n\u{e0001}')).toBe(
    String.raw`a\u202eb\u0000` + '\tc\n' + String.raw`\udb40\udc01`,
  );
  const name = '\u202e\u{e0001}x';
  expect(JSON.parse(jsonText({ name }))).toEqual({ name });
});

test('says which match is shown', () => {
  expect([matchWords('', 0, 0), matchWords('x', 0, 0), matchWords('x', 5, 1)]).toEqual([
    '',
    'No match',
    '2 of 5',
  ]);
});

test('shows every digit of an integer that JavaScript has no number for', () => {
  const text = '{\n    "MaxAttempts": 18446744073709551615,\n    "Delay": 5000000000\n}';
  expect(jsonText(parseLossless(text))).toBe(text);
});
