import fc from 'fast-check';
import { expect, test } from 'vitest';
import { entriesOf, LogBuffer, type BufferPart } from './log-buffer';

const note = (text: string) => ({ kind: 'note' as const, text, taskId: null });
const texts = (part: BufferPart) => entriesOf(part).map(({ text }) => text);
const sizeOf = ({ pieces }: BufferPart) => pieces.reduce((sum, { length }) => sum + length, 0);

test('numbers entries and returns them from any number on', () => {
  const buffer = new LogBuffer();
  for (const text of ['a', 'b', 'c']) buffer.push(note(text));
  const all = buffer.read(0, 1e6);
  expect(entriesOf(all)).toEqual([
    { n: 0, ...note('a') },
    { n: 1, ...note('b') },
    { n: 2, ...note('c') },
  ]);
  expect(texts(buffer.read(2, 1e6))).toEqual(['c']);
  expect(buffer.read(3, 1e6)).toEqual({ pieces: [], next: 3, skipped: 0 });
});

test('holds the latest, and tells how many a reader has missed', () => {
  const buffer = new LogBuffer({ entries: 3, bytes: 1e6 });
  for (const text of ['a', 'b', 'c', 'd', 'e']) buffer.push(note(text));
  expect([buffer.first, buffer.next]).toEqual([2, 5]);
  const part = buffer.read(1, 1e6);
  expect([texts(part), part.next, part.skipped]).toEqual([['c', 'd', 'e'], 5, 1]);
});

test('returns at least one entry, however small the message', () => {
  const buffer = new LogBuffer();
  for (const text of ['x'.repeat(1000), 'b']) buffer.push(note(text));
  expect(buffer.read(0, 10)).toMatchObject({ next: 1, skipped: 0 });
});

test('is bounded by entries and by bytes, and returns every entry once', () => {
  const sizes = fc.array(fc.nat(300), { maxLength: 60 });
  fc.assert(
    fc.property(sizes, fc.array(fc.nat(400), { minLength: 60 }), (lengths, rooms) => {
      const buffer = new LogBuffer({ entries: 7, bytes: 900 });
      let at = 0;
      let seen = 0;
      let skippedInAll = 0;
      for (const [n, length] of lengths.entries()) {
        buffer.push(note('x'.repeat(length)));
        expect(buffer.next - buffer.first).toBeLessThanOrEqual(7);
        expect(sizeOf(buffer.read(0, 1e6))).toBeLessThanOrEqual(900);
        const part = buffer.read(at, rooms[n] ?? 1);
        expect(texts(part)).toHaveLength(part.next - at - part.skipped);
        seen += entriesOf(part).length;
        skippedInAll += part.skipped;
        at = part.next;
      }
      const rest = buffer.read(at, 1e6);
      expect(seen + skippedInAll + entriesOf(rest).length + rest.skipped).toBe(lengths.length);
    }),
  );
});

test('lines that need several pages and more than one page each come as they were', () => {
  const line = fc.string({ unit: 'binary', maxLength: 200 });
  fc.assert(
    fc.property(fc.array(line, { minLength: 1, maxLength: 40 }), fc.nat(39), (lines, big) => {
      const all = lines.flatMap((text, n) => [text, 'é'.repeat(n === big ? 40_000 : 3000)]);
      const buffer = new LogBuffer();
      for (const text of all) buffer.push(note(text));
      const read: string[] = [];
      for (let next = 0; next < buffer.next;) {
        const part = buffer.read(next, 20_000);
        read.push(...texts(part));
        next = part.next;
      }
      expect(read).toEqual(all);
      expect(texts(buffer.read(all.length - 1, 1))).toEqual(all.slice(-1));
    }),
  );
});

test('holds less once its share is smaller', () => {
  const buffer = new LogBuffer({ entries: 5000, bytes: 1_000_000 });
  for (let n = 0; n < 2000; n += 1) buffer.push(note(`line ${n}`));
  expect(buffer.first).toBe(0);
  buffer.limitTo(50_000);
  expect(sizeOf(buffer.read(0, 1e9))).toBeGreaterThan(49_000);
  expect(sizeOf(buffer.read(0, 1e9))).toBeLessThanOrEqual(50_000);
  expect(texts(buffer.read(0, 1e9)).at(-1)).toBe('line 1999');
});

test('finds the first line since a time', () => {
  const buffer = new LogBuffer({ entries: 3, bytes: 1e6 });
  const line = (ms: string) =>
    buffer.push({
      kind: 'line',
      time: `2026-01-01T12:00:00.${ms}000000Z`,
      taskId: 't',
      nodeId: 'n',
      stream: 'stdout',
      text: ms,
      cut: false,
    });
  for (const ms of ['100', '200', '300', '400']) line(ms);
  const since = (ms: string) => buffer.firstSince(`2026-01-01T12:00:00.${ms}Z`);
  expect(['100', '200', '250', '400', '401'].map(since)).toEqual([1, 1, 2, 3, 4]);
  buffer.push(note('a'));
  expect(['401', '400'].map(since)).toEqual([5, 3]);
});
