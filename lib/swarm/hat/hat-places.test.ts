import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { NODE } from '@/tests/factories/engine';
import { parseSettings } from '../../settings';
import type { EngineNode } from '../engine-json';
import { DEFAULT_PLACES, findPlaces, placeOfLabel, PORT_LABEL, portName } from './hat-places';

interface Described {
  id?: string;
  port?: string | undefined;
  address?: string;
  state?: EngineNode['Status']['State'];
  manager?: boolean;
  joined?: number;
}

/** A worker with this hostname, which is its id too. */
function aPi(Hostname: string, over: Described = {}): EngineNode {
  const { id = Hostname, port, address = '', state = 'ready', manager = false, joined = 0 } = over;
  return {
    ...NODE,
    ID: id,
    CreatedAt: joined,
    Spec: {
      Labels: port === undefined ? {} : { [PORT_LABEL]: port },
      Role: manager ? 'manager' : 'worker',
      Availability: 'active',
    },
    Description: { Hostname },
    Status: { State: state, Message: '', Addr: address },
    ManagerStatus: manager
      ? { Leader: true, Reachability: 'reachable', Addr: `${address || '0.0.0.0'}:2377` }
      : undefined,
  };
}

const HERE = { hereId: '', ownAddress: '' };
const find = (
  nodes: readonly EngineNode[],
  wanted = DEFAULT_PLACES,
  before: ReadonlyMap<string, number> = new Map(),
) => findPlaces(nodes, wanted, before, HERE);
/** `P1 zero1`, one for each place that is taken, in order. */
function placed(...args: Parameters<typeof find>): string[] {
  return [...find(...args).places]
    .sort(([, a], [, b]) => a - b)
    .map(([id, place]) => `${portName(place)} ${id}`);
}
const pis = (...names: string[]) => names.map((name, at) => aPi(name, { manager: at === 0 }));
const FIVE = ['ctrl', 'P1', 'P2', 'P3', 'P4'];
const inOrder = (names: readonly string[]) => names.map((name, at) => `${FIVE[at]} ${name}`);

test('the default of CLUSTERHAT_NODES equals DEFAULT_PLACES', () => {
  expect(parseSettings({}).hat).toEqual(DEFAULT_PLACES);
});

describe('the places are found by hostname', () => {
  test.each([
    [['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']],
    [['cbridge', 'p1', 'p2', 'p3', 'p4']],
    [['cnat', 'p1', 'p2', 'p3', 'p4']],
    [['controller', 'p1', 'p2', 'p3', 'p4']],
    [['Ctrl', 'zero1.local', 'Zero2.lan', 'ZERO3', 'zero4.home.arpa.']],
    [['cbridge.local', 'P1', 'p2.lan', 'zero3', 'p4']],
  ])('%j', (names) => {
    expect(placed(pis(...names))).toEqual(inOrder(names));
    expect(find(pis(...names)).problems).toEqual([]);
  });

  test('an exact hostname comes before one without its domain, and that before the other naming', () => {
    const nodes = pis('ctrl', 'p1', 'zero1.lan', 'zero1');
    expect(placed(nodes)).toEqual(['ctrl ctrl', 'P1 zero1']);
    expect(placed(nodes.slice(0, 3))).toEqual(['ctrl ctrl', 'P1 zero1.lan']);
  });

  test('a missing Zero is named as the others are', () => {
    const names = (...nodes: string[]) => find(pis(...nodes)).names;
    expect(names('ctrl', 'zero1')).toEqual(DEFAULT_PLACES);
    expect(names('ctrl')).toEqual(DEFAULT_PLACES);
    expect(names('cnat', 'p1', 'p2')).toEqual(['ctrl', 'p1', 'p2', 'p3', 'p4']);
    // One of the others may be the one that is missing.
    expect(names('ctrl', 'zero1', 'raspberrypi')).toEqual(FIVE);
  });

  test('the only manager is the controller when the Zeros are found', () => {
    expect(placed(pis('raspberrypi', 'p1', 'p2'))).toEqual(['ctrl raspberrypi', 'P1 p1', 'P2 p2']);
    const two = [...pis('raspberrypi', 'p1'), aPi('pi5', { manager: true })];
    expect(placed(two)).toEqual(['P1 p1']);
  });
});

describe('CLUSTERHAT_NODES', () => {
  test('comes before the usual hostnames', () => {
    const nodes = pis('cbridge', 'p1', 'p2', 'p3', 'p4');
    const wanted = ['cbridge', 'p4', 'p3', 'p2', 'p1'];
    expect(placed(nodes, wanted)).toEqual(inOrder(wanted));
  });

  test('a place with an unusual hostname is reserved for that hostname', () => {
    const wanted = ['ctrl', 'zero1', 'nobody', 'zero3', 'zero4'];
    const nodes = pis('ctrl', 'zero1', 'zero2', 'p3', 'zero4');
    expect(placed(nodes, wanted)).toEqual(['ctrl ctrl', 'P1 zero1', 'P3 p3', 'P4 zero4']);
    expect(find(nodes, wanted).names).toEqual(wanted);
  });

  test('when none of its names is in the swarm, the usual hostnames count', () => {
    const wanted = ['a', 'b', 'c', 'd', 'e'];
    const names = ['cbridge', 'p1', 'p2', 'p3', 'p4'];
    expect(placed(pis(...names), wanted)).toEqual(inOrder(names));
  });

  test.each([
    ['a HAT with two Zeros', ['ctrl', 'left', 'right']],
    ['two HATs', ['ctrl', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']],
  ])('may have another length: %s', (_what, wanted) => {
    const nodes = pis(...wanted.map((name) => `${name.toUpperCase()}.local`), 'pi5', 'zero3');
    const { places, names } = find(nodes, wanted);
    expect(names).toEqual(wanted);
    expect(wanted.map((_name, at) => places.get(nodes[at]?.ID ?? ''))).toEqual([...wanted.keys()]);
    expect(places.size).toBe(wanted.length);
  });
});

describe('the label clusterhat.port', () => {
  test.each([
    ['ctrl', 0],
    ['CTRL', 0],
    ['controller', 0],
    ['0', 0],
    ['P1', 1],
    ['p4', 4],
    [' 3 ', 3],
    ['P12', 12],
    ['', null],
    ['P', null],
    ['P99', null],
    ['zero1', null],
    ['-1', null],
    ['1e1', null],
  ])('%j is place %j', (label, place) => {
    expect(placeOfLabel(label)).toBe(place);
  });

  test('comes before CLUSTERHAT_NODES, hostnames and addresses', () => {
    const nodes = [
      aPi('zero1', { port: 'p2', address: '172.19.181.1' }),
      aPi('zero2', { port: 'P1' }),
      aPi('ctrl', { port: 'P3', manager: true }),
      aPi('boss', { port: 'ctrl' }),
    ];
    const expected = ['ctrl boss', 'P1 zero2', 'P2 zero1', 'P3 ctrl'];
    expect(placed(nodes)).toEqual(expected);
    expect(placed(nodes, ['ctrl', 'zero1', 'zero2'])).toEqual(expected);
  });

  test('may name a port beyond the setting', () => {
    const { names, places } = find([...pis('ctrl', 'zero1'), aPi('x', { port: 'P6' })]);
    expect(names).toHaveLength(7);
    expect(places.get('x')).toBe(6);
  });

  test('on two nodes the one that joined first has the place, and it is reported', () => {
    const nodes = [
      aPi('b', { port: 'P1', joined: 2 }),
      aPi('a', { port: 'P1', joined: 1 }),
      aPi('ctrl', { manager: true }),
    ];
    expect(placed(nodes)).toEqual(['ctrl ctrl', 'P1 a']);
    expect(find(nodes).problems).toEqual([{ kind: 'label-twice', place: 1, nodes: ['a', 'b'] }]);
  });

  test('without a port in it is reported and otherwise ignored', () => {
    const nodes = [aPi('zero1', { port: 'first' }), ...pis('ctrl')];
    expect(placed(nodes)).toEqual(['ctrl ctrl', 'P1 zero1']);
    expect(find(nodes).problems).toEqual([
      { kind: 'label-unknown', node: 'zero1', label: 'first' },
    ]);
  });
});

describe('addresses', () => {
  test('of the HAT are its ports', () => {
    const nodes = [
      aPi('raspberrypi', { id: 'a', address: '172.19.181.254', manager: true }),
      aPi('raspberrypi', { id: 'b', address: '172.19.181.3' }),
      aPi('raspberrypi', { id: 'c', address: '172.19.181.1' }),
      aPi('raspberrypi', { id: 'd', address: '172.19.181.9' }),
      aPi('raspberrypi', { id: 'e', address: '172.19.182.2' }),
    ];
    expect(placed(nodes)).toEqual(['ctrl a', 'P1 c', 'P3 b']);
    expect(find(nodes).names).toEqual(FIVE);
    expect(find(nodes).problems).toEqual([
      { kind: 'same-name', hostname: 'raspberrypi', count: 5, nodes: ['d', 'e'] },
    ]);
  });

  test('the engine’s own address counts where the list has none', () => {
    const nodes = [
      aPi('boss', { address: '0.0.0.0', manager: true }),
      aPi('x', { address: '172.19.181.2' }),
      aPi('y', { manager: true }),
    ];
    const here = { hereId: 'boss', ownAddress: '172.19.181.253' };
    expect(findPlaces(nodes, DEFAULT_PLACES, new Map(), here).places.get('boss')).toBe(0);
  });
});

describe('a node that left and joined again', () => {
  test('has the place of its old entry', () => {
    const nodes = [
      ...pis('ctrl'),
      aPi('zero1', { id: 'old', state: 'down', joined: 1 }),
      aPi('zero1', { id: 'older', state: 'down' }),
      aPi('Zero1.lan', { id: 'new', joined: 2 }),
    ];
    expect(placed(nodes)).toEqual(['ctrl ctrl', 'P1 new']);
    expect(placed(nodes.slice(0, 3))).toEqual(['ctrl ctrl', 'P1 old']);
    expect(find(nodes).problems).toEqual([]);
  });

  test('inherits the label of its old entry', () => {
    const old = aPi('alice', { id: 'old', port: 'P3', state: 'down' });
    expect(placed([...pis('ctrl'), old, aPi('alice', { id: 'new' })])).toEqual([
      'ctrl ctrl',
      'P3 new',
    ]);
    // The label of a node that is off is not for others of the same name.
    const pi = { port: 'P3', state: 'down', address: '10.0.0.3' } as const;
    const off = aPi('raspberrypi', { id: 'off', ...pi });
    const others = [1, 2].map((n) =>
      aPi('raspberrypi', {
        id: `pi${n}`,
        address: `10.0.0.${n}`,
        port: n === 1 ? 'P1' : undefined,
      }),
    );
    expect(placed([off, ...others])).toEqual(['P1 pi1', 'P3 off']);
    const again = aPi('raspberrypi', { id: 'again', address: '10.0.0.3' });
    expect(placed([off, ...others, again])).toEqual(['P1 pi1', 'P3 again']);
  });

  test('a node that is down keeps its labelled or set place from others that only seem to fit', () => {
    const off = aPi('alice', { port: 'P1', state: 'down' });
    expect(placed([...pis('ctrl', 'zero1'), off])).toEqual(['ctrl ctrl', 'P1 alice']);
    const set = [...pis('ctrl', 'p1'), aPi('bob', { state: 'down' })];
    expect(placed(set, ['ctrl', 'bob'])).toEqual(['ctrl ctrl', 'P1 bob']);
  });
});

describe('a hostname that changes', () => {
  test('keeps the node in its place', () => {
    const first = find(pis('ctrl', 'zero1', 'zero2'));
    const renamed = [...pis('ctrl', 'zero1'), aPi('raspberrypi', { id: 'zero2' })];
    expect(placed(renamed, DEFAULT_PLACES, first.guessed)).toEqual([
      'ctrl ctrl',
      'P1 zero1',
      'P2 zero2',
    ]);
  });

  test('a removed label frees the place', () => {
    const first = find([...pis('ctrl', 'zero1'), aPi('x', { port: 'P2' })]);
    expect(first.places.get('x')).toBe(2);
    expect(placed([...pis('ctrl', 'zero1'), aPi('x')], DEFAULT_PLACES, first.guessed)).toEqual([
      'ctrl ctrl',
      'P1 zero1',
    ]);
  });
});

describe('where nothing matches', () => {
  test.each([
    ['other names', pis('alpha', 'beta', 'gamma')],
    ['only a manager that is called as a controller', pis('ctrl', 'beta', 'gamma')],
    ['one node', pis('raspberrypi')],
  ])('there are no places: %s', (_what, nodes) => {
    const { places, names, problems } = find(nodes);
    expect([...places]).toEqual([]);
    expect(names).toEqual([]);
    expect(problems).toEqual([{ kind: 'unmatched', explicit: false }]);
  });

  test('a controller alone is a HAT whose Zeros have not joined yet', () => {
    expect(placed(pis('ctrl'))).toEqual(['ctrl ctrl']);
  });

  test('a setting whose only known name is the controller’s is a HAT', () => {
    expect(find(pis('boss', 'beta'), ['boss', 'a', 'b']).names).toEqual(['boss', 'a', 'b']);
  });

  test('an empty list of nodes is no problem', () => {
    expect(find([])).toEqual({
      places: new Map(),
      guessed: new Map(),
      names: [],
      problems: [],
    });
  });
});

describe('for any swarm', () => {
  const node = fc
    .record({
      hostname: fc.constantFrom(
        'ctrl',
        'zero1',
        'Zero2.lan',
        'p1',
        'p2',
        'cbridge',
        'raspberrypi',
        'a',
        'b',
        '',
        '.x',
      ),
      port: fc.option(fc.constantFrom('ctrl', 'P1', 'p2', '2', 'P7', 'x'), { nil: undefined }),
      address: fc.constantFrom('', '172.19.181.1', '172.19.181.2', '172.19.181.254', '10.0.0.1'),
      state: fc.constantFrom('ready' as const, 'down' as const, 'unknown' as const),
      manager: fc.boolean(),
      joined: fc.nat(2),
    })
    .map(({ hostname, ...rest }) => [hostname, rest] as const);
  const swarm = fc
    .array(node, { maxLength: 9 })
    .map((all) => all.map(([name, rest], at) => aPi(name, { ...rest, id: `n${at}` })));
  const setting = fc.oneof(
    fc.constant([...DEFAULT_PLACES]),
    fc.uniqueArray(fc.constantFrom('ctrl', 'a', 'b', 'zero1', 'p2', 'A'), { minLength: 1 }),
  );
  const before = fc
    .array(fc.tuple(fc.nat(8), fc.nat(5)))
    .map((all) => new Map(all.map(([n, place]) => [`n${n}`, place])));

  test('no place has two nodes, every place exists, and the order of the list is irrelevant', () => {
    fc.assert(
      fc.property(
        swarm,
        setting,
        before,
        fc.infiniteStream(fc.nat()),
        (nodes, wanted, old, keys) => {
          const { places, names } = find(nodes, wanted, old);
          const taken = [...places.values()];
          expect(new Set(taken).size).toBe(taken.length);
          for (const place of taken) expect(place).toBeLessThan(names.length);
          expect(names).not.toContain('');
          const order = nodes.map((one) => [keys.next().value ?? 0, one] as const);
          const shuffled = order.toSorted(([a], [b]) => a - b).map(([, one]) => one);
          const again = find(shuffled, wanted, old);
          expect(Object.fromEntries(again.places)).toEqual(Object.fromEntries(places));
          expect(again.names).toEqual(names);
        },
      ),
    );
  });

  test('a label that only one node has decides its place', () => {
    fc.assert(
      fc.property(swarm, setting, before, (nodes, wanted, old) => {
        const labelled = { ...aPi('labelled', { port: 'P3' }), ID: 'labelled' };
        expect(find([...nodes, labelled], wanted, old).places.get('labelled')).toBe(3);
      }),
    );
  });
});
