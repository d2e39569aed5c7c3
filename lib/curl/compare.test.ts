import { describe, expect, test } from 'vitest';
import { aRollout, aRun } from '@/tests/factories/curl';
import { compareRuns } from './compare';
import type { Run, Share } from './run';

/** Latencies around `middle`, ascending. */
const around = (middle: number, count: number) =>
  Array.from({ length: count }, (_, at) => middle + (4 * (at + 0.5)) / count - 2);

const lines = (a: Run, b: Run, before: number[] = [], after: number[] = []) =>
  new Map(
    compareRuns({ run: a, latencies: before }, { run: b, latencies: after }).lines.map((row) => [
      row.name,
      row,
    ]),
  );

const share = (slot: number, answers: number, taskId = `t${slot}`): Share => ({
  taskId,
  name: `goweb.${slot}`,
  slot,
  nodeId: null,
  running: true,
  answers,
  share: 0,
  p50: null,
  p95: null,
  p99: null,
});
const shared = (...answers: number[]) =>
  aRun({
    answered: answers.reduce((sum, one) => sum + one, 0),
    spread: Math.max(...answers) - Math.min(...answers),
    shares: answers.map((count, at) => share(at + 1, count)),
  });

test('lists only settings that differ', () => {
  const kept = aRun({
    request: { ...aRun().request, connection: 'keepAlive' as const, rate: 20 },
  });
  const rows = lines(aRun(), kept);
  expect([...rows.keys()].slice(0, 3)).toEqual(['plan', 'connection', 'verdict']);
  expect(rows.get('plan')).toMatchObject({ a: '5/s × 30 s', b: '20/s × 30 s' });
  expect(rows.get('connection')).toMatchObject({
    a: 'new',
    b: 'keep alive',
    change: null,
    evidence: null,
    verdict: null,
  });
});

test('compares the images that answered, and what rollouts cost, where they differ', () => {
  const version = (image: string, answers: number): Run['versions'][number] => ({
    image,
    since: null,
    current: true,
    running: 1,
    failed: 0,
    answers,
    share: 1,
    p50: null,
    p95: null,
    p99: null,
    firstAnswerMs: null,
    lastAnswerMs: null,
  });
  const one = aRun({ versions: [version('goweb:1.0', 3)] });
  const rollout = aRollout({ state: 'rolled back', lost: 4 });
  const two = aRun({
    versions: [version('goweb:1.0', 3), version('goweb:1.1', 2), version('goweb:2', 0)],
    rollouts: [rollout],
  });
  const rows = lines(one, two);
  expect(rows.get('image')).toMatchObject({ a: 'goweb:1.0', b: 'goweb:1.0, goweb:1.1' });
  expect(rows.get('rollout')).toMatchObject({ a: 'none', b: 'rolled back' });
  expect(rows.get('failed during rollouts')).toMatchObject({ a: 0, b: 4 });
  expect([...lines(one, one).keys()]).not.toContain('image');
});

describe('a difference of latencies', () => {
  test('of 47 against 599 answers is noise at +0.4 ms and worse at +4 ms', () => {
    const a = aRun({ p50: 5 });
    expect(lines(a, aRun({ p50: 5.4 }), around(5, 47), around(5.4, 599)).get('p50')).toMatchObject({
      change: expect.closeTo(0.4),
      evidence: 'noise',
      verdict: null,
    });
    expect(lines(a, aRun({ p50: 9 }), around(5, 47), around(9, 599)).get('p50')).toMatchObject({
      evidence: 'real',
      verdict: 'worse',
    });
    expect(lines(aRun({ p50: 9 }), a, around(9, 599), around(5, 47)).get('p50')).toMatchObject({
      verdict: 'better',
    });
  });

  test('with two answers per run has too little evidence', () => {
    const rows = lines(aRun({ p50: 1 }), aRun({ p50: 90 }), around(3, 2), around(90, 2));
    expect(rows.get('p50')).toMatchObject({ change: 89, evidence: 'too few', verdict: null });
  });

  test('that is missing in one run is not judged', () => {
    const rows = lines(aRun({ p99: null }), aRun({ p99: 20 }), around(3, 50), around(9, 500));
    expect(rows.get('p99')).toMatchObject({ b: 20, change: null, evidence: null, verdict: null });
  });
});

test('judges failures as shares of what was sent', () => {
  const failed = (sent: number, count: number) => aRun({ sent, failed: count });
  const row = (a: Run, b: Run) => lines(a, b).get('failed');
  expect(row(failed(100, 0), failed(50, 10))).toMatchObject({ b: 0.2, verdict: 'worse' });
  expect(row(failed(150, 0), failed(150, 3))).toMatchObject({ evidence: 'too few', verdict: null });
  expect(row(failed(150, 20), failed(150, 25))).toMatchObject({ evidence: 'noise' });
  expect(row(aRun(), aRun())).toMatchObject({ a: null, b: null, change: null, evidence: null });
});

test('judges the spread by the distribution behind it', () => {
  const row = (a: Run, b: Run) => lines(a, b).get('spread');
  expect(row(shared(50, 50, 50), shared(17, 17, 16))).toMatchObject({ evidence: 'noise' });
  expect(row(shared(50, 50, 50), shared(150, 0, 0))).toMatchObject({ verdict: 'worse' });
  expect(row(shared(150, 0, 0), shared(50, 50, 50))).toMatchObject({ verdict: 'better' });
  // Two replicas cannot be compared with three.
  expect(row(shared(50, 50), shared(34, 33, 33))).toMatchObject({ evidence: null, verdict: null });
  expect(row(shared(1, 2), shared(3, 1))).toMatchObject({ evidence: 'too few' });
});

test('a smaller number that is a larger part is not better', () => {
  const again = (resent: number, sent: number) =>
    lines(aRun({ resent: 100, sent: 10_000 }), aRun({ resent, sent })).get('sent again');
  expect(again(20, 200)).toMatchObject({ a: 0.01, b: 0.1, verdict: 'worse' });
  expect(again(0, 10_000)).toMatchObject({ verdict: 'better' });
  const spread = lines(shared(360, 330, 310), shared(40, 12, 8)).get('spread');
  expect(spread).toMatchObject({ change: -18, evidence: null, verdict: null });
});

test('does not rate repeats', () => {
  expect(lines(aRun({ repeats: 0 }), aRun({ repeats: 1 })).get('repeats')).toMatchObject({
    a: 0,
    b: 1,
    change: 1,
    evidence: null,
    verdict: null,
  });
});

test('compares shares by replica, the tasks of one slot together', () => {
  const a = aRun({ answered: 200, shares: [share(1, 100), share(2, 100)] });
  const b = aRun({
    answered: 200,
    shares: [share(2, 50, 'old'), share(2, 70, 'new'), share(3, 80)],
  });
  const compared = compareRuns({ run: a, latencies: [] }, { run: b, latencies: [] });
  expect(compared.shares).toEqual([
    { name: 'goweb.1', slot: 1, before: 0.5, after: null, evidence: null },
    { name: 'goweb.2', slot: 2, before: 0.5, after: 0.6, evidence: 'noise' },
    { name: 'goweb.3', slot: 3, before: null, after: 0.4, evidence: null },
  ]);
});

test('a replica of one run only has no share in the other, and no judgement; an empty run has shares of 0', () => {
  const { shares } = compareRuns(
    { run: shared(10, 20), latencies: [] },
    { run: { ...shared(0, 0, 0), answered: 0 }, latencies: [] },
  );
  expect(shares).toEqual([
    { name: 'goweb.1', slot: 1, before: 1 / 3, after: 0, evidence: null },
    { name: 'goweb.2', slot: 2, before: 2 / 3, after: 0, evidence: null },
    { name: 'goweb.3', slot: 3, before: null, after: 0, evidence: null },
  ]);
});

test('tasks without a slot are listed last, by name', () => {
  const global = (name: string): Share => ({ ...share(1, 10, name), name, slot: null });
  const { shares } = compareRuns(
    {
      run: aRun({ answered: 30, shares: [global('goweb.b'), global('goweb.a'), share(2, 10)] }),
      latencies: [],
    },
    { run: aRun(), latencies: [] },
  );
  expect(shares.map(({ name }) => name)).toEqual(['goweb.2', 'goweb.a', 'goweb.b']);
});

test('a run of host mode names the port in the container', () => {
  const host = aRun({ request: { ...aRun().request, publishedPort: 0, targetPort: 8080 } });
  const values = [...lines(aRun(), host).values()].map(({ b }) => b);
  expect(values).toContain('goweb:8080/host');
});
