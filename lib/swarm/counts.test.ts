import { expect, test } from 'vitest';
import { aNode, aService, aView } from '@/tests/factories/view';
import { countsOf } from './counts';
import type { SwarmView } from './view';

const words = (over: Partial<SwarmView>) =>
  countsOf(aView(over)).map(({ tone, value, label }) => [tone, `${value} ${label}`]);
const refusing = (...reads: SwarmView['refused']['reads']) => ({
  refused: { reads, changes: {} },
});

test('counts nodes, services and running tasks', () => {
  expect(words({})).toEqual([
    ['ok', '5/5 nodes ready'],
    [null, '1 service'],
    ['ok', '3/3 tasks running'],
  ]);
  const nodes = [aNode(), aNode({ name: 'zero2', state: 'down' })];
  const services = [aService({ running: 2 }), aService({ name: 'web', replicas: 0 })];
  expect(words({ nodes, services })).toEqual([
    ['bad', '1/2 nodes ready'],
    [null, '2 services'],
    ['warn', '2/3 tasks running'],
  ]);
});

test('none of none is neither good nor bad', () => {
  const idle = aService({ replicas: 0, wanted: 0, running: 0 });
  expect(words({ services: [idle] })[2]).toEqual(['off', '0/0 tasks running']);
  expect(words({ nodes: [], services: [] })).toEqual([
    ['off', '0/0 nodes ready'],
    [null, '0 services'],
    ['off', '0/0 tasks running'],
  ]);
  const stopping = aService({ replicas: 0, wanted: 0, running: 2 });
  expect(words({ services: [stopping] })[2]).toEqual(['warn', '2/0 tasks running']);
});

test('shows no number for a refused list', () => {
  const unknown = aService({ running: null });
  expect(words({ services: [unknown], ...refusing('NODES', 'TASKS') })).toEqual([
    [null, 'Nodes unknown'],
    [null, '1 service'],
    [null, 'Tasks unknown'],
  ]);
  expect(words(refusing('SERVICES'))).toEqual([
    ['ok', '5/5 nodes ready'],
    [null, 'Services unknown'],
    [null, '3 tasks running'],
  ]);
});
