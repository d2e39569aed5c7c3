import { describe, expect, test } from 'vitest';
import { aSwarmNode } from '@/tests/factories/cluster';
import { quorumOf, rolePreview } from './quorum';

describe('the quorum', () => {
  const manager = (name: string, reachable = true, Leader = false) =>
    aSwarmNode(name, {
      Spec: { Role: 'manager' },
      ManagerStatus: {
        Leader,
        Reachability: reachable ? 'reachable' : 'unreachable',
        Addr: '',
      },
    });
  const names = new Map(['a', 'b', 'c', 'd', 'e'].map((name) => [`id-${name}`, name]));
  const workers = ['d', 'e'].map((name) => aSwarmNode(name));

  test.each([
    [
      [manager('a')],
      'd',
      'manager',
      '2 managers: if one fails, nothing can be changed until it is back; tasks keep running. Two are no safer than one: an odd number is better.',
    ],
    [
      [manager('a'), manager('b')],
      'd',
      'manager',
      '3 managers: 1 may fail, and the swarm can still be changed.',
    ],
    [
      [manager('a'), manager('b'), manager('c')],
      'c',
      'worker',
      '2 managers: if one fails, nothing can be changed until it is back; tasks keep running. Two are no safer than one: an odd number is better.',
    ],
    [
      [manager('a'), manager('b')],
      'b',
      'worker',
      '1 manager: while it is down nothing can be changed; tasks keep running.',
    ],
    [[manager('a')], 'a', 'worker', 'a is the last manager: promote another node first.'],
    [
      [manager('a'), manager('b', false)],
      'a',
      'worker',
      'Without a too few managers are reachable: 0 of 1, and 1 are needed.',
    ],
    [
      [manager('a'), manager('b', false)],
      'd',
      'manager',
      '3 managers (1 cannot be reached now): if one fails, nothing can be changed until it is back; tasks keep running.',
    ],
    [
      [manager('a'), manager('b', false), manager('c', false)],
      'd',
      'manager',
      '4 managers, of which 2 can be reached: 3 are needed for any change. 3 would survive as many failures: an odd number is better.',
    ],
  ] as const)('after a change of role: %#', (managers, id, role, text) => {
    const nodes = [...managers, ...workers];
    expect(rolePreview(nodes, names, `id-${id}`, role).text).toBe(text);
  });

  test('tolerates the loss of fewer than half', () => {
    for (let count = 1; count <= 9; count++) {
      const nodes = Array.from({ length: count }, (_, at) => manager(`m${at}`));
      expect(quorumOf(nodes)).toEqual({
        managers: count,
        reachable: count,
        needed: Math.floor(count / 2) + 1,
        tolerated: Math.ceil(count / 2) - 1,
      });
    }
  });

  test('a demotion of the leader, and of the manager that the dashboard reads from', () => {
    const nodes = [manager('a', true, true), manager('b'), ...workers];
    const demoted = (id: string, engine: string) =>
      rolePreview(nodes, names, `id-${id}`, 'worker', `id-${engine}`).warnings;
    expect(demoted('a', 'a')).toEqual([
      'Another manager becomes the leader.',
      'This dashboard reads the swarm through a: no worker can answer it, so the page stops until a is promoted again, from another manager.',
    ]);
    expect(demoted('b', 'a')).toEqual([]);
    expect(rolePreview(nodes, names, 'id-d', 'manager', 'id-a').warnings).toEqual([]);
    expect(rolePreview([manager('a', true, true)], names, 'id-a', 'worker', 'id-a')).toMatchObject({
      warnings: [],
      refused: 'a is the last manager: promote another node first.',
    });
  });
});
