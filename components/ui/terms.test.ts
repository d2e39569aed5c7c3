import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
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

test('every word that has an explanation is on the page', () => {
  const files = readdirSync('components', { recursive: true, encoding: 'utf8' });
  const page = files
    .filter((file) => file.endsWith('.tsx'))
    .map((file) => readFileSync(join('components', file), 'utf8'))
    .join('\n');
  const missing = Object.keys(TERMS).filter(
    (word) => !['id="$"', 'term="$"', "'$'"].some((use) => page.includes(use.replace('$', word))),
  );
  expect(missing).toEqual([]);
});
