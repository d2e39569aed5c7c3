import fc from 'fast-check';
import { expect, test } from 'vitest';
import { LogReplay } from './replay';

const time = (n: number) => `2026-01-01T12:00:00.${String(n).padStart(9, '0')}Z`;
const line = (taskId: string, n: number, text = '') => ({ taskId, time: time(n), text });

test('knows the lines that come again, and reports lines that are lost', () => {
  const replay = new LogReplay();
  expect([1, 2].map((n) => replay.take(line('a', n)))).toEqual(['new', 'new']);
  replay.reopen();
  expect([2, 2, 3].map((n) => replay.take(line('a', n)))).toEqual(['known', 'known', 'new']);
  replay.reopen();
  expect([7, 8].map((n) => replay.take(line('a', n)))).toEqual(['after a gap', 'new']);
});

test('a third line of the same time is new', () => {
  const replay = new LogReplay();
  replay.take(line('a', 5, 'x'));
  replay.reopen();
  expect(['x', 'y'].map((text) => replay.take(line('a', 5, text)))).toEqual(['known', 'new']);
});

test('a second copy of what comes again is known, that of new lines too', () => {
  const replay = new LogReplay();
  for (const n of [1, 2, 3]) replay.take(line('a', n));
  replay.reopen();
  const copy = () => [2, 3, 4, 5].map((n) => replay.take(line('a', n)));
  expect(copy()).toEqual(['known', 'known', 'new', 'new']);
  expect(copy()).toEqual(['known', 'known', 'known', 'known']);
  expect(replay.take(line('a', 6))).toBe('new');
  // Also of a task that had no line before.
  expect([1, 1].map((n) => replay.take(line('b', n)))).toEqual(['new', 'known']);
});

test('once it is settled every line is new that did not come before, though the clock was set back', () => {
  const replay = new LogReplay();
  replay.take(line('a', 5));
  expect(replay.take(line('a', 1))).toBe('new');
  replay.reopen();
  expect([1, 2].map((n) => replay.take(line('a', n)))).toEqual(['known', 'new']);
  expect(replay.take(line('a', 0))).toBe('known');
  replay.settle();
  expect(['x', 'y', 'x'].map((text) => replay.take(line('a', 0, text)))).toEqual([
    'new',
    'new',
    'known',
  ]);
});

test('a node that registers sends lines again on a stream that has been open for long', () => {
  const replay = new LogReplay();
  replay.reopen();
  const lines = Array.from({ length: 1000 }, (_, n) => line('a', n, 'the same text'));
  for (const one of lines) expect(replay.take(one)).toBe('new');
  replay.settle();
  for (const one of lines) expect(replay.take(one)).toBe('known');
  expect(replay.take(line('a', 1000))).toBe('new');
  replay.reopen();
  expect(replay.take(line('a', 1000))).toBe('known');
});

test('remembers a bounded number of lines, the latest', () => {
  const replay = new LogReplay();
  for (let n = 0; n < 50_000; n++) replay.take(line('a', n));
  expect([40_000, 0].map((n) => replay.take(line('a', n)))).toEqual(['known', 'new']);
});

test('remembers a bounded number of tasks, the latest', () => {
  const replay = new LogReplay();
  for (let n = 0; n < 3000; n++) replay.take(line(`t${n}`, n));
  replay.reopen();
  expect(replay.take(line('t2999', 2998))).toBe('known');
  expect(replay.take(line('t5', 4))).toBe('new');
});

test('however often a log is opened again, each line is taken once', () => {
  const log = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.nat(3)), { maxLength: 40 });
  fc.assert(
    fc.property(
      log,
      fc.array(fc.nat(40)),
      fc.infiniteStream(fc.boolean()),
      (steps, cuts, order) => {
        // Times of each task rise or stay.
        const clock = new Map<string, number>();
        const all = steps.map(([taskId, step], n) => {
          const at = (clock.get(taskId) ?? 0) + step;
          clock.set(taskId, at);
          return { ...line(taskId, at, `${n}`), n };
        });
        const replay = new LogReplay();
        const taken: number[] = [];
        const send = (lines: typeof all) => {
          for (const one of lines) if (replay.take(one) !== 'known') taken.push(one.n);
        };
        let sent = 0;
        for (const cut of cuts.map((cut) => cut % (all.length + 1)).sort((a, b) => a - b)) {
          send(all.slice(sent, cut));
          sent = Math.max(sent, cut);
          replay.reopen();
          // The engine sends one task after the other, perhaps twice, and some new lines with them.
          const end = Math.min(all.length, sent + 2);
          const again = all.slice(0, end);
          const [first, twice, settles, late] = order;
          const sign = first ? 1 : -1;
          const sorted = again.toSorted((a, b) => sign * a.taskId.localeCompare(b.taskId));
          send(sorted);
          if (twice) send(sorted);
          if (settles) replay.settle();
          if (late) send(sorted);
          sent = end;
        }
        send(all.slice(sent));
        expect(taken.sort((a, b) => a - b)).toEqual(all.map(({ n }) => n));
      },
    ),
    { numRuns: 1000 },
  );
});
