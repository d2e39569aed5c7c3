import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { planOf, type Plan } from '@/lib/curl/plan';
import { startSchedule } from './schedule';
import { FakeClock } from '@/tests/support/fake-clock';

const plan = (rate: number, seconds: number) => planOf({ mode: 'steady', rate, seconds, burst: 1 });

function follow(of: Plan, clock = new FakeClock()) {
  const ticks: number[] = [];
  const skipped: number[] = [];
  const seen = { ticks, skipped, ended: 0 };
  const schedule = startSchedule(of, clock, {
    tick: (at) => ticks.push(at),
    skip: (at) => skipped.push(at),
    end: () => (seen.ended += 1),
  });
  return { clock, seen, schedule };
}

test('calls the first tick at once and the others when they are due', () => {
  const { clock, seen } = follow(plan(5, 1));
  expect(seen.ticks).toEqual([0]);
  clock.advance(199);
  expect(seen.ticks).toEqual([0]);
  clock.advance(1);
  expect(seen.ticks).toEqual([0, 200]);
  clock.advance(10_000);
  expect(seen).toEqual({ ticks: [0, 200, 400, 600, 800], skipped: [], ended: 1 });
  expect(clock.pending).toBe(0);
});

test('once: calls one tick, then the end', () => {
  const { seen, clock } = follow(planOf({ mode: 'once', rate: 5, seconds: 30, burst: 1 }));
  expect(seen).toEqual({ ticks: [0], skipped: [], ended: 1 });
  expect(clock.pending).toBe(0);
});

test('skips ticks missed while the process was busy instead of sending a burst', () => {
  const { clock, seen } = follow(plan(20, 1));
  clock.stall(260);
  clock.advance(0);
  // Due at 50 … 200 ms: skipped. Due at 250 ms: 10 ms late, sent.
  expect(seen).toEqual({ ticks: [0, 250], skipped: [50, 100, 150, 200], ended: 0 });
  clock.advance(40);
  expect(seen.ticks).toEqual([0, 250, 300]);
});

test('sends all ticks that a short pause made due together, each with its own time', () => {
  const { clock, seen } = follow(plan(100, 1));
  clock.stall(38);
  clock.advance(0);
  // 10 is 28 ms late.
  expect(seen).toEqual({ ticks: [0, 20, 30], skipped: [10], ended: 0 });
});

test('skips a late tick even when no other is due', () => {
  const { clock, seen } = follow(plan(1, 10));
  clock.stall(1500);
  clock.advance(0);
  expect(seen).toEqual({ ticks: [0], skipped: [1000], ended: 0 });
  clock.advance(500);
  expect(seen.ticks).toEqual([0, 2000]);
});

test('a stall past the last tick ends the schedule', () => {
  const { clock, seen } = follow(plan(5, 1));
  clock.stall(60_000);
  clock.advance(0);
  expect(seen).toEqual({ ticks: [0], skipped: [200, 400, 600, 800], ended: 1 });
});

describe('a stopped schedule', () => {
  test('makes no further callback', () => {
    const { clock, seen, schedule } = follow(plan(5, 1));
    schedule.stop();
    clock.advance(10_000);
    expect(seen).toEqual({ ticks: [0], skipped: [], ended: 0 });
    expect(clock.pending).toBe(0);
  });

  test('can be stopped in a tick callback', () => {
    const clock = new FakeClock();
    const ticks: number[] = [];
    const schedule = startSchedule(plan(5, 10), clock, {
      tick(at) {
        ticks.push(at);
        if (at === 400) schedule.stop();
      },
      skip: () => {},
      end: () => ticks.push(NaN),
    });
    clock.advance(10_000);
    expect(ticks).toEqual([0, 200, 400]);
    expect(clock.pending).toBe(0);
  });
});

test('with any stalls, calls or skips each tick once, none early or late', () => {
  const step = fc.record({ stall: fc.boolean(), ms: fc.double({ min: 0, max: 700, noNaN: true }) });
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 100 }), fc.array(step), (rate, steps) => {
      const clock = new FakeClock();
      const called: { at: number; now: number }[] = [];
      let skipped = 0;
      let ended = 0;
      const of = plan(rate, 3);
      startSchedule(of, clock, {
        tick: (at) => called.push({ at, now: clock.now() }),
        skip: () => (skipped += 1),
        end: () => (ended += 1),
      });
      for (const { stall, ms } of steps) {
        if (stall) clock.stall(ms);
        else clock.advance(ms);
      }
      clock.advance(5000);
      expect(called.length + skipped).toBe(of.planned);
      expect(ended).toBe(1);
      for (const { at, now } of called) {
        expect(now - at).toBeGreaterThan(-0.001);
        expect(now - at).toBeLessThanOrEqual(100);
      }
      expect(new Set(called.map(({ at }) => at)).size).toBe(called.length);
    }),
  );
});
