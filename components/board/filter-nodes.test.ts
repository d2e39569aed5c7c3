import { describe, expect, test } from 'vitest';
import type { BoardTask } from './board-tasks';
import type { TaskView } from '@/lib/swarm/view';
import { aNode, aTask } from '@/tests/factories/view';
import { filterNodes } from './filter-nodes';

const on = (service: string, slot: number, over: Partial<TaskView> = {}): BoardTask => ({
  id: `${service}.${slot}`,
  service,
  earlierFailures: 0,
  lostAt: null,
  badge: 1,
  task: aTask({ slot, name: `${service}.${slot}`, ...over }),
});

const nodes = [
  aNode({ name: 'node1' }),
  aNode({ name: 'node2', state: 'down', message: 'heartbeat failure' }),
  aNode({ name: 'node3', availability: 'drain' }),
];
const byNode = new Map<string, readonly BoardTask[]>([
  ['id-node1', [on('mqtt', 1), on('goweb', 2)]],
  ['id-node2', [on('mqtt', 3, { phase: 'lost' })]],
]);
const names = (text: string, problemsOnly = false) =>
  filterNodes(nodes, byNode, text, problemsOnly).map(
    ({ node, tasks }) => `${node.name}:${tasks.map(({ id }) => id).join()}`,
  );

describe('filterNodes', () => {
  test('returns everything, with the same lists, without a filter', () => {
    expect(names('')).toEqual(['node1:mqtt.1,goweb.2', 'node2:mqtt.3', 'node3:']);
    expect(filterNodes(nodes, byNode, ' ', false)[0]?.tasks).toBe(byNode.get('id-node1'));
  });

  test('matches a node by name and availability and keeps all its tasks', () => {
    expect(names('NODE1')).toEqual(['node1:mqtt.1,goweb.2']);
    expect(names('drain')).toEqual(['node3:']);
  });

  test('matches a service and keeps only its tasks', () => {
    expect(names('mqtt')).toEqual(['node1:mqtt.1', 'node2:mqtt.3']);
    expect(names('goweb.2')).toEqual(['node1:goweb.2']);
  });

  test('matches words of the node and of its task together', () => {
    expect(names('mqtt down')).toEqual(['node2:mqtt.3']);
    expect(names('goweb down')).toEqual([]);
  });

  test('keeps nodes with problems only', () =>
    expect(names('', true)).toEqual(['node2:mqtt.3', 'node3:']));
});

test('summarizes a node and its tasks in words', () => {
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

test("a job's finished task is no problem of its node", () => {
  const finished = new Map([['id-node1', [on('batch', 1, { state: 'complete' })]]]);
  expect(filterNodes(nodes, finished, '', false)[0]).toMatchObject({
    tone: 'ok',
    words: 'node1, ready, 1 task',
  });
});
