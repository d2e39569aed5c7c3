import { describe, expect, test } from 'vitest';
import { anAnswer } from '@/tests/factories/curl';
import { answerPaths, latencyPlace, latencyRange, slotShape, stripRange, TICKS } from './plot';

describe('answer strip and latency chart', () => {
  const upTo = (n: number) => [{ n }];
  test('do not scroll back when a timeout arrives after later answers', () => {
    expect(stripRange([{ n: 251 }, { n: 250 }], 1000)).toEqual(stripRange(upTo(251), 1000));
    expect(latencyRange([{ n: 701 }, { n: 700 }], 6000)).toEqual(latencyRange(upTo(701), 6000));
  });

  test('a short run has its full width from the start', () => {
    expect(stripRange([], 150)).toEqual({ first: 1, count: 150 });
    expect(stripRange(upTo(150), 150)).toEqual({ first: 1, count: 150 });
    expect(stripRange([], 1)).toEqual({ first: 1, count: 1 });
  });

  test('a long run scrolls by rows and always includes the newest answer', () => {
    for (let last = 1; last <= 1000; last++) {
      const { first, count } = stripRange(upTo(last), 1000);
      expect((first - 1) % 50).toBe(0);
      expect(count).toBe(200);
      expect(last).toBeGreaterThanOrEqual(first);
      expect(last).toBeLessThan(first + count);
    }
    expect(stripRange(upTo(201), 1000).first).toBe(51);
  });

  test('show at most 600 latencies, including the newest', () => {
    expect(latencyRange(upTo(10), 600)).toEqual({ first: 1, count: 600 });
    for (let last = 1; last <= 6000; last += 7) {
      const { first, count } = latencyRange(upTo(last), 6000);
      expect(count).toBeLessThanOrEqual(600);
      expect(last).toBeLessThan(first + count);
    }
    expect(latencyRange(upTo(601), 6000).first).toBe(101);
  });

  test('the latency axis is logarithmic and clamps values outside', () => {
    const [one, ten, hundred, thousand] = TICKS.map(latencyPlace);
    expect(one).toBe(1);
    expect(one! - ten!).toBeCloseTo(ten! - hundred!);
    expect(ten! - hundred!).toBeCloseTo(hundred! - thousand!);
    expect(latencyPlace(0)).toBe(1);
    expect(latencyPlace(60_000)).toBe(0);
  });

  test('draws one path per slot and one for errors', () => {
    const answers = [
      anAnswer(1, 1),
      anAnswer(2, 2),
      anAnswer(3, 1),
      anAnswer(4, null),
      anAnswer(5, 2, { error: '5xx' }),
      anAnswer(6, null, { error: 'unknown container' }),
      anAnswer(99, 1),
    ];
    const slotOf = (id: string | null) => (id === null ? null : Number(id.replace('task-', '')));
    const paths = answerPaths(answers, slotOf, { first: 1, count: 10 }, 100, 100);
    const marks = paths.map(({ slot, error, d }) => [slot, error, d.match(/M/g)?.length]);
    expect(marks).toEqual([
      [1, false, 2],
      [2, false, 1],
      [null, true, 2],
      [null, false, 1],
    ]);
    expect(paths[0]?.d.startsWith('M5.0 ')).toBe(true);
  });

  test('adjacent slots differ in shape', () => {
    for (let slot = 1; slot < 50; slot++) expect(slotShape(slot)).not.toBe(slotShape(slot + 1));
  });
});
