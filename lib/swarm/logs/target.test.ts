import { expect, test } from 'vitest';
import { exists, missingNodes, missingSentence, sendingNodes } from './target';

const node = (name: string, state: 'ready' | 'down' | 'disconnected' | 'unknown') => ({
  id: `id-${name}`,
  name,
  state,
  stateSince: 5,
});
const task = (id: string, serviceId: string, on: string | null) => ({
  id,
  serviceId,
  nodeId: on === null ? null : `id-${on}`,
});
const SWARM = {
  services: [{ id: 's1' }, { id: 's3' }],
  nodes: [node('ctrl', 'ready'), node('zero1', 'down'), node('zero2', 'disconnected')],
  goneNodes: [{ id: 'id-old', name: 'zero9' }],
  tasks: [
    task('t1', 's1', 'ctrl'),
    task('t2', 's1', 'zero1'),
    task('t3', 's1', 'old'),
    task('t4', 's2', 'zero2'),
    task('t5', 's1', null),
  ],
};

test('a service misses the lines of nodes that are not ready or have left', () => {
  const missing = missingNodes(SWARM, { kind: 'service', id: 's1' });
  expect(missing).toEqual([
    { nodeId: 'id-zero1', name: 'zero1', state: 'down', since: 5 },
    { nodeId: 'id-old', name: 'zero9', state: 'gone', since: null },
  ]);
  expect(missing.map(missingSentence)).toEqual([
    'zero1 is down: its lines are missing.',
    'zero9 has left the swarm: its lines are missing.',
  ]);
  expect([...sendingNodes(SWARM, { kind: 'service', id: 's1' })]).toEqual(['id-ctrl']);
});

test.each([
  ['a service', { kind: 'service', id: 's1' }, true],
  ['a service without tasks', { kind: 'service', id: 's3' }, true],
  ['a removed service whose tasks still stop', { kind: 'service', id: 's2' }, true],
  ['a removed service', { kind: 'service', id: 's4' }, false],
  ['a task', { kind: 'task', id: 't4' }, true],
  ['a task that swarm has deleted', { kind: 'task', id: 't9' }, false],
] as const)('%s', (_, target, is) => {
  expect(exists(SWARM, target)).toBe(is);
});

test('a task misses only its own node', () => {
  expect(missingNodes(SWARM, { kind: 'task', id: 't1' })).toEqual([]);
  expect(missingNodes(SWARM, { kind: 'task', id: 't4' })[0]?.name).toBe('zero2');
});
