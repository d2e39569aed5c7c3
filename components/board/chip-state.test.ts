import { expect, test } from 'vitest';
import type { TaskView } from '@/lib/swarm/view';
import { changedTask } from '@/tests/factories/view';
import { chipContainer, chipName, chipState } from './chip-state';

const NOW = 1_700_000_000_000;
const base: TaskView = {
  id: 't',
  serviceId: 's',
  name: 'goweb.1',
  slot: 1,
  nodeId: 'n',
  phase: 'running',
  desired: 'running',
  state: 'running',
  stateAt: NOW - 14 * 60_000,
  createdAt: NOW - 15 * 60_000,
  seenAt: NOW - 15 * 60_000,
  ranAt: NOW - 14 * 60_000,
  nextTaskId: null,
  error: '',
  hint: null,
  help: null,
  exitCode: null,
  container: '0801fa03baa6',
  image: 'carmeloc/goweb:1.0',
  upToDate: true,
};
const say = (more: Partial<TaskView>, lostAt: number | null = null) =>
  chipState({ task: changedTask(base, more), lostAt }, NOW);

test.each<[Partial<TaskView>, string, string]>([
  [{}, 'running 14 m', 'ok'],
  [{ state: 'preparing', stateAt: NOW - 2000 }, 'preparing 2 s', 'moving'],
  [{ state: 'pending', stateAt: NOW + 3000 }, 'pending 0 s', 'moving'],
  [{ desired: 'remove' }, 'stopping', 'stopping'],
  [{ state: 'failed', exitCode: 137 }, 'failed 14 m ago', 'broken'],
  [{ state: 'rejected' }, 'rejected 14 m ago', 'broken'],
  [{ state: 'complete', exitCode: 0 }, 'complete 14 m ago', 'ended'],
  [{ phase: 'lost', desired: 'shutdown' }, 'unknown', 'lost'],
])('%j says %s', (more, words, look) => {
  expect(say(more)).toEqual({ words, look });
});

test('a lost task says since when', () => {
  expect(say({ phase: 'lost' }, NOW - 20_000).words).toBe('unknown since 20 s ago');
});

test('without a container it says why', () => {
  const line = (more: Partial<TaskView>) =>
    chipContainer({ task: changedTask(base, { container: null, ...more }) });
  expect(line({ container: 'abc' })).toBe('abc');
  expect(line({ state: 'preparing' })).toBe('no container yet');
  expect(line({ state: 'ready', desired: 'ready' })).toBe('waits for the restart delay');
  expect(line({ state: 'pending', nodeId: null })).toBe('no node yet');
  expect(line({ state: 'rejected' })).toBe('never had a container');
});

test('a global task goes by its service on the node where it stands', () => {
  expect(chipName({ task: base, service: 'goweb' })).toBe('goweb.1');
  expect(chipName({ task: { ...base, slot: null, name: 'agent.xyz' }, service: 'agent' })).toBe(
    'agent',
  );
});
