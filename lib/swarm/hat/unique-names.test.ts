import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import { dockerNode, uniqueNodeNames, type NamedNode } from './unique-names';

const pi = (id: string, over: Partial<NamedNode> = {}): NamedNode => ({
  ...aNode({ id, hostname: 'raspberrypi', place: null, address: null }),
  ...over,
});
const namesOf = (...nodes: NamedNode[]) => [...uniqueNodeNames(nodes).values()];

describe('names of nodes', () => {
  test('a hostname that only one node has is its name', () => {
    const nodes = ['ctrl', 'zero1'].map((name) => aNode({ name }));
    expect(namesOf(...nodes)).toEqual(['ctrl', 'zero1']);
  });

  test('nodes that share a hostname are distinguished by port, else address, else id', () => {
    expect(
      namesOf(
        pi('a', { place: 0 }),
        pi('b', { place: 2, address: '10.0.0.2' }),
        pi('c', { address: '10.0.0.3' }),
        pi('deadbeefdeadbeef', { address: '10.0.0.4' }),
        pi('e', { address: '10.0.0.4' }),
      ),
    ).toEqual([
      'raspberrypi (ctrl)',
      'raspberrypi (P2)',
      'raspberrypi (10.0.0.3)',
      'raspberrypi (deadbeefdead)',
      'raspberrypi (e)',
    ]);
  });

  test('the entry that a node left when it joined again does not rename it', () => {
    const old = pi('0123456789abcdef', { state: 'down', address: '10.0.0.2' });
    const names = uniqueNodeNames([old, pi('new', { place: 1, address: '10.0.0.2' })]);
    expect(names.get('new')).toBe('raspberrypi');
    expect(names.get(old.id)).toBe('raspberrypi (0123456789ab)');
    // The new one goes down too.
    const down = uniqueNodeNames([old, pi('new', { place: 1, state: 'down' })]);
    expect(down.get('new')).toBe('raspberrypi');
  });

  test('a node that has not reported in is named by its id', () => {
    const ids = ['0123456789abcdef', 'fedcba9876543210'];
    expect(namesOf(...ids.map((id) => pi(id, { hostname: '' })))).toEqual([
      '0123456789ab',
      'fedcba987654',
    ]);
  });

  test('a hostname controls neither the direction of what follows it nor a terminal', () => {
    const odd = ['\u202epi\u001b[31m', 'pi\n\n', '\u0000'];
    expect(namesOf(...odd.map((hostname, at) => pi(`node-${at}`, { hostname })))).toEqual([
      'pi [31m',
      'pi',
      'node-2',
    ]);
  });

  test('names are unique for any reported hostnames', () => {
    const node = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'aaaaaaaaaaaaaaa', 'aaaaaaaaaaaaaab', 'd', 'e'),
      hostname: fc.oneof(
        fc.constantFrom('pi', '', 'a', 'b', 'pi (P1)', 'pi (a)', 'pi (10.0.0.1)', 'aaaaaaaaaaaa'),
        fc.string({ maxLength: 3 }),
      ),
      state: fc.constantFrom('ready' as const, 'down' as const),
      place: fc.option(fc.nat(3)),
      address: fc.option(fc.constantFrom('10.0.0.1', '10.0.0.2')),
    });
    const swarm = fc.uniqueArray(node, { selector: ({ id }) => id, maxLength: 7 });
    fc.assert(
      fc.property(swarm, (nodes) => {
        const names = uniqueNodeNames(nodes);
        expect(new Set(names.values()).size).toBe(nodes.length);
        expect([...names.values()]).not.toContain('');
      }),
    );
  });
});

test("docker's commands use a hostname only if one entry has it", () => {
  const [old, now, other] = [pi('old', { state: 'down' }), pi('new'), aNode({ name: 'zero1' })];
  const nodes = [old, now, other];
  expect(nodes.map((node) => dockerNode(nodes, node))).toEqual(['old', 'new', 'zero1']);
});
