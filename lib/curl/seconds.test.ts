import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { anAnswer } from '@/tests/factories/curl';
import { SECONDS_SHOWN } from './run';
import { Seconds } from './seconds';

test('counts answers and failures in the second of their tick', () => {
  const answers = [
    anAnswer(1, 1, { at: 0 }),
    anAnswer(2, 2, { at: 999.99 }),
    anAnswer(3, 1, { at: 1000 }),
    anAnswer(4, null, { at: 1200, ms: 5000 }),
    anAnswer(5, null, { at: 2000, error: 'unknown container', container: 'x' }),
  ];
  const seconds = new Seconds();
  for (const answer of answers) seconds.add(answer);
  expect(seconds.since(0)).toEqual([
    { second: 0, answers: { 'task-1': 1, 'task-2': 1 }, failed: 0, skipped: 0 },
    { second: 1, answers: { 'task-1': 1 }, failed: 1, skipped: 0 },
    { second: 2, answers: { '': 1 }, failed: 0, skipped: 0 },
  ]);
});

test('returns only seconds that changed, each complete', () => {
  const seconds = new Seconds();
  seconds.add(anAnswer(1, 1, { at: 0 }));
  const first = seconds.rev;
  seconds.add(anAnswer(2, 2, { at: 1500 }));
  seconds.skip(1700);
  expect(seconds.since(first)).toEqual([
    { second: 1, answers: { 'task-2': 1 }, failed: 0, skipped: 1 },
  ]);
  const second = seconds.rev;
  // A late outcome of a second that is over.
  seconds.add(anAnswer(3, null, { at: 400 }));
  expect(seconds.since(second)).toEqual([
    { second: 0, answers: { 'task-1': 1 }, failed: 1, skipped: 0 },
  ]);
  expect(seconds.since(seconds.rev)).toEqual([]);
});

test('a subscriber that applies all changes has the whole last minute', () => {
  const events = fc.array(
    fc.record({ at: fc.integer({ min: 0, max: 100_000 }), slot: fc.integer({ min: 1, max: 3 }) }),
  );
  fc.assert(
    fc.property(events, fc.integer({ min: 1, max: 7 }), (sent, every) => {
      const seconds = new Seconds();
      const seen = new Map<number, unknown>();
      let rev = 0;
      const take = () => {
        for (const second of seconds.since(rev)) seen.set(second.second, second);
        rev = seconds.rev;
      };
      sent
        .toSorted((a, b) => a.at - b.at)
        .forEach(({ at, slot }, i) => {
          seconds.add(anAnswer(i + 1, slot, { at }));
          if (i % every === 0) take();
        });
      take();
      const whole = seconds.since(0);
      expect(whole.length).toBeLessThanOrEqual(SECONDS_SHOWN);
      for (const second of whole) expect(seen.get(second.second)).toEqual(second);
    }),
  );
});
