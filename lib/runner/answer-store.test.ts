import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anAnswer } from '@/tests/factories/curl';
import { ERROR_KINDS, MAX_REQUESTS, type Answer } from '@/lib/curl/run';
import { AnswerStore, BYTES_PER_ANSWER, MAX_NAMES } from './answer-store';

const hundredths = (max: number) => fc.integer({ min: 0, max: max * 100 }).map((n) => n / 100);
const answer: fc.Arbitrary<Answer> = fc.record({
  n: fc.integer({ min: 1, max: MAX_REQUESTS }),
  at: hundredths(300_000),
  lag: hundredths(100),
  entryNodeId: fc.constantFrom('a', 'b', 'c'),
  taskId: fc.option(fc.string()),
  container: fc.option(fc.string()),
  status: fc.option(fc.integer({ min: 100, max: 999 })),
  error: fc.option(fc.constantFrom(...ERROR_KINDS)),
  ms: hundredths(20_000),
  connectMs: fc.option(hundredths(5000)),
  firstByteMs: fc.option(hundredths(10_000)),
});

test('returns answers as they were stored', () => {
  fc.assert(
    fc.property(fc.array(answer), (given) => {
      const answers = new AnswerStore(given.length, ['a', 'b', 'c']);
      for (const each of given) answers.push(each);
      expect(answers.slice(0, Infinity)).toEqual(given);
      expect(answers.slice(1, 3)).toEqual(given.slice(1, 3));
      expect(answers.length).toBe(given.length);
    }),
  );
});

test('stores at most MAX_NAMES names', () => {
  const answers = new AnswerStore(MAX_REQUESTS, ['id-ctrl']);
  for (let n = 1; n <= MAX_REQUESTS; n++) {
    answers.push(anAnswer(n, null, { error: 'unknown container', container: `made-up-${n}` }));
  }
  const stored = answers.slice(0, Infinity).filter(({ container }) => container !== null);
  expect(stored).toHaveLength(MAX_NAMES);
  expect(() => answers.push(anAnswer(1, 1))).toThrow(RangeError);
});

test('twenty full runs take less than 4 MB', () => {
  expect(20 * MAX_REQUESTS * BYTES_PER_ANSWER).toBeLessThan(4e6);
});
