import { describe, expect, test } from 'vitest';
import { compareRuns } from '@/lib/curl/compare';
import { aRun } from '@/tests/factories/curl';
import { changeText, pointsText, toggled } from './comparison';

describe('comparison of two runs', () => {
  const before = aRun({ sent: 150, failed: 0, p50: 4, p99: null, repeats: 0, verdict: 'Even' });
  const after = aRun({ sent: 150, failed: 3, p50: 3, p99: 9, repeats: 1, verdict: 'Sticks' });

  test('formats a difference with sign and unit', () => {
    const compared = compareRuns({ run: before, latencies: [] }, { run: after, latencies: [] });
    const lines = new Map(compared.lines.map((line) => [line.name, line]));
    const change = (name: string) => {
      const line = lines.get(name);
      return line && changeText(line);
    };
    expect(['sent', 'failed', 'p50', 'repeats', 'verdict', 'p99'].map(change)).toEqual([
      '',
      '+2%',
      '−1 ms',
      '+100%',
      'differs',
      '',
    ]);
  });

  test.each([
    [0.5, 0.6, '+10 points'],
    [0.5, 0.25, '−25 points'],
    [0.5, 0.501, ''],
    [null, 0.5, 'new'],
    [0.5, null, 'gone'],
  ])('formats shares of %s and %s as %j', (a, b, text) => {
    const pair = { name: 'goweb.1', slot: 1, before: a, after: b, evidence: null };
    expect(pointsText(pair)).toBe(text);
  });

  test('selects at most two runs', () => {
    expect(toggled([], 'a')).toEqual(['a']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
  });
});
