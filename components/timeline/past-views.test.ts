import type { ShownProblem } from '@/lib/client/request';
import { expect, test } from 'vitest';
import { aView } from '@/tests/factories/view';
import { PastViewLoader, type PastViewResult } from './past-views';

const NOW = 1_000_000;
const PROBLEM = { kind: 'not-found', detail: 'Nobody watched.' } as ShownProblem;

/** A slider whose questions are answered by hand. */
function slider() {
  const asked: { at: number; answer: (answer: PastViewResult) => Promise<void> }[] = [];
  const shown: (number | null)[] = [];
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  const moments = new PastViewLoader(
    (at) =>
      new Promise((done) => {
        asked.push({ at, answer: (answer) => (done(answer), settle()) });
      }),
    (past) => shown.push(past && past.at),
    () => Promise.resolve(),
  );
  return { moments, asked, shown };
}
const picture = (at: number): PastViewResult => ({ at, view: aView() });

test('one question at a time, then the one that was chosen last', async () => {
  const { moments, asked, shown } = slider();
  for (const at of [900_000, 910_000, 920_000]) moments.goTo(at, NOW);
  expect(asked.map(({ at }) => at)).toEqual([900_000]);
  await asked[0]!.answer(picture(890_000));
  expect(asked.map(({ at }) => at)).toEqual([900_000, 920_000]);
  await asked[1]!.answer(picture(915_000));
  expect(shown).toEqual([900_000, 920_000]);
  expect(moments.get()).toMatchObject({ at: 920_000, pictureAt: 915_000, problem: null });
});

test('back to now waits for nobody, and a late answer changes nothing', async () => {
  const { moments, asked, shown } = slider();
  moments.goTo(900_000, NOW);
  moments.backToNow();
  expect(shown).toEqual([null]);
  await asked[0]!.answer(picture(900_000));
  expect(shown).toEqual([null]);
  expect(moments.get()).toMatchObject({ at: null, pictureAt: null });
});

test('a moment is asked for once, one that has only just passed again', async () => {
  const { moments, asked } = slider();
  moments.goTo(900_000, NOW);
  await asked[0]!.answer(picture(900_000));
  moments.goTo(999_000, NOW);
  await asked[1]!.answer(picture(999_000));
  moments.goTo(900_000, NOW);
  expect(asked).toHaveLength(2);
  await Promise.resolve();
  moments.goTo(999_000, NOW);
  await new Promise((done) => setImmediate(done));
  expect(asked).toHaveLength(3);
});

test('a moment that nobody saw says so and leaves the board as it is', async () => {
  const { moments, asked, shown } = slider();
  moments.goTo(5, NOW);
  await asked[0]!.answer({ problem: PROBLEM });
  expect(shown).toEqual([]);
  expect(moments.get().problem).toBe(PROBLEM);
  moments.goTo(900_000, NOW);
  expect(moments.get().problem).toBeNull();
});

test('the window stands still in the past, and knows when the present was left', () => {
  const { moments } = slider();
  moments.setZoom(60_000, NOW);
  moments.goTo(NOW - 10_000, NOW);
  moments.goTo(NOW - 20_000, NOW + 5000);
  expect(moments.get()).toMatchObject({ end: NOW, left: NOW });
  moments.goTo(NOW - 600_000, NOW + 6000);
  expect(moments.get().end).toBe(NOW - 570_000);
  moments.setZoom(3_600_000, NOW + 7000);
  expect(moments.get().end).toBe(NOW - 570_000);
});

test('whoever listens is told, until it stops listening', () => {
  const { moments } = slider();
  let told = 0;
  const stop = moments.subscribe(() => told++);
  moments.goTo(900_000, NOW);
  const before = moments.get();
  expect(moments.get()).toBe(before);
  stop();
  moments.backToNow();
  expect(told).toBe(1);
});
