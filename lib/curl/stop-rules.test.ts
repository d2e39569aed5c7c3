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

test('ends after ten consecutive connect failures of any kind', () => {
  expect(feed(times(9, 'refused'))).toBeNull();
  expect(feed([...times(5, 'refused' as const), ...times(5, 'connect timeout' as const)])).toEqual({
    reason: 'connect failures',
    n: MAX_CONNECT_FAILURES,
  });
});

test('a connection in between resets the count', () => {
  const row = [...times(9, 'refused' as const), null, ...times(9, 'refused' as const)];
  expect(feed(row, 1000)).toBeNull();
});

test('ends above half errors, from 20 outcomes on', () => {
  expect(feed(times(19, '5xx'))).toBeNull();
  expect(feed(times(20, '5xx'))).toEqual({ reason: 'too many errors', n: 20 });
});

test('does not end at exactly half errors', () => {
  const half = Array.from({ length: 200 }, (_, i) => (i % 2 ? ('reset' as const) : null));
  expect(feed(half)).toBeNull();
  expect(feed([...half, 'reset', 'reset'])?.reason).toBe('too many errors');
});

test('counts only the last five seconds', () => {
  // At 1/s there are never 20 outcomes in 5 s.
  expect(feed(times(300, '4xx'), 1000)).toBeNull();
  // Good ones from long ago do not outweigh the present.
  expect(feed([...times(1000, null), ...times(30, '4xx' as const)])?.n).toBe(1026);
});

test('an answer from an unknown container is not an error', () => {
  expect(feed(times(100, 'unknown container'))).toBeNull();
});
