import { expect, test } from 'vitest';
import { aRun } from '@/tests/factories/curl';
import { compareRuns } from './compare';
import type { Run } from './run';

const by = (a: Run, b: Run) => new Map(compareRuns(a, b).map((row) => [row.name, row]));

test('lists only settings that differ', () => {
  const kept = { ...aRun().request, connection: 'keepAlive' as const, rate: 20 };
  const names = compareRuns(aRun(), aRun({ request: kept })).map((row) => row.name);
  expect(names.slice(0, 3)).toEqual(['plan', 'connection', 'verdict']);
  expect(by(aRun(), aRun({ request: kept })).get('plan')).toMatchObject({
    a: '5/s × 30 s',
    b: '20/s × 30 s',
  });
  expect(by(aRun(), aRun({ request: kept })).get('connection')).toMatchObject({
    a: 'new',
    b: 'keep alive',
    change: null,
    verdict: null,
  });
});

test('rates lower latency, spread and loss as better', () => {
  const before = aRun({ sent: 100, answered: 100, spread: 1, p50: 4, p95: 9, p99: null });
  const after = aRun({ sent: 50, answered: 45, failed: 5, spread: 1, p50: 3, p95: 12, p99: 20 });
  const rows = by(before, after);
  expect(rows.get('p50')).toMatchObject({ a: 4, b: 3, change: -1, verdict: 'better' });
  expect(rows.get('p95')).toMatchObject({ change: 3, verdict: 'worse' });
  expect(rows.get('p99')).toMatchObject({ a: null, b: 20, change: null, verdict: null });
  expect(rows.get('spread')).toMatchObject({ change: 0, verdict: null });
  expect(rows.get('failed')).toMatchObject({ a: 0, b: 0.1, verdict: 'worse' });
});

test('does not rate repeats', () => {
  const rows = by(aRun({ repeats: 0 }), aRun({ repeats: 1 }));
  expect(rows.get('repeats')).toMatchObject({ a: 0, b: 1, change: 1, verdict: null });
});

test('runs without requests have no shares', () => {
  expect(by(aRun(), aRun()).get('failed')).toMatchObject({ a: null, b: null, change: null });
});
