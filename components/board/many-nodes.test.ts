import { describe, expect, test } from 'vitest';
import type { BoardTask } from './board-tasks';
import type { TaskView } from '@/lib/swarm/view';
import { aNode, aTask } from '@/tests/factories/view';
import { filterNodes, stepInGrid } from './many-nodes';

const on = (service: string, slot: number, over: Partial<TaskView> = {}): BoardTask => ({
  id: `${service}.${slot}`,
  service,
  earlierFailures: 0,
  lostAt: null,
  task: aTask({ slot, name: `${service}.${slot}`, ...over }),
});

const nodes = [
  aNode({ name: 'node1' }),
  aNode({ name: 'node2', state: 'down', message: 'heartbeat failure' }),
  aNode({ name: 'node3', availability: 'drain' }),
];
const byNode = new Map<string, readonly BoardTask[]>([
  ['id-node1', [on('mqtt', 1), on('goweb', 2)]],
  ['id-node2', [on('mqtt', 3, { counts: false, lost: true })]],
]);
const left = (text: string, trouble = false) =>
  filterNodes(nodes, byNode, text, trouble).map(
    ({ node, tasks }) => `${node.name}:${tasks.map(({ id }) => id).join()}`,
  );

describe('filterNodes', () => {
  test('no filter leaves everything, and the lists that they are', () => {
    expect(left('')).toEqual(['node1:mqtt.1,goweb.2', 'node2:mqtt.3', 'node3:']);
    expect(filterNodes(nodes, byNode, ' ', false)[0]?.tasks).toBe(byNode.get('id-node1'));
  });

  test('by node: its name, state, availability; all its tasks stay', () => {
    expect(left('NODE1')).toEqual(['node1:mqtt.1,goweb.2']);
    expect(left('drain')).toEqual(['node3:']);
  });

  test('by service: the nodes that have its tasks, and only those tasks', () => {
    expect(left('mqtt')).toEqual(['node1:mqtt.1', 'node2:mqtt.3']);
    expect(left('goweb.2')).toEqual(['node1:goweb.2']);
  });

  test('words of both, and of neither', () => {
    expect(left('mqtt down')).toEqual(['node2:mqtt.3']);
    expect(left('goweb down')).toEqual([]);
  });

  test('only trouble', () => expect(left('', true)).toEqual(['node2:mqtt.3', 'node3:']));
});

test('a node says how it fares in words', () => {
  const [one, two] = filterNodes(nodes, byNode, '', false);
  expect(one).toMatchObject({ tone: 'ok', words: 'node1, ready, 2 tasks' });
  expect(two).toMatchObject({
    tone: 'bad',
    words: 'node2, down · heartbeat failure, 1 task, 1 not running',
  });
  const broken = new Map([['id-node1', [on('mqtt', 1, { state: 'failed' })]]]);
  expect(filterNodes(nodes, broken, '', true)[0]).toMatchObject({
    tone: 'bad',
    words: 'node1, ready, 1 task, 1 failed',
  });
});

test('arrow keys walk the grid and stop at its edges', () => {
  expect(stepInGrid('ArrowRight', 0, 10, 4)).toBe(1);
  expect(stepInGrid('ArrowDown', 1, 10, 4)).toBe(5);
  expect(stepInGrid('ArrowDown', 7, 10, 4)).toBeNull();
  expect(stepInGrid('ArrowUp', 1, 10, 4)).toBeNull();
  expect(stepInGrid('ArrowLeft', 0, 10, 4)).toBeNull();
  expect(stepInGrid('End', 0, 10, 4)).toBe(9);
  expect(stepInGrid('Home', 5, 10, 4)).toBe(0);
  expect(stepInGrid('a', 5, 10, 4)).toBeNull();
});
