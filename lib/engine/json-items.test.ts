import fc from 'fast-check';
import { expect, test } from 'vitest';
import { JsonItems, MAX_ITEM_BYTES, MAX_SKIPPED_BYTES } from './json-items';

/** Splits `text` into chunks at `cuts`, and returns what the splitter finds. */
function split(text: string, cuts: readonly number[] = []) {
  const bytes = Buffer.from(text);
  const ends = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].toSorted((a, b) => a - b);
  const items = new JsonItems();
  const found = [0, ...ends].flatMap((begin, at) => [
    ...items.push(bytes.subarray(begin, ends[at] ?? bytes.length)),
  ]);
  const rest = items.end();
  return rest ? [...found, rest] : found;
}

test('finds the entries of any array in chunks of any size', () => {
  fc.assert(
    fc.property(
      fc.array(fc.jsonValue()),
      fc.constantFrom(undefined, 1, '\t'),
      fc.array(fc.nat(), { maxLength: 20 }),
      (list, space, cuts) => {
        const found = split(` ${JSON.stringify(list, null, space)}\n`, cuts);
        expect(found.every(({ kind }) => kind === 'item')).toBe(true);
        expect(found.map(({ text }) => JSON.parse(text) as unknown)).toEqual(
          JSON.parse(JSON.stringify(list)),
        );
      },
    ),
  );
});

test('returns a body that is no array as one text', () => {
  fc.assert(
    fc.property(
      fc.string().filter((text) => !/^\s*\[/.test(text)),
      fc.array(fc.nat(), { maxLength: 5 }),
      (body, cuts) => {
        const [found, ...others] = split(body, cuts);
        expect(others).toEqual([]);
        expect(found?.kind).toBe('whole');
        expect(found?.text.trim()).toBe(Buffer.from(body).toString().trim());
      },
    ),
  );
});

test.each([['['], ['[1'], ['[1,'], ['[{"a":1}'], ['["]'], ['[{]'], ['[1]x'], ['[1][']])(
  'a list without an end, or with more after it, is rejected: %s',
  (body) => expect(() => split(body)).toThrow(SyntaxError),
);

test.each([['[,]'], ['[1,]'], ['[,1]']])(
  'leaves an empty entry for the parser to reject: %s',
  (body) => expect(split(body).map(({ text }) => text)).toContain(''),
);

test('keeps no more than the largest entry', () => {
  const entry = `"${'x'.repeat(MAX_ITEM_BYTES - 2)}"`;
  expect(split(`[${entry},${entry}]`)).toHaveLength(2);
  expect(split(`[${' '.repeat(3 * MAX_ITEM_BYTES)}]`)).toEqual([]);
  for (const body of [`["${'x'.repeat(MAX_SKIPPED_BYTES)}`, 'x'.repeat(MAX_ITEM_BYTES + 1)]) {
    expect(() => split(body, [10, 100_000])).toThrow(RangeError);
  }
});

test('of an entry that is too large only the beginning is kept, and those after it are found', () => {
  const large = JSON.stringify({ ID: 'a', Err: 'x'.repeat(MAX_ITEM_BYTES) });
  const cuts = Array.from({ length: 20 }, (_, at) => at * 65_536);
  for (const at of [[], cuts]) {
    const found = split(`[1,${large},${large},2]`, at);
    expect(found.map(({ kind }) => kind)).toEqual(['item', 'large', 'large', 'item']);
    expect(found[1]?.text).toMatch(/^\{"ID":"a","Err":"x+$/);
    expect(found[1]?.text.length).toBeLessThan(1000);
    expect(found[3]?.text).toBe('2');
  }
});
