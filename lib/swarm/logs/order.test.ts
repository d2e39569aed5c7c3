import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inTimeOrder } from './order';

const time = (second: number) => `2026-01-01T12:00:${String(second).padStart(2, '0')}.000000000Z`;
const of = (taskId: string, ...seconds: number[]) =>
  seconds.map((second, n) => ({ taskId, time: time(second), n }));

test('merges the lines of several tasks', () => {
  const lines = [...of('a', 1, 4, 5), ...of('b', 2, 3, 6)];
  expect(inTimeOrder(lines).map((line) => line.time)).toEqual([1, 2, 3, 4, 5, 6].map(time));
});

test('a clock that was set back does not change the order of a task’s lines', () => {
  const lines = [...of('a', 9, 1, 2), ...of('b', 5)];
  expect(inTimeOrder(lines).map(({ taskId, n }) => `${taskId}${n}`)).toEqual([
    'b0',
    'a0',
    'a1',
    'a2',
  ]);
});

test('keeps each task’s order and every line', () => {
  const line = fc.record({ taskId: fc.constantFrom('a', 'b', 'c'), time: fc.nat(59).map(time) });
  fc.assert(
    fc.property(fc.array(line), (lines) => {
      const merged = inTimeOrder(lines);
      for (const id of ['a', 'b', 'c']) {
        const own = (all: typeof lines) => all.filter(({ taskId }) => taskId === id);
        expect(own(merged)).toEqual(own(lines));
      }
    }),
  );
});
