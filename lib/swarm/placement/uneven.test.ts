import { expect, test } from 'vitest';
import {
  aCluster,
  aSwarmService,
  aSwarmTask,
  constrained,
  hatNodes,
  reserving,
} from '@/tests/factories/cluster';
import { unevenSpread } from './uneven';

function uneven(
  nodes: string[],
  spec: Parameters<typeof aSwarmService>[1] = {},
  over: Parameters<typeof hatNodes>[0] = {},
) {
  const service = aSwarmService('goweb', spec);
  const tasks = nodes.map((node, at) => aSwarmTask(service, { node, Slot: at + 1 }));
  const all = hatNodes(over);
  const cluster = aCluster(all, [service], tasks);
  return unevenSpread(
    service,
    tasks.map(({ NodeID = null }) => ({ nodeId: NodeID })),
    all,
    () => cluster,
  );
}

test('names nodes that could take a task, and the one that has the most', () => {
  expect(uneven(['ctrl', 'ctrl', 'zero1', 'zero2', 'zero3'])).toBe(
    'zero4 has no task of goweb, and ctrl has 2: a restart spreads them.',
  );
  expect(uneven(['ctrl', 'zero1', 'zero1', 'zero1'])).toBe(
    'zero2, zero3 and zero4 have no task of goweb, and zero1 has 3: a restart spreads them.',
  );
});

test.each<[string, ...Parameters<typeof uneven>]>([
  ['is spread over the nodes', ['ctrl', 'zero1', 'zero2']],
  ['has more tasks than nodes', ['ctrl', 'ctrl', 'zero1', 'zero2', 'zero3', 'zero4']],
  ['runs nothing', []],
  ['is kept there by its constraints', ['ctrl', 'ctrl'], constrained('node.role==manager')],
  ['is too large for the others', ['ctrl', 'ctrl'], reserving(430)],
  [
    'is spread over a label',
    ['ctrl', 'ctrl'],
    { Placement: { Preferences: [{ Spread: { SpreadDescriptor: 'node.labels.a' } }] } },
  ],
  [
    'has no other node',
    ['ctrl', 'ctrl'],
    {},
    Object.fromEntries(
      ['zero1', 'zero2', 'zero3', 'zero4'].map((name) => [
        name,
        { Spec: { Availability: 'drain' } },
      ]),
    ),
  ],
])('a service that %s needs no restart', (_, ...swarm) => expect(uneven(...swarm)).toBeNull());

test('a global service is where it has to be', () => {
  const service = aSwarmService('agent');
  service.Spec.Mode = { Global: {} };
  const ask = () => {
    throw new Error('not needed');
  };
  expect(unevenSpread(service, [{ nodeId: 'a' }, { nodeId: 'a' }], hatNodes(), ask)).toBeNull();
});

test('looks at the loads of nodes only where one could take a task', () => {
  const ask = () => {
    throw new Error('not needed');
  };
  const onEach = hatNodes().map(({ ID }) => ({ nodeId: ID }));
  const service = aSwarmService('goweb');
  expect(unevenSpread(service, [...onEach, ...onEach], hatNodes(), ask)).toBeNull();
});
