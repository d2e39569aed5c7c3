import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogList, type ListEntry, type NewListEntry } from './log-list';

const line = (n: number): NewListEntry => ({
  kind: 'line',
  time: '2026-01-01T12:00:00.000000000Z',
  taskId: 'task-1',
  nodeId: 'node-1',
  stream: 'stdout',
  text: `line ${n}`,
  cut: false,
});
const lines = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, at) => line(from + at));
const LIMITS = { entries: 20, characters: 100_000, block: 5 };
const entriesOf = (list: LogList): ListEntry[] =>
  list.snapshot.blocks.flatMap(({ entries }) => entries);
const textsOf = (list: LogList) => entriesOf(list).map(({ text }) => text);

describe('a list that follows', () => {
  test('shows each entry, in blocks that stay the same once they are full', () => {
    const list = new LogList(LIMITS);
    list.add(lines(1, 7));
    const [first, second] = list.snapshot.blocks;
    list.add(lines(8, 12));
    const { blocks, count, dropped } = list.snapshot;
    expect(blocks.map(({ entries }) => entries.length)).toEqual([5, 5, 2]);
    expect(blocks[0]).toBe(first);
    expect(blocks[1]).not.toBe(second);
    expect(blocks[1]?.key).toBe(second?.key);
    expect({ count, dropped }).toEqual({ count: 12, dropped: 0 });
  });

  test('drops its oldest blocks and counts what was dropped', () => {
    const list = new LogList(LIMITS);
    list.add(lines(1, 23));
    expect(textsOf(list)).toEqual(lines(6, 23).map(({ text }) => text));
    expect(list.snapshot.dropped).toBe(5);
  });

  test('drops by the size of the texts too, but keeps a block of long ones', () => {
    const list = new LogList({ ...LIMITS, characters: 1000 });
    list.add([{ ...line(1), text: 'x'.repeat(5000) }]);
    expect(list.snapshot.count).toBe(1);
    list.add(lines(2, 9));
    expect(list.snapshot.dropped).toBe(5);
    expect(textsOf(list)).toEqual(['line 6', 'line 7', 'line 8', 'line 9']);
  });
});

describe('a list that is paused', () => {
  test('does not change, and shows what has waited when it follows again', () => {
    const list = new LogList(LIMITS);
    list.add(lines(1, 3));
    list.pause();
    const { blocks } = list.snapshot;
    list.add(lines(4, 6));
    expect(list.snapshot.blocks).toBe(blocks);
    expect(list.snapshot.waiting).toBe(3);
    list.follow();
    expect(textsOf(list)).toEqual(lines(1, 6).map(({ text }) => text));
    expect(list.snapshot.waiting).toBe(0);
  });

  test('holds as many waiting entries as it shows, and says at their place how many are missing', () => {
    const list = new LogList(LIMITS);
    list.add(lines(1, 4));
    list.pause();
    list.add(lines(5, 24));
    list.add(lines(25, 26));
    expect(list.snapshot.waiting).toBe(22);
    const twoMissing =
      '2 lines that came while the list was paused are missing here: this page holds only the latest.';
    // The list holds 20, in blocks of 5: the first block is dropped with the note.
    list.follow();
    expect(textsOf(list)).not.toContain(twoMissing);
    expect(textsOf(list).slice(-2)).toEqual(['line 25', 'line 26']);
    const roomy = new LogList({ ...LIMITS, characters: 1500 });
    roomy.add(lines(1, 2));
    roomy.pause();
    roomy.add([
      { ...line(3), text: 'x'.repeat(1000) },
      { ...line(4), text: 'y'.repeat(1000) },
    ]);
    expect(roomy.snapshot.waiting).toBe(2);
    roomy.follow();
    expect(textsOf(roomy).slice(0, 3)).toEqual([
      'line 1',
      'line 2',
      '1 line that came while the list was paused is missing here: this page holds only the latest.',
    ]);
  });
});

test('older entries come before the others, also while the list is paused', () => {
  const list = new LogList(LIMITS);
  list.add(lines(5, 6));
  list.pause();
  expect(list.addOlder(lines(3, 4))).toBe(-1);
  expect(list.addOlder(lines(1, 2))).toBe(-3);
  expect(textsOf(list)).toEqual(lines(1, 6).map(({ text }) => text));
  expect(entriesOf(list).map(({ id }) => id)).toEqual([-3, -2, -1, 0, 1, 2]);
  list.follow();
  list.add(lines(7, 30));
  // They are the first to go.
  expect(textsOf(list)[0]).toBe('line 15');
});

test('whatever happens, ids rise, lines keep their order, and nothing is shown twice', () => {
  const step = fc.oneof(
    fc.record({ add: fc.integer({ min: 0, max: 30 }) }),
    fc.constant('pause' as const),
    fc.constant('follow' as const),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const list = new LogList(LIMITS);
      let next = 1;
      const changed: unknown[] = [];
      for (const one of steps) {
        const { blocks, following } = list.snapshot;
        if (one === 'pause') list.pause();
        else if (one === 'follow') list.follow();
        else {
          list.add(lines(next, next + one.add - 1));
          next += one.add;
          if (!following && list.snapshot.blocks !== blocks) changed.push(one);
        }
        const entries = entriesOf(list);
        expect(entries.length).toBe(list.snapshot.count);
        expect(entries.length).toBeLessThanOrEqual(LIMITS.entries);
        const ids = entries.map(({ id }) => id);
        expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
        const numbers = entries.flatMap(({ kind, text }) =>
          kind === 'line' ? [Number(text.slice(5))] : [],
        );
        expect(numbers).toEqual([...new Set(numbers)].toSorted((a, b) => a - b));
      }
      expect(changed).toEqual([]);
      list.follow();
      // The latest lines are there, as many as it holds, less a block.
      const texts = textsOf(list).filter((text) => text.startsWith('line'));
      expect(texts.at(-1)).toBe(next > 1 ? `line ${next - 1}` : undefined);
    }),
  );
});
