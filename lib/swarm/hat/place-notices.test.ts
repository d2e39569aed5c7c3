import { describe, expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import type { HatPlaces, PlaceProblem } from './hat-places';
import { placeNotices } from './place-notices';
import type { NodeView } from '../view';

const hat = (problem: PlaceProblem, over: Partial<HatPlaces> = {}): HatPlaces => ({
  places: new Map(),
  guessed: new Map(),
  names: [],
  problems: [problem],
  ...over,
});
const UNMATCHED = { kind: 'unmatched', explicit: false } as const;
const GB = 2 ** 30;
const node = (name: string, over: Partial<NodeView> = {}) => aNode({ name, place: null, ...over });
const pi = (id: string, over: Partial<NodeView> = {}) =>
  node(`raspberrypi (${id})`, { id, hostname: 'raspberrypi', ...over });

describe('no node matches', () => {
  test('offers the setting: the manager, then the Zeros by name', () => {
    const nodes = [
      node('nas', { memoryBytes: 8 * GB }),
      node('zed'),
      node('alice'),
      node('boss', { here: true, role: 'manager' }),
      node('bob', { state: 'down' }),
      node('carol'),
    ];
    const [notice] = placeNotices(hat(UNMATCHED), nodes);
    expect(notice).toMatchObject({
      id: 'places',
      kind: 'places',
      command: 'CLUSTERHAT_NODES=boss,alice,carol,nas,zed',
    });
    expect(notice?.next).toContain('docker node update --label-add clusterhat.port=P1 alice');
    const fewer = placeNotices(hat({ ...UNMATCHED, explicit: true }), nodes.slice(2, 4));
    expect(fewer[0]).toMatchObject({ command: 'CLUSTERHAT_NODES=boss,alice' });
    expect(fewer[0]?.text).toContain('CLUSTERHAT_NODES');
  });

  test('quotes a hostile hostname', () => {
    const nodes = [node('$(reboot)', { here: true }), node('b')];
    const [notice] = placeNotices(hat(UNMATCHED), nodes);
    expect(notice?.command).toBe("CLUSTERHAT_NODES='$(reboot),b'");
  });

  test.each([
    ['hostnames that several nodes have', [pi('n1', { here: true }), pi('n2')], 'n2'],
    ['a hostname with a comma', [node('a', { here: true }), node('b,c', { id: 'x' })], 'b,c'],
    [
      'a node that has not reported in',
      [node('a', { here: true }), pi('n2', { hostname: '' })],
      'n2',
    ],
  ])('offers the label instead with %s', (_what, nodes, ref) => {
    const [notice] = placeNotices(hat(UNMATCHED), nodes);
    expect(notice?.command).toBe(`docker node update --label-add clusterhat.port=P1 ${ref}`);
    expect(notice?.next).toContain(`as here ${nodes[1]?.name}:`);
  });
});

test('two nodes with one label', () => {
  const problem = { kind: 'label-twice', place: 2, nodes: ['id-a', 'id-b', 'id-c'] } as const;
  expect(
    placeNotices(
      hat(problem),
      ['a', 'b', 'c'].map((name) => node(name)),
    ),
  ).toEqual([
    {
      id: 'places:clusterhat.port=P2',
      kind: 'places',
      text: '3 nodes have the label `clusterhat.port=P2`: a is shown there, b and c not.',
      next: 'Remove the label where it is wrong:',
      command: 'docker node update --label-rm clusterhat.port b',
    },
  ]);
});

test('a label that names no port is quoted safely', () => {
  const problem = { kind: 'label-unknown', node: 'id-a', label: '`x`\n' + 'y'.repeat(99) } as const;
  const [notice] = placeNotices(hat(problem), [node('a')]);
  expect(notice?.text).toMatch(/^The label `clusterhat.port='x' y{50,60}…` of a names no port\.$/);
  expect(notice?.command).toBe('docker node update --label-add clusterhat.port=P1 a');
});

test('nodes of one hostname, as long as a place is empty', () => {
  const problem = {
    kind: 'same-name',
    hostname: 'raspberrypi',
    count: 3,
    nodes: ['n2', 'n3'],
  } as const;
  const nodes = ['n1', 'n2', 'n3'].map((id) => pi(id));
  const places = new Map([['n1', 0]]);
  const [notice] = placeNotices(hat(problem, { places, names: ['ctrl', 'P1'] }), nodes);
  expect(notice).toMatchObject({
    text: '3 nodes have the hostname raspberrypi, so 2 nodes match no place of the ClusterHAT.',
    command: 'docker node update --label-add clusterhat.port=P1 n2',
  });
  expect(placeNotices(hat(problem, { places, names: ['ctrl'] }), nodes)).toEqual([]);
  const two = { ...problem, count: 2, nodes: ['n2'] };
  const [one] = placeNotices(hat(two, { places, names: ['ctrl', 'P1'] }), nodes);
  expect(one?.text).toBe(
    '2 nodes have the hostname raspberrypi, so 1 node matches no place of the ClusterHAT.',
  );
});
