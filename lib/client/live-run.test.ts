import { expect, test } from 'vitest';
import type { LiveMessage } from '@/lib/api';
import { anAnswer, aRun } from '@/tests/factories/curl';
import { addToRun } from './live-run';

type RunMessage = Extract<LiveMessage, { kind: 'run' }>;
const aMessage = (over: Partial<RunMessage> = {}): RunMessage => ({
  kind: 'run',
  run: aRun(),
  answers: [],
  seconds: [],
  reset: false,
  ...over,
});
const answers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => anAnswer(from + i, 1));
const second = (at: number, failed = 0) => ({ second: at, answers: {}, failed, skipped: 0 });

test('replaces seconds that are sent again, and keeps the last 60', () => {
  const first = Array.from({ length: 60 }, (_, at) => second(at));
  const before = addToRun(undefined, aMessage({ seconds: first, reset: true }));
  const after = addToRun(before, aMessage({ seconds: [second(59, 2), second(60, 1)] }));
  expect(after.seconds).toHaveLength(60);
  expect(after.seconds.at(0)?.second).toBe(1);
  expect(after.seconds.slice(-2)).toEqual([second(59, 2), second(60, 1)]);
});

test('sorts a second whose only outcome arrives late', () => {
  const before = addToRun(undefined, aMessage({ seconds: [second(27), second(29)], reset: true }));
  const after = addToRun(before, aMessage({ seconds: [second(28, 1)] }));
  expect(after.seconds.map((one) => one.second)).toEqual([27, 28, 29]);
});

test('starts over with another run or a reset', () => {
  const before = addToRun(undefined, aMessage({ answers: answers(1, 3), seconds: [second(0)] }));
  const other = addToRun(before, aMessage({ run: aRun({ id: 'run-2' }) }));
  expect(other).toMatchObject({ answers: [], seconds: [] });
  const again = addToRun(before, aMessage({ answers: answers(4, 4), reset: true }));
  expect(again).toMatchObject({ answers: answers(4, 4), seconds: [] });
});
