import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FairnessWindow, repeatsOf, SETTLE_MS } from './fairness-window';

const set = (...ids: string[]) => new Set(ids);

/** Sends `order` one after the other, each answered before the next; null is a failure. */
function play(
  window: FairnessWindow,
  byN: (string | null | undefined)[],
  order: (string | null)[],
  at = 0,
) {
  for (const who of order) {
    const n = Math.max(byN.length, 1);
    byN[n] = who;
    if (who !== null) window.add({ n, at });
  }
  return window.summary(byN, byN.length - 1);
}

test('round robin is even to within one at any time', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 8 }),
      fc.integer({ max: 40, min: 0 }),
      (tasks, answers) => {
        const ids = Array.from({ length: tasks }, (_, i) => `t${i}`);
        const window = new FairnessWindow();
        window.setRunningTasks(new Set(ids), 0, 0);
        const order = Array.from({ length: answers }, (_, i) => ids[i % tasks] ?? '');
        const summary = play(window, [], order);
        expect(summary.spread ?? 0).toBeLessThanOrEqual(1);
        expect(summary.answers).toBe(answers);
      },
    ),
  );
});

test('round robin stays even while answers arrive out of order', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 5 }),
      fc.integer({ min: 1, max: 30 }),
      fc.gen(),
      (tasks, sent, g) => {
        const ids = Array.from({ length: tasks }, (_, i) => `t${i}`);
        const window = new FairnessWindow();
        window.setRunningTasks(new Set(ids), 0, 0);
        const byN: (string | undefined)[] = [];
        const order = g(() => fc.shuffledSubarray(Array.from({ length: sent }, (_, i) => i + 1)));
        for (const n of order) {
          byN[n] = ids[n % tasks];
          window.add({ n, at: 0 });
          expect(window.summary(byN, sent).spread ?? 0).toBeLessThanOrEqual(1);
        }
      },
    ),
  );
});

test('counts zero for a task without answers', () => {
  const window = new FairnessWindow();
  window.setRunningTasks(set('a', 'b', 'c'), 0, 0);
  const summary = play(window, [], ['a', 'b', 'a', 'b', 'a']);
  expect(summary.spread).toBe(3);
  expect(summary.counts.get('c')).toBe(0);
});

test('has no spread without answers', () => {
  const window = new FairnessWindow();
  window.setRunningTasks(set('a', 'b'), 0, 0);
  expect(play(window, [], [null, null]).spread).toBeNull();
});

test('has no spread with fewer than two tasks', () => {
  const window = new FairnessWindow();
  window.setRunningTasks(set('a'), 0, 0);
  expect(play(window, [], ['a', 'a']).spread).toBeNull();
  window.setRunningTasks(set(), 2, 0);
  expect(window.summary([], 2).spread).toBeNull();
});

describe('when the tasks change', () => {
  test('starts counting from zero; requests in flight belong to the old window', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b'), 0, 0);
    const byN = [undefined, 'a', 'b', 'a'];
    // Requests 4 and 5 are on their way.
    expect(window.setRunningTasks(set('a', 'c'), 5, 60_000)).toBe(true);
    byN[4] = 'b';
    byN[5] = 'a';
    window.add({ n: 4, at: 60_000 });
    window.add({ n: 5, at: 60_000 });
    const summary = window.summary(byN, 5);
    expect(summary.answers).toBe(0);
    expect(summary.changed).toBe(true);
  });

  test('the same set in another order is not a change', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b'), 0, 0);
    expect(window.setRunningTasks(set('b', 'a'), 3, 0)).toBe(false);
    expect(window.summary([], 0).changed).toBe(false);
  });

  test('waits for a new task that the mesh may not know yet', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b'), 0, 0);
    const byN: (string | null | undefined)[] = [];
    play(window, byN, ['a', 'b', 'a', 'b']);
    window.setRunningTasks(set('a', 'b', 'c'), 4, 1000);
    // Two more go to the old set, then the three take turns.
    const summary = play(window, byN, ['a', 'b', 'a', 'b', 'c', 'a', 'b', 'c'], 1500);
    expect(Object.fromEntries(summary.counts)).toEqual({ a: 2, b: 2, c: 2 });
    expect(summary.spread).toBe(0);
  });

  test('ignores answers of a task that has stopped', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b', 'c'), 0, 0);
    const byN: (string | null | undefined)[] = [];
    play(window, byN, ['a', 'b', 'c']);
    window.setRunningTasks(set('a', 'b'), 3, 600);
    const summary = play(window, byN, ['a', 'b', 'c', 'a', 'b', 'a'], 900);
    expect(Object.fromEntries(summary.counts)).toEqual({ a: 3, b: 2 });
  });

  test('waits for a mesh that restarts its round robin after each change', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b', 'c', 'd'), 0, 0);
    const byN: (string | null | undefined)[] = [];
    play(window, byN, ['a', 'b', 'c', 'd', 'a']);
    window.setRunningTasks(set('a', 'b', 'c'), 5, 1000);
    const summary = play(window, byN, ['b', 'a', 'b', 'a', 'b', 'c', 'a', 'b', 'c', 'a'], 1200);
    // From the fifth on it is b c a b c a.
    expect(summary.answers).toBe(6);
    expect(summary.spread).toBe(0);
  });

  test('at a low rate waits for the first rounds', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b', 'c', 'd'), 0, 0);
    window.setRunningTasks(set('a', 'b', 'c'), 0, 0);
    const byN: (string | null | undefined)[] = [];
    expect(play(window, byN, ['a', 'a', 'b', 'c', 'a', 'b', 'c'], 10_000).spread).toBe(0);
  });

  test('does not settle in the first window, so that initial unevenness shows', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b'), 0, 0);
    expect(play(window, [], ['a', 'a', 'a', 'b']).spread).toBe(2);
  });

  test('shows a new task that stays silent after settling', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a'), 0, 0);
    window.setRunningTasks(set('a', 'b'), 0, 0);
    const late = SETTLE_MS + 1;
    const summary = play(window, [], [...Array.from({ length: 10 }, () => 'a'), 'b'], late);
    expect(summary.spread).toBe(6);
  });

  test('counts the others while a stopped task keeps answering', () => {
    const window = new FairnessWindow();
    window.setRunningTasks(set('a', 'b', 'gone'), 0, 0);
    window.setRunningTasks(set('a', 'b'), 0, 0);
    const order = Array.from({ length: 10 }, () => ['a', 'gone']).flat();
    expect(play(window, [], order, SETTLE_MS + 1).spread).toBeGreaterThan(5);
  });
});

test('computes the share of equal neighbours', () => {
  expect(repeatsOf([])).toBeNull();
  expect(repeatsOf(['a'])).toBeNull();
  expect(repeatsOf(['a', 'b', 'a'])).toBe(0);
  expect(repeatsOf(['a', 'a', 'a'])).toBe(1);
  expect(repeatsOf(['a', 'a', 'b'])).toBe(0.5);
});
