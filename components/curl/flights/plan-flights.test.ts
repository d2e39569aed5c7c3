import { describe, expect, test } from 'vitest';
import { anAnswer } from '@/tests/factories/curl';
import { MAX_PER_SECOND, newAnswers, planFlights } from './plan-flights';

describe('flights of answers', () => {
  const batch = (length: number) => Array.from({ length }, (_, n) => anAnswer(n + 1, 1));

  test('at most 20 per second fly, spread over the batch; the rest lights its tasks', () => {
    for (const length of [0, 1, 2, 5, 6, 25, 200]) {
      const { flights, rest } = planFlights(batch(length));
      expect(flights.length).toBe(Math.min(length, MAX_PER_SECOND / 4));
      expect(flights.length + rest.length).toBe(length);
      expect(flights.every(({ delay }) => delay >= 0 && delay < 250)).toBe(true);
    }
  });

  test('selects only new answers', () => {
    const all = batch(5);
    expect(newAnswers(all, all[2] ?? null).map(({ n }) => n)).toEqual([4, 5]);
    expect(newAnswers(all, all[4] ?? null)).toEqual([]);
    expect(newAnswers(all, null)).toEqual(all);
    expect(newAnswers(all, anAnswer(1, 1))).toEqual([]);
  });
});
