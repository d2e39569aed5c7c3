import { expect, test } from 'vitest';
import { aNode, aService, aTask } from '@/tests/factories/view';
import { portTargets } from './port-targets';
import type { PortView } from './view';

const nodes = [aNode({ name: 'zero1' }), aNode({ name: 'zero2', address: 'fd00::2' })];
const tasks = [1, 2, 3].map((slot) =>
  aTask({
    slot,
    nodeId: slot === 3 ? 'id-zero2' : 'id-zero1',
    state: slot === 2 ? 'starting' : 'running',
    hostPorts: [{ published: 32_767 + slot, target: 8080, protocol: 'tcp' }],
  }),
);
const port = (over: Partial<PortView>): PortView => ({
  published: null,
  target: 8080,
  protocol: 'tcp',
  mode: 'host',
  ...over,
});
const targets = (...ports: PortView[]) => portTargets({ ...aService({ ports }) }, tasks, nodes);

test('a port that the engine chooses is offered where a task of the service runs', () => {
  expect(targets(port({}))).toEqual([
    {
      key: 'goweb:8080/host',
      port: 0,
      targetPort: 8080,
      hosts: { 'id-zero1': ['172.19.181.1:32768'], 'id-zero2': ['[fd00::2]:32770'] },
    },
  ]);
});

test('a fixed one in host mode is offered there too, one of the mesh at every node', () => {
  expect(targets(port({ published: 9000 }), port({ published: 8888, mode: 'ingress' }))).toEqual([
    {
      key: 'goweb:9000',
      port: 9000,
      targetPort: 8080,
      hosts: { 'id-zero1': ['172.19.181.1:9000'], 'id-zero2': ['[fd00::2]:9000'] },
    },
    { key: 'goweb:8888', port: 8888, targetPort: 8080, hosts: null },
  ]);
});

test('nothing else is offered', () => {
  expect(targets(port({ protocol: 'udp' }), port({ mode: 'ingress' }))).toEqual([]);
  expect(portTargets(aService({ curl: false }), tasks, nodes)).toEqual([]);
});
