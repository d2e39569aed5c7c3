import { describe, expect, test } from 'vitest';
import type { Share } from '@/lib/curl/run';
import { aRun } from '@/tests/fixtures/run';
import { compareRuns, compareShares, toggled } from './history';

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

describe('two runs side by side', () => {
  const before = aRun({ sent: 150, failed: 0, p50: 4, p99: null, repeats: 0, verdict: 'Even' });
  const after = aRun({ sent: 150, failed: 3, p50: 3, p99: 9, repeats: 1, verdict: 'Sticks' });
  const lines = new Map(compareRuns(before, after).map((line) => [line.name, line]));

  test('a difference has its sign, and whether it is for the better', () => {
    expect(lines.get('sent')).toMatchObject({ change: '', better: null });
    expect(lines.get('failed')).toMatchObject({ change: '+3', better: false });
    expect(lines.get('p50')).toMatchObject({ change: '−1 ms', better: true });
    expect(lines.get('repeats')).toMatchObject({ change: '+100%', better: null });
    expect(lines.get('verdict')?.change).toBe('differs');
  });

  test('with what one of them does not know there is nothing to compare', () => {
    expect(lines.get('p99')).toMatchObject({ before: '–', after: '9 ms', change: '' });
  });

  test('a replacement takes the place of the task before it', () => {
    const a = { ...before, shares: [share(1, 0.5), share(2, 0.5)] };
    const b = { ...after, shares: [share(2, 0.25), share(2, 0.35), share(3, 0.4)] };
    expect(compareShares(a, b)).toEqual([
      { name: 'goweb.1', slot: 1, before: 0.5, after: null },
      { name: 'goweb.2', slot: 2, before: 0.5, after: 0.6 },
      { name: 'goweb.3', slot: 3, before: null, after: 0.4 },
    ]);
  });

  test('two are chosen at most', () => {
    expect(toggled([], 'a')).toEqual(['a']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
    expect(toggled(['a', 'b'], 'c')).toEqual(['b', 'c']);
  });
});
