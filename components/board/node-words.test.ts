import { expect, test } from 'vitest';
import type { NodeView } from '@/lib/swarm/view';
import { memoryWords, nodeCondition, roleWords } from './node-words';

test('memory is in docker’s units', () => {
  expect(memoryWords(971_000_000)).toBe('926 MiB');
  expect(memoryWords(447_741_952)).toBe('427 MiB');
  expect(memoryWords(4_073_000_000)).toBe('3.8 GiB');
});

test('a node’s condition is said in words, down before availability', () => {
  const say = (state: NodeView['state'], availability: NodeView['availability'], message = '') =>
    nodeCondition({ state, availability, message }).words;
  expect(say('ready', 'active')).toBeNull();
  expect(say('ready', 'drain')).toBe('drain');
  expect(say('ready', 'pause')).toBe('pause');
  expect(say('down', 'drain', 'heartbeat failure')).toBe('down · heartbeat failure');
  expect(say('disconnected', 'active')).toBe('disconnected');
});

test('roles', () => {
  const role = (more: Partial<NodeView>) =>
    roleWords({ role: 'manager', leader: false, reachability: 'reachable', ...more } as NodeView);
  expect(role({ leader: true })).toBe('leader');
  expect(role({})).toBe('manager');
  expect(role({ reachability: 'unreachable' })).toBe('manager (unreachable)');
  expect(role({ role: 'worker', reachability: null })).toBe('worker');
});
