import { expect, test } from 'vitest';
import { joinAddress } from './join-address';
import type { EngineInfo, EngineNode } from './engine-json';

type Swarm = EngineInfo['Swarm'];
const swarm = (over: Partial<Swarm> = {}): Swarm => ({
  NodeID: 'n1',
  NodeAddr: '172.19.181.254',
  LocalNodeState: 'active',
  ControlAvailable: true,
  Error: '',
  RemoteManagers: [],
  ...over,
});
const manager = (ID: string, Addr: string, Reachability = 'reachable') => ({
  ID,
  ManagerStatus: { Leader: false, Reachability, Addr },
});
const remote = (NodeID: string, Addr: string) => ({ NodeID, Addr });
type Nodes = readonly Pick<EngineNode, 'ID' | 'ManagerStatus'>[];

test.each<[what: string, Partial<Swarm>, Nodes, string | null]>([
  [
    'its own entry',
    {},
    [manager('n2', '10.0.0.2:2377'), manager('n1', '10.0.0.1:2377')],
    '10.0.0.1:2377',
  ],
  ['another port', {}, [manager('n1', '10.0.0.1:4377')], '10.0.0.1:4377'],
  [
    'IPv6 in brackets',
    { NodeAddr: 'fd00::1' },
    [manager('n1', '[fd00::1]:4377')],
    '[fd00::1]:4377',
  ],
  [
    'a link-local address with its zone',
    {},
    [manager('n1', '[fe80::1%usb0]:2377')],
    '[fe80::1%usb0]:2377',
  ],
  ['a hostname', {}, [manager('n1', 'ctrl.lan:2377')], 'ctrl.lan:2377'],
  [
    '/info without the list of nodes',
    { RemoteManagers: [remote('n2', '10.0.0.2:2377'), remote('n1', '10.0.0.1:4377')] },
    [],
    '10.0.0.1:4377',
  ],
  ['only an address', {}, [], '172.19.181.254:2377'],
  ['only an IPv6 address', { NodeAddr: 'fd00::1' }, [], '[fd00::1]:2377'],
  ['a manager that advertises 0.0.0.0', {}, [manager('n1', '0.0.0.0:4377')], '172.19.181.254:4377'],
  [
    'a manager that advertises [::]',
    { NodeAddr: 'fd00::1' },
    [manager('n1', '[::]:4377')],
    '[fd00::1]:4377',
  ],
  ['an entry without a port', {}, [manager('n1', '10.0.0.1')], '10.0.0.1:2377'],
  [
    'no address of its own',
    { NodeAddr: '' },
    [manager('n1', '0.0.0.0:2377'), manager('n2', '10.0.0.2:4377')],
    '10.0.0.2:4377',
  ],
  [
    'another manager that is unreachable',
    { NodeAddr: '' },
    [manager('n2', '10.0.0.2:2377', 'unreachable')],
    null,
  ],
  ['no address at all', { NodeAddr: '0.0.0.0' }, [], null],
])('join address: %s', (_what, own, nodes, expected) => {
  expect(joinAddress(swarm(own), nodes)).toBe(expected);
});
