import { expect, test } from 'vitest';
import type { NodeView } from '@/lib/swarm/view';
import { memoryWords, nodeCondition, roleWords } from './node-words';

test("prints memory in docker's units", () => {
  expect(memoryWords(971_000_000)).toBe('926 MiB');
  expect(memoryWords(447_741_952)).toBe('427 MiB');
  expect(memoryWords(4_073_000_000)).toBe('3.8 GiB');
});

test("describes a node's condition, its state before its availability", () => {
  const words = (state: NodeView['state'], availability: NodeView['availability'], message = '') =>
    nodeCondition({ state, availability, message, listed: true }).words;
  expect(words('ready', 'active')).toBeNull();
  expect(words('ready', 'drain')).toBe('drain');
  expect(words('ready', 'pause')).toBe('pause');
  expect(words('down', 'drain', 'heartbeat failure')).toBe('down · heartbeat failure');
  expect(words('disconnected', 'active')).toBe('disconnected');
});

test('mentions tasks only on a node that has live tasks', () => {
  const next = (over: Partial<NodeView>, hasLiveTasks: boolean) =>
    nodeCondition(
      { state: 'ready', availability: 'active', message: '', listed: true, ...over },
      hasLiveTasks,
    ).next;
  expect(next({ state: 'down' }, true)).toContain('may still be running');
  expect(next({ state: 'down' }, false)).toBe('Check its power and network.');
  expect(next({ availability: 'drain' }, true)).toContain('moves them');
  expect(next({ availability: 'drain' }, false)).toBe('Takes no tasks.');
  expect(next({ availability: 'pause' }, true)).toContain('Keeps its tasks');
  expect(next({ availability: 'pause' }, false)).toBe('Takes no new tasks.');
});

test('names the role in the swarm', () => {
  const role = (more: Partial<NodeView>) =>
    roleWords({ role: 'manager', leader: false, reachability: 'reachable', ...more } as NodeView);
  expect(role({ leader: true })).toBe('leader');
  expect(role({})).toBe('manager');
  expect(role({ reachability: 'unreachable' })).toBe('manager (unreachable)');
  expect(role({ role: 'worker', reachability: null })).toBe('worker');
});

test('a node is unknown, not down, while the list of nodes is refused', () => {
  const unknown = { state: 'unknown', availability: 'active', message: '' } as const;
  expect(nodeCondition({ ...unknown, listed: false }).help).toBe('engine-refused');
  expect(nodeCondition({ ...unknown, listed: true }).help).toBe('node-down');
});
