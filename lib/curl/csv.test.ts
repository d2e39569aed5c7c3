import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { csvOf, type Cell } from './csv';

/** Parses CSV by RFC 4180. */
function read(text: string): string[][] {
  const rows: string[][] = [[]];
  const cells = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/g;
  for (const [, quoted, plain = '', end] of text.matchAll(cells)) {
    rows.at(-1)?.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === '\r\n') rows.push([]);
  }
  return rows.slice(0, -1);
}

test('writes a header and one line per row', () => {
  expect(
    csvOf(
      ['n', 'task', 'ms'],
      [
        [1, 'goweb.2', 4.25],
        [2, null, 2000],
      ],
    ),
  ).toBe('n,task,ms\r\n1,goweb.2,4.25\r\n2,,2000\r\n');
});

test.each([
  ['a,b', '"a,b"'],
  ['say "x"', '"say ""x"""'],
  ['a\r\nb', '"a\r\nb"'],
  ['=1+1', `"'=1+1"`],
  ['+1', `"'+1"`],
  ['-1', `"'-1"`],
  ['@SUM(A1)', `"'@SUM(A1)"`],
  ['\t=1', `"'\t=1"`],
  ['=HYPERLINK("http://evil")', `"'=HYPERLINK(""http://evil"")"`],
  ['goweb.1', 'goweb.1'],
])('writes %j as %s', (text, expected) => {
  expect(csvOf([], [[text]])).toBe(`\r\n${expected}\r\n`);
});

test('a negative number stays a number', () => {
  expect(csvOf([], [[-1]])).toBe('\r\n-1\r\n');
});

test('any cells can be read back, and none starts a formula', () => {
  const cell: fc.Arbitrary<Cell> = fc.oneof(
    fc.string({ unit: fc.constantFrom('=', '+', '-', '@', '"', ',', '\r', '\n', '\t', 'a', "'") }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constant(null),
  );
  fc.assert(
    fc.property(fc.array(fc.tuple(cell, cell, cell)), (rows) => {
      const [, ...back] = read(csvOf(['a', 'b', 'c'], rows));
      expect(back).toHaveLength(rows.length);
      rows.forEach((row, i) =>
        row.forEach((given, j) => {
          const got = back[i]?.[j] ?? '?';
          expect([String(given ?? ''), `'${given}`]).toContain(got);
          expect(typeof given === 'string' && /^[=+\-@\t\r\n]/.test(got)).toBe(false);
        }),
      );
    }),
  );
});
