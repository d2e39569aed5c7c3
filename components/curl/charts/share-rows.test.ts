import { expect, test } from 'vitest';
import type { Share } from '@/lib/curl/run';
import { shareRows } from './share-rows';

const share = (taskId: string, slot: number | null, running = true): Share => ({
  taskId,
  name: `goweb.${slot}`,
  slot,
  nodeId: null,
  running,
  answers: 1,
  share: 0,
  p50: null,
  p95: null,
  p99: null,
});
const order = (...shares: Share[]) => shareRows(shares).map(({ taskId }) => taskId);

test('a slot keeps its row while its task fails and is replaced', () => {
  expect(order(share('a', 1), share('b', 2), share('c', 3))).toEqual(['a', 'b', 'c']);
  // As the run lists them: running tasks first.
  const gone = share('b', 2, false);
  expect(order(share('a', 1), share('c', 3), gone)).toEqual(['a', 'b', 'c']);
  expect(order(share('a', 1), share('b2', 2), share('c', 3), gone)).toEqual(['a', 'b2', 'c', 'b']);
  const again = share('b2', 2, false);
  expect(order(share('a', 1), share('c', 3), gone, again)).toEqual(['a', 'b2', 'c', 'b']);
});

test('two running tasks of a slot are side by side; tasks without a slot come last', () => {
  expect(order(share('x', null), share('a', 1), share('b', 2), share('a2', 1))).toEqual([
    'a',
    'a2',
    'b',
    'x',
  ]);
  expect(order()).toEqual([]);
});
