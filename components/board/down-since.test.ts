import { expect, test } from 'vitest';
import type { TimelineEntry } from '@/lib/swarm/timeline';
import { downSince, sinceWords } from './down-since';

const entry = (kind: 'node down' | 'node up' | 'drained', at: number, nodeId = 'n') =>
  ({ kind, at, nodeId, seq: at, unseen: false, text: '', bad: true }) as TimelineEntry;
const entries = [
  entry('node down', 100),
  entry('node up', 200),
  entry('node down', 300),
  entry('drained', 350),
  entry('node up', 400, 'another'),
];

test('since the last time it was seen to go', () => {
  expect(downSince(entries, 'n', null)?.at).toBe(300);
  expect(downSince(entries, 'another', null)).toBeNull();
  expect(downSince([], 'n', null)).toBeNull();
});

test('on a board of the past, since the last time before that moment', () => {
  expect(downSince(entries, 'n', 299)).toBeNull();
  expect(downSince(entries, 'n', 150)?.at).toBe(100);
});

test('what nobody saw was before it was found out', () => {
  const at = new Date(2026, 0, 1, 9, 4, 31).getTime();
  expect(sinceWords({ at, unseen: false })).toBe('Unknown since 09:04:31');
  expect(sinceWords({ at, unseen: true })).toBe('Unknown since before 09:04:31');
});
