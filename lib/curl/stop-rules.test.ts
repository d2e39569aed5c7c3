import { expect, test } from 'vitest';
import type { ErrorKind } from './run';
import { MAX_CONNECT_FAILURES, StopRules } from './stop-rules';

/** Feeds outcomes 100 ms apart; the reason and how many it took, or null. */
function feed(outcomes: Iterable<ErrorKind | null>, gap = 100) {
  const rules = new StopRules();
  let n = 0;
  for (const error of outcomes) {
    const reason = rules.add(n * gap, error);
    n += 1;
    if (reason) return { reason, n };
  }
  return null;
}

const times = <T>(n: number, value: T) => Array.from({ length: n }, () => value);

test('ten connect failures in a row, of either kind', () => {
  expect(feed(times(9, 'refused'))).toBeNull();
  expect(feed([...times(5, 'refused' as const), ...times(5, 'connect timeout' as const)])).toEqual({
    reason: 'connect failures',
    n: MAX_CONNECT_FAILURES,
  });
});

test('one connection in between starts the row again', () => {
  const row = [...times(9, 'refused' as const), null, ...times(9, 'refused' as const)];
  expect(feed(row, 1000)).toBeNull();
});

test('more than half errors, from 20 outcomes on', () => {
  expect(feed(times(19, '5xx'))).toBeNull();
  expect(feed(times(20, '5xx'))).toEqual({ reason: 'too many errors', n: 20 });
});

test('exactly half is not more than half', () => {
  const half = Array.from({ length: 200 }, (_, i) => (i % 2 ? ('reset' as const) : null));
  expect(feed(half)).toBeNull();
  expect(feed([...half, 'reset', 'reset'])?.reason).toBe('too many errors');
});

test('only the last five seconds count', () => {
  // At 1/s there are never 20 outcomes in 5 s.
  expect(feed(times(300, '4xx'), 1000)).toBeNull();
  // Good ones from long ago do not outweigh the present.
  expect(feed([...times(1000, null), ...times(30, '4xx' as const)])?.n).toBe(1026);
});

test('an unknown container has answered', () => {
  expect(feed(times(100, 'unknown container'))).toBeNull();
});
