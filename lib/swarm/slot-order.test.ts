import fc from 'fast-check';
import { expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import { newestFirst, type AttemptFacts } from './slot-order';

interface Attempt {
  id: string;
  facts: AttemptFacts;
}

/** Attempts that a manager creates one after another while its clock starts at `start` and jumps by `jumps`. */
function attempts(jumps: readonly number[]): Attempt[] {
  let time = 1_000_000_000;
  let version = 10;
  return jumps.map((jump, at) => {
    time += 60_000;
    const CreatedAt = time;
    time += 30_000 + jump;
    version += 10;
    return {
      id: `t${at}`,
      facts: { engine: { CreatedAt, UpdatedAt: time }, version, firstView: 0 },
    };
  });
}

/** Newest first by the manager's times, as the view sorts them. */
function byTime(list: readonly Attempt[]) {
  const sorted = list.toSorted((a, b) => b.facts.engine.CreatedAt - a.facts.engine.CreatedAt);
  return sorted.map(({ id }) => aTask({ id }));
}

function order(list: readonly Attempt[]) {
  const before = byTime(list);
  const after = newestFirst(before, ({ id }) => list.find((one) => one.id === id)?.facts);
  return (after ?? before).map(({ id }) => id);
}

test("the attempts of a slot stay in order when the manager's clock jumps by any amount", () => {
  const jump = fc.oneof(fc.constant(0), fc.integer({ min: -5e8, max: 5e8 }));
  fc.assert(
    fc.property(fc.array(jump, { minLength: 2, maxLength: 5 }), (jumps) => {
      const list = attempts(jumps);
      expect(order(list)).toEqual(list.map(({ id }) => id).toReversed());
    }),
  );
});

test('a task that stops after its replacement was created is still the older one', () => {
  const old = { engine: { CreatedAt: 1000, UpdatedAt: 9000 }, version: 90, firstView: 0 };
  const replacement = { engine: { CreatedAt: 8000, UpdatedAt: 8000 }, version: 80, firstView: 0 };
  const list = [
    { id: 'old', facts: old },
    { id: 'new', facts: replacement },
  ];
  expect(order(list)).toEqual(['new', 'old']);
});

test('after the clock is set back, a task first seen in a later view is newer', () => {
  const old = { engine: { CreatedAt: 90_000, UpdatedAt: 11_000 }, version: 99, firstView: 1 };
  const replacement = {
    engine: { CreatedAt: 10_000, UpdatedAt: 10_000 },
    version: 80,
    firstView: 2,
  };
  const list = [
    { id: 'old', facts: old },
    { id: 'new', facts: replacement },
  ];
  expect(order(list)).toEqual(['new', 'old']);
});
