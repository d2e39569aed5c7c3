import { beforeEach, expect, test, vi } from 'vitest';
import {
  ANSWER_BUCKETS,
  countEngineCall,
  counters,
  countRefused,
  countRequest,
  countTaskFailure,
  resetCounters,
} from './counters';

beforeEach(resetCounters);

const valuesOf = <T>(series: Map<string, { labels: unknown; value: T }>) =>
  [...series.values()].map(({ labels, value }) => ({ labels, value }));

test('adds up by label', () => {
  countRefused('other-origin');
  countRefused('read-only');
  countRefused('other-origin');
  expect(valuesOf(counters().refused)).toEqual(
    expect.arrayContaining([
      { labels: { kind: 'other-origin' }, value: 2 },
      { labels: { kind: 'read-only' }, value: 1 },
    ]),
  );
});

test('instances of the module share their counters', async () => {
  countRefused('read-only');
  vi.resetModules();
  const again = await import('./counters');
  expect(again.countRefused).not.toBe(countRefused);
  again.countRefused('read-only');
  expect(valuesOf(counters().refused)).toEqual([{ labels: { kind: 'read-only' }, value: 2 }]);
});

test('counts a duration in the first bucket with its bound included', () => {
  const by = { slot: '1', node: 'zero1' };
  for (const seconds of [0.0005, 0.001, 0.0011, 10, 11]) {
    countRequest({ service: 'goweb', outcome: 'answered', seconds, by });
  }
  const [series] = counters().latencies.values();
  expect(series?.value.buckets).toEqual([2, 1, ...Array<number>(10).fill(0), 1, 1]);
  expect(series?.value.buckets).toHaveLength(ANSWER_BUCKETS.length + 1);
  expect(series?.value.sum).toBeCloseTo(21.0026);
});

test('counts a failed request with its outcome and no latency', () => {
  countRequest({ service: 'goweb', outcome: 'refused', seconds: 0.1, by: null });
  expect(valuesOf(counters().runRequests)).toEqual([
    { labels: { service: 'goweb', outcome: 'refused' }, value: 1 },
  ]);
  expect(counters().latencies.size + counters().answers.size).toBe(0);
});

test('a failed call of the engine counts as a call and as a failure', () => {
  countEngineCall('tasks', 0.02, null);
  countEngineCall('tasks', 25, 'engine-timeout');
  expect(valuesOf(counters().engineCalls)[0]?.value.sum).toBeCloseTo(25.02);
  expect(valuesOf(counters().engineFailures)).toEqual([
    { labels: { call: 'tasks', kind: 'engine-timeout' }, value: 1 },
  ]);
});

test('bounds the series of 10,000 services, and keeps those in use', () => {
  for (let n = 0; n < 10_000; n++) {
    countTaskFailure(`service-${n}`);
    countTaskFailure('goweb');
  }
  const series = valuesOf(counters().taskFailures);
  expect(series).toHaveLength(300);
  expect(series).toContainEqual({ labels: { service: 'goweb' }, value: 10_000 });
});

test('truncates long labels without merging series', () => {
  countTaskFailure('x'.repeat(1_000_000));
  expect(valuesOf(counters().taskFailures)[0]?.labels).toEqual({ service: 'x'.repeat(128) });
  const answer = { outcome: 'answered', seconds: 1 };
  countRequest({ ...answer, service: 'a","b', by: { slot: 'c', node: 'd' } });
  countRequest({ ...answer, service: 'a', by: { slot: 'b","c', node: 'd' } });
  expect(counters().answers.size).toBe(2);
});
