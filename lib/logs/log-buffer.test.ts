import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogBuffer } from './log-buffer';

const note = (text: string) => ({ kind: 'note' as const, text, taskId: null });
const texts = (entries: string[]) =>
  entries.map((json) => (JSON.parse(json) as { text: string }).text);

test('numbers entries and returns them from any number on', () => {
  const buffer = new LogBuffer();
  for (const text of ['a', 'b', 'c']) buffer.push(note(text));
  const all = buffer.read(0, 1e6);
  expect(all.entries.map((json) => JSON.parse(json))).toEqual([
    { n: 0, ...note('a') },
    { n: 1, ...note('b') },
    { n: 2, ...note('c') },
  ]);
  expect(texts(buffer.read(2, 1e6).entries)).toEqual(['c']);
  expect(buffer.read(3, 1e6)).toEqual({ entries: [], next: 3, skipped: 0 });
});

test('holds the latest, and tells how many a reader has missed', () => {
  const buffer = new LogBuffer({ entries: 3, characters: 1e6 });
  for (const text of ['a', 'b', 'c', 'd', 'e']) buffer.push(note(text));
  expect([buffer.first, buffer.next]).toEqual([2, 5]);
  const { entries, next, skipped } = buffer.read(1, 1e6);
  expect([texts(entries), next, skipped]).toEqual([['c', 'd', 'e'], 5, 1]);
});

test('returns at least one entry, however small the message', () => {
  const buffer = new LogBuffer();
  for (const text of ['x'.repeat(1000), 'b']) buffer.push(note(text));
  expect(buffer.read(0, 10)).toMatchObject({ next: 1, skipped: 0 });
});

test('is bounded by entries and by characters, and returns every entry once', () => {
  const sizes = fc.array(fc.nat(300), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(400), { minLength: 60 }), (lengths, rooms) => {
      const buffer = new LogBuffer({ entries: 7, characters: 900 });
      let at = 0;
      let seen = 0;
      let skippedInAll = 0;
      for (const [n, length] of lengths.entries()) {
        buffer.push(note('x'.repeat(length)));
        expect(buffer.next - buffer.first).toBeLessThanOrEqual(7);
        const held = buffer.read(0, 1e6).entries;
        expect(held.join('').length).toBeLessThanOrEqual(900);
        const { entries, next, skipped } = buffer.read(at, rooms[n] ?? 1);
        seen += entries.length;
        skippedInAll += skipped;
        at = next;
      }
      const rest = buffer.read(at, 1e6);
      expect(seen + skippedInAll + rest.entries.length + rest.skipped).toBe(lengths.length);
    }),
  );
});
