import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { TERMS } from './terms';

/** The glossary's meanings by word. What not to call it is for authors. */
function glossary(): Map<string, string> {
  const rows = readFileSync('docs/glossary.md', 'utf8').matchAll(/^\| (\S.*?) +\| (\S.*?) +\|$/gm);
  return new Map(
    Array.from(rows, ([, word = '', meaning = '']) => [
      word,
      meaning.replace(/ Not "[^"]+"\./, ''),
    ]),
  );
}

test('the page explains words as the glossary does', () => {
  const meanings = glossary();
  expect(meanings.size).toBeGreaterThan(60);
  for (const [word, meaning] of Object.entries(TERMS)) expect(meaning).toBe(meanings.get(word));
});

test('an explanation is short, and its code is closed', () => {
  for (const [word, meaning] of Object.entries(TERMS)) {
    expect(meaning.length, word).toBeLessThanOrEqual(200);
    expect(meaning.split('`').length % 2, word).toBe(1);
  }
});
