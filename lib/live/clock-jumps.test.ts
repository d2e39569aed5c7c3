import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClockJumps } from './clock-jumps';

const HOUR = 3_600_000;

/** A machine whose clock and uptime advance together until its clock is set. */
function machine() {
  let now = Date.UTC(2026, 0, 1);
  let uptime = 30_000;
  let process = 0;
  const jumps = new ClockJumps([() => process, () => uptime]);
  return {
    run: (ms: number, sleeps = false) => {
      now += ms;
      uptime += ms;
      if (!sleeps) process += ms;
      return jumps.since(now);
    },
    set: (ms: number) => {
      now += ms;
    },
  };
}

test('returns once by how much a clock was set, forward or back', () => {
  const { run, set } = machine();
  expect(run(0)).toBe(0);
  for (const jump of [5 * HOUR, -2 * HOUR, 3000]) {
    set(jump);
    expect(run(250)).toBe(jump);
    expect(run(250)).toBe(0);
  }
});

test('returns 0 while time passes, for any length of time', () => {
  const { run } = machine();
  fc.assert(
    fc.property(fc.nat({ max: 100 * HOUR }), (ms) => {
      expect(run(ms)).toBe(0);
    }),
  );
});

test('adds up small steps until they reach the minimum', () => {
  const { run, set } = machine();
  run(0);
  set(2000);
  expect(run(1000)).toBe(0);
  set(2000);
  expect(run(1000)).toBe(4000);
});

test('returns 0 after a laptop was asleep, and a later jump', () => {
  const { run, set } = machine();
  run(0);
  expect(run(8 * HOUR, true)).toBe(0);
  expect(run(250)).toBe(0);
  set(HOUR);
  expect(run(250)).toBe(HOUR);
  run(8 * HOUR, true);
  set(-9 * HOUR);
  expect(run(250)).toBe(-9 * HOUR);
});
