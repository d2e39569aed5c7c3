import { expect, test } from 'vitest';
import type { Share } from './run';
import { sharesOnBoard } from './board-shares';

const share = (taskId: string | null, running = true): Share => ({
  taskId,
  name: taskId ?? 'unknown',
  slot: null,
  nodeId: null,
  running,
  answers: 5,
  share: 0.5,
  p50: 1,
  p95: 1,
  p99: null,
});
const tasks = (...ids: string[]) => ids.map((id) => ({ id, phase: 'running' as const }));
const ended = (...shares: Share[]) => ({ state: 'ended' as const, shares });

test('shows the shares of an active run, whatever its tasks do', () => {
  const shares = [share('a'), share('b', false)];
  expect(sharesOnBoard({ state: 'running', shares }, [])).toBe(shares);
});

test('keeps the shares of an ended run while all tasks that ran at its end still run', () => {
  const run = ended(share('a'), share('b'), share('replaced before', false), share(null, false));
  expect(sharesOnBoard(run, tasks('b', 'a', 'started later'))).toBe(run.shares);
});

test.each([
  ['scaled to 0', []],
  ['scaled down', tasks('a')],
  ['one replaced', tasks('a', 'c')],
  ['one on a node that is down', [...tasks('a'), { id: 'b', phase: 'lost' as const }]],
  ['one being stopped', [...tasks('a'), { id: 'b', phase: 'leaving' as const }]],
])('removes the shares of an ended run when its service is %s', (_, now) => {
  expect(sharesOnBoard(ended(share('a'), share('b')), now)).toBeNull();
});

test('shows nothing without a run, and of one at whose end no task ran', () => {
  expect(sharesOnBoard(null, tasks('a'))).toBeNull();
  expect(sharesOnBoard(undefined, tasks('a'))).toBeNull();
  expect(sharesOnBoard(ended(share('a', false)), tasks('a'))).toBeNull();
  expect(sharesOnBoard(ended(), tasks('a'))).toBeNull();
});
