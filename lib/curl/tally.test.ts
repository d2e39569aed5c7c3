import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aRun } from '@/tests/fixtures/run';
import { aCourse, aMoment, aTask, aView, anAnswer } from './fixtures';
import { ERROR_KINDS, runSchema, type Answer } from './run';
import { MAX_UNKNOWN, Tally } from './tally';

function started(view = aView()): Tally {
  const tally = new Tally(aCourse());
  tally.see(view, aMoment(0));
  return tally;
}

/** Sends and answers in order: a number is a slot, null a refusal. */
function play(tally: Tally, slots: (number | null)[]) {
  for (const slot of slots) tally.add(anAnswer(tally.send(), slot));
  return tally.summary(true);
}

test('running tasks without an answer are listed, by slot', () => {
  const { shares } = play(started(), [3, 3]);
  expect(shares.map(({ name, answers, share, p50 }) => [name, answers, share, p50])).toEqual([
    ['goweb.1', 0, 0, null],
    ['goweb.2', 0, 0, null],
    ['goweb.3', 2, 1, 5],
  ]);
});

test('a task that ended stays if it has answered, behind those that run', () => {
  const tally = started();
  play(tally, [1, 2, 3]);
  tally.see(aView({ tasks: [aTask(2), aTask(4)] }), aMoment(1000));
  const { shares } = tally.summary(false);
  expect(shares.map((share) => share.name)).toEqual(['goweb.2', 'goweb.4', 'goweb.1', 'goweb.3']);
});

test('a task that ended without an answer is not listed', () => {
  const tally = started();
  tally.see(aView({ tasks: [aTask(1)] }), aMoment(1000));
  expect(tally.summary(false).shares.map((share) => share.name)).toEqual(['goweb.1']);
});

test('repeats and spread go by send order, not by arrival', () => {
  const tally = started();
  for (let i = 0; i < 6; i++) tally.send();
  for (const n of [6, 1, 5, 2, 4, 3]) tally.add(anAnswer(n, ((n - 1) % 3) + 1));
  expect(tally.summary(true)).toMatchObject({ repeats: 0, spread: 0, answered: 6 });
});

test('a failure between two answers does not part them', () => {
  expect(play(started(), [1, null, 1, null, 1])).toMatchObject({ repeats: 1, failed: 2 });
});

test('errors are counted by kind, and an unknown container has answered', () => {
  const tally = started();
  tally.add(anAnswer(tally.send(), null, { error: 'refused' }));
  tally.add(anAnswer(tally.send(), null, { error: '5xx', status: 500 }));
  tally.add(
    anAnswer(tally.send(), null, { error: 'unknown container', container: 'feedfacecafe' }),
  );
  const summary = tally.summary(true);
  expect(summary).toMatchObject({ sent: 3, answered: 1, failed: 2 });
  expect(summary.errors).toEqual({ refused: 1, '5xx': 1, 'unknown container': 1 });
  expect(summary.shares.at(-1)).toMatchObject({ taskId: null, name: 'feedfacecafe', share: 1 });
});

test('made-up containers do not grow the run', () => {
  const tally = started(aView({ tasks: [] }));
  for (let i = 0; i < 500; i++) {
    const container = `made-up-${i}`;
    tally.add(anAnswer(tally.send(), null, { error: 'unknown container', container }));
  }
  const { shares } = tally.summary(true);
  expect(shares).toHaveLength(MAX_UNKNOWN + 1);
  expect(shares.find((share) => share.name === 'other containers')?.answers).toBe(
    500 - MAX_UNKNOWN,
  );
});

test('what the stop cut off neither answered nor failed, and does not hold up the count', () => {
  const tally = started();
  for (let i = 0; i < 4; i++) tally.send();
  tally.add(anAnswer(2, 2));
  tally.add(anAnswer(3, 3));
  expect(tally.summary(false).spread).toBe(0);
  tally.cut(1);
  tally.cut(4);
  expect(tally.summary(true)).toMatchObject({ sent: 4, answered: 2, failed: 0, spread: 1 });
});

test('latencies are of good answers only', () => {
  const tally = started();
  tally.add(anAnswer(tally.send(), 1, { ms: 10 }));
  tally.add(anAnswer(tally.send(), null, { ms: 2000 }));
  tally.add(anAnswer(tally.send(), 2, { ms: 30 }));
  expect(tally.summary(true)).toMatchObject({ p50: 10, p95: 30 });
});

describe('whatever comes in', () => {
  const outcome = fc.record({
    slot: fc.option(fc.integer({ min: 1, max: 5 })),
    error: fc.constantFrom(...ERROR_KINDS),
    ms: fc.double({ min: 0, max: 4000, noNaN: true }),
  });

  test('the sums hold and the result is a valid run', () => {
    fc.assert(
      fc.property(fc.array(outcome), fc.integer({ min: 0, max: 5 }), (outcomes, changeAt) => {
        const tally = started();
        const good: Answer[] = [];
        outcomes.forEach(({ slot, error, ms }, i) => {
          if (i === changeAt)
            tally.see(aView({ tasks: [aTask(2), aTask(3), aTask(4)] }), aMoment(i));
          const answer = anAnswer(tally.send(), slot, {
            ms,
            ...(slot === null ? { error, container: error } : {}),
          });
          if (slot !== null || error === 'unknown container') good.push(answer);
          tally.add(answer);
        });
        const summary = tally.summary(true);
        const sum = (numbers: number[]) => numbers.reduce((a, b) => a + b, 0);
        expect(summary.answered + summary.failed).toBe(summary.sent);
        expect(summary.answered).toBe(good.length);
        expect(sum(summary.shares.map((share) => share.answers))).toBe(summary.answered);
        const whole = good.length > 0 ? 1 : 0;
        expect(sum(summary.shares.map((share) => share.share))).toBeCloseTo(whole, 9);
        const unknown = summary.errors['unknown container'] ?? 0;
        expect(sum(Object.values(summary.errors))).toBe(summary.failed + unknown);
        expect(summary.verdict).not.toMatch(/undefined|null|NaN|\?/);
        const fields = runSchema.safeParse(aRun(summary));
        expect(fields.error).toBeUndefined();
      }),
    );
  });
});
