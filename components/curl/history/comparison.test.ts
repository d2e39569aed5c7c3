import { describe, expect, test } from 'vitest';
import { compareRuns } from '@/lib/curl/compare';
import type { Share } from '@/lib/curl/run';
import { aRun } from '@/tests/factories/curl';
import { changeText, compareShares, toggled } from './comparison';

const share = (slot: number, part: number): Share => ({
  taskId: `t${slot}-${part}`,
  name: `goweb.${slot}`,
  slot,
  nodeId: null,
  running: true,
  answers: 1,
  share: part,
  p50: null,
  p95: null,
  p99: null,
});

describe('comparison of two runs', () => {
  const before = aRun({ sent: 150, failed: 0, p50: 4, p99: null, repeats: 0, verdict: 'Even' });
  const after = aRun({ sent: 150, failed: 3, p50: 3, p99: 9, repeats: 1, verdict: 'Sticks' });

  test('formats a difference with sign and unit', () => {
    const lines = new Map(compareRuns(before, after).map((line) => [line.name, line]));
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

  test('sums up the tasks of one slot', () => {
    const a = { ...before, shares: [share(1, 0.5), share(2, 0.5)] };
    const b = { ...after, shares: [share(2, 0.25), share(2, 0.35), share(3, 0.4)] };
    expect(compareShares(a, b)).toEqual([
      { name: 'goweb.1', slot: 1, before: 0.5, after: null },
      { name: 'goweb.2', slot: 2, before: 0.5, after: 0.6 },
      { name: 'goweb.3', slot: 3, before: null, after: 0.4 },
    ]);
  });

  test('selects at most two runs', () => {
    expect(toggled([], 'a')).toEqual(['a']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
  });
});
