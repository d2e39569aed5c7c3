import { describe, expect, test } from 'vitest';
import { ROTATE } from '@/lib/curl/run';
import type { NodeView, ServiceView } from '@/lib/swarm/view';
import { aRun } from '@/tests/factories/curl';
import { aNode, aService } from '@/tests/factories/view';
import {
  hostsOf,
  chooseEntry,
  chooseTarget,
  dialTargets,
  entryKey,
  entryNodes,
  fittingEntries,
  hostsAt,
  unavailableWords,
} from './dial-targets';
import { IS_VALID } from './run-settings';

const node = (name: string, over: Partial<NodeView> = {}) => aNode({ name, ...over });
const service = (name: string, curl: boolean, ports: ServiceView['ports']) =>
  aService({ name, curl, ports });
const tcp = (published: number | null): ServiceView['ports'][number] => ({
  published,
  target: 8080,
  protocol: 'tcp',
  mode: 'ingress',
});

describe('targets and entry nodes', () => {
  test('offers published TCP ports of services that allow the curl panel', () => {
    const udp = { ...tcp(53), protocol: 'udp' };
    const targets = dialTargets([
      service('goweb', true, [tcp(8888), tcp(null), udp, tcp(9999)]),
      service('admin', false, [tcp(9000)]),
    ]);
    expect(targets.map(({ key }) => key)).toEqual(['goweb:8888', 'goweb:9999']);
    expect(chooseTarget(targets, 'goweb:9999')?.port).toBe(9999);
    expect(chooseTarget(targets, 'gone:1')?.port).toBe(8888);
    expect(chooseTarget([], 'goweb:8888')).toBeNull();
  });

  test("offers ready nodes with an address, the engine's own node first", () => {
    const nodes = entryNodes([
      node('ctrl', { here: true }),
      node('zero1'),
      node('zero2', { state: 'down' }),
      node('zero3', { address: null }),
      node('zero4', { availability: 'drain' }),
    ]);
    expect(nodes.map(({ name }) => name)).toEqual(['ctrl', 'zero1', 'zero4']);
    expect(chooseEntry(nodes, null)?.name).toBe('ctrl');
    expect(chooseEntry(nodes, 'zero4')?.name).toBe('zero4');
    expect(chooseEntry(nodes, 'zero2')?.name).toBe('ctrl');
    expect(chooseEntry([node('zero1')], null)?.name).toBe('zero1');
    expect(chooseEntry([], null)).toBeNull();
  });

  test('nodes of one hostname are chosen by their ids', () => {
    const pi = (id: string, over: Partial<NodeView> = {}) =>
      node(`raspberrypi (${id})`, { id, hostname: 'raspberrypi', ...over });
    const nodes = [node('ctrl', { here: true }), pi('abc'), pi('def')];
    expect(nodes.map(entryKey)).toEqual(['ctrl', 'abc', 'def']);
    for (const one of nodes) expect(chooseEntry(nodes, entryKey(one))).toBe(one);
    expect(chooseEntry(nodes, 'raspberrypi')?.name).toBe('ctrl');
    const wanted = { target: null, entryNode: 'raspberrypi' };
    expect(unavailableWords(wanted, [], nodes)).toEqual([
      'Entry node raspberrypi is not available; using ctrl',
    ]);
    const all = [...nodes, pi('ghi', { state: 'down' })];
    expect(unavailableWords({ target: null, entryNode: 'ghi' }, [], nodes, all)).toEqual([
      'Entry node raspberrypi (ghi) is not available; using ctrl',
    ]);
    // A link to a hostname holds as long as one node that is not down has it.
    const alone = pi('abc', { name: 'raspberrypi' });
    expect(chooseEntry([nodes[0]!, alone], 'raspberrypi')).toBe(alone);
  });

  test('a hostname that a link cannot hold is replaced by the id', () => {
    expect(['rotate', 'a b'].map((name) => entryKey(node(name)))).toEqual(['id-rotate', 'id-a b']);
  });

  test('reports a selection that is not available', () => {
    const targets = dialTargets([service('goweb', true, [tcp(8888)])]);
    const nodes = [node('ctrl', { here: true }), node('zero1')];
    expect(unavailableWords({ target: null, entryNode: null }, targets, nodes)).toEqual([]);
    expect(unavailableWords({ target: 'goweb:8888', entryNode: ROTATE }, targets, nodes)).toEqual(
      [],
    );
    expect(unavailableWords({ target: 'shop:80', entryNode: 'zero9' }, targets, nodes)).toEqual([
      'Port shop:80 is not available; using goweb:8888',
      'Entry node zero9 is not available; using ctrl',
    ]);
  });
});

test('reads the addresses of a run from its entries, not from the present nodes', () => {
  const [entry] = aRun().entries;
  const urls = ['http://172.19.181.1:8888/Hello!', 'http://[fd00::1]:8888/../x'];
  const entries = urls.map((url) => ({ ...entry!, url }));
  expect(hostsOf({ entries })).toEqual(['172.19.181.1:8888', '[fd00::1]:8888']);
});

describe('ports that the engine chooses', () => {
  const nodes = ['ctrl', 'zero1', 'zero2'].map((name) => node(name));
  const hosts = { 'id-zero1': ['172.19.181.1:32768', '172.19.181.1:32769'] };
  const [target = null] = dialTargets([
    aService({ targets: [{ key: 'goweb:8080/host', port: 0, targetPort: 8080, hosts }] }),
  ]);

  test('have keys that settings and links can hold', () => {
    expect(IS_VALID.target(target?.key)).toBe(true);
    expect(IS_VALID.target('goweb:8080/other')).toBe(false);
  });

  test('are dialled where the engine published them', () => {
    expect(nodes.map((each) => target && hostsAt(target, each))).toEqual([
      [],
      ['172.19.181.1:32768', '172.19.181.1:32769'],
      [],
    ]);
    const [mesh] = dialTargets([aService()]);
    expect(mesh && hostsAt(mesh, node('ctrl'))).toEqual(['172.19.181.254:8888']);
    expect(mesh && hostsAt(mesh, node('six', { address: 'fd00::6' }))).toEqual(['[fd00::6]:8888']);
  });

  test('are entered where a task runs, unless another node is selected', () => {
    const chosen = (wanted: string | null) =>
      chooseEntry(nodes, wanted, fittingEntries(target, nodes))?.name;
    expect(chosen(null)).toBe('zero1');
    expect(chosen('ctrl')).toBe('ctrl');
    const none = target && { ...target, hosts: {} };
    expect(chooseEntry(nodes, null, fittingEntries(none, nodes))?.name).toBe('ctrl');
  });
});
