import { afterAll, beforeAll, expect, test } from 'vitest';
import { chooseEntry, entryKey, entryNodes } from '@/components/curl/controls/dial-targets';
import { dial } from '@/lib/curl/dial';
import type { SwarmView } from '@/lib/swarm/view';
import { ODD_CASES } from '@/tests/support/odd-cases';
import { renamed } from '@/tests/support/odd-names';
import { oddSwarm, type OddSwarm } from './odd-swarm';

let swarm: OddSwarm;
beforeAll(async () => {
  swarm = await oddSwarm();
});
afterAll(() => swarm.close());

const placesOf = ({ nodes }: SwarmView) => nodes.map(({ hostname, place }) => [hostname, place]);

test.each([
  ['hatNames', ['cbridge', 'p1', 'p2', 'p3', 'p4']],
  ['fqdnNames', ['Ctrl', 'zero1.local', 'zero2.local', 'zero3.local', 'zero4.local']],
] as const)('%s: the five nodes are in the five places', async (name, hostnames) => {
  const view = await swarm.view(ODD_CASES[name]);
  expect(placesOf(view)).toEqual(hostnames.map((hostname, place) => [hostname, place]));
  expect(view.hat).toEqual(hostnames);
  expect(view.nodes.map((node) => node.name)).toEqual(hostnames);
  expect(view.notices).toEqual([]);
});

test('sameName: the nodes have unique names, and each can be the entry node', async () => {
  const view = await swarm.view(ODD_CASES.sameName);
  const names = view.nodes.map(({ name }) => name);
  expect(new Set(names).size).toBe(5);
  const pis = view.nodes.filter(({ hostname }) => hostname === 'raspberrypi');
  expect(pis).toHaveLength(4);
  for (const pi of pis) {
    expect(pi.name).toBe(`raspberrypi (${pi.address})`);
    expect(chooseEntry(entryNodes(view.nodes), entryKey(pi))?.id).toBe(pi.id);
    for (const entryNode of [pi.id, pi.name, pi.id.slice(0, 12)]) {
      const dialled = dial(view, { service: 'goweb', publishedPort: 8888, entryNode, path: '/' });
      expect(dialled.ok && dialled.target.entries.map(({ nodeId }) => nodeId)).toEqual([pi.id]);
    }
  }
  const asked = { service: 'goweb', publishedPort: 8888, entryNode: 'raspberrypi', path: '/' };
  expect(dial(view, asked)).toMatchObject({ ok: false, why: { kind: 'bad-request' } });
});

test('unusual hostnames on the HAT’s addresses: the places are found by address', async () => {
  const hostnames = ['boss', 'd', 'c', 'b', 'a'];
  const addresses = {
    boss: '172.19.181.254',
    a: '172.19.181.1',
    b: '172.19.181.2',
    c: '172.19.181.3',
    d: '172.19.181.4',
  };
  const view = await swarm.view(renamed(hostnames, { addresses }));
  expect(placesOf(view)).toEqual(['boss', 'a', 'b', 'c', 'd'].map((name, place) => [name, place]));
});

test('labels come first', async () => {
  const labels = { zero4: 'P1', zero3: 'p2', zero2: 'P3', zero1: '4' };
  const view = await swarm.view(renamed(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], { labels }));
  expect(view.hat).toEqual(['ctrl', 'zero4', 'zero3', 'zero2', 'zero1']);
});

test('other hostnames: no places, and the setting ready to copy', async () => {
  const view = await swarm.view(renamed(['eve', 'dave', 'carol', 'bob', 'alice']));
  expect(view.hat).toEqual([]);
  expect(placesOf(view)).toEqual(
    ['alice', 'bob', 'carol', 'dave', 'eve'].map((name) => [name, null]),
  );
  expect(view.notices).toEqual([
    expect.objectContaining({
      kind: 'places',
      command: 'CLUSTERHAT_NODES=eve,alice,bob,carol,dave',
    }),
  ]);
});

test('hostnames that change between two reads: the nodes keep their places', async () => {
  const reader = await swarm.reader(null);
  const before = await reader.read();
  reader.odd.become(renamed(['ctrl', 'zero1', 'zero2', 'raspberrypi', 'zero4']));
  const after = await reader.read();
  expect(after.nodes.map(({ id, place }) => [id, place])).toEqual(
    before.nodes.map(({ id, place }) => [id, place]),
  );
  expect(after.hat).toEqual(['ctrl', 'zero1', 'zero2', 'raspberrypi', 'zero4']);
});

test('ipv6: the join command has the manager’s own address and port', async () => {
  const { engine } = await swarm.reader(ODD_CASES.ipv6);
  expect(await engine.joinCommand()).toMatch(
    /^docker swarm join --token SWMTKN-\S+ '\[fd00::1\]:4377'$/,
  );
});

test('a proxy that refuses the list of nodes leaves the join command', async () => {
  const { engine } = await swarm.reader(ODD_CASES.proxyNodes403);
  expect(await engine.joinCommand()).toMatch(/^docker swarm join --token SWMTKN-\S+ [\d.]+:2377$/);
});
