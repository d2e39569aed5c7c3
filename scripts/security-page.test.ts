import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const ROOT = join(import.meta.dirname, '..');

/** Cells of the table of threats, without its head. */
function threats(): string[][] {
  const lines = readFileSync(join(ROOT, 'docs/security.md'), 'utf8').split('\n');
  const head = lines.findIndex((line) => line.startsWith('| threat'));
  const rows = lines.slice(head + 2);
  return rows
    .slice(0, rows.indexOf(''))
    .map((row) => row.split('|').map((cell) => cell.trim()))
    .map((cells) => cells.slice(1, -1));
}

/** Where tests are: next to the code, or in tests/. */
const placesOf = (name: string) => [
  `${name}.ts`,
  `tests/${name}`,
  `tests/${name}.test.ts`,
  `tests/${name}.spec.ts`,
];

const codeIn = (cell = '') => Array.from(cell.matchAll(/`([^`]+)`/g), ([, name = '']) => name);
const exists = (path: string) => existsSync(join(ROOT, path));

test('every threat of docs/security.md names a test that exists', () => {
  const rows = threats();
  expect(rows.length).toBeGreaterThan(10);
  for (const [threat, , tests] of rows) expect(codeIn(tests).length, threat).toBeGreaterThan(0);
  const names = rows.flatMap(([, , tests]) => codeIn(tests));
  expect(names.filter((name) => !placesOf(name).some(exists))).toEqual([]);
});

test('every file that it names as a protection exists', () => {
  const files = threats().flatMap(([, protection]) =>
    codeIn(protection).filter((name) => name.endsWith('.ts')),
  );
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((file) => !exists(file))).toEqual([]);
});
