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
      '4 managers, of which 2 can be reached: 3 are needed for any change. 3 managers would survive as many failures: an odd number is better.',
    ],
  ] as const)('after a change of role: %#', (managers, id, role, text) => {
    const nodes = [...managers, ...workers];
    expect(rolePreview(nodes, names, `id-${id}`, role).text).toBe(text);
  });

  test('a node that is down counts when it is up: before, its promotion changes nothing', () => {
    const down = aSwarmNode('d', { Status: { State: 'down' } });
    expect(rolePreview([manager('a'), down], names, 'id-d', 'manager')).toMatchObject({
      before: { managers: 1, reachable: 1 },
      after: { managers: 2, reachable: 2, needed: 2 },
      summary:
        'd is down: it becomes a manager when it is ready again. Then: 2 managers: if one fails, nothing can be changed until it is back; tasks keep running. Two are no safer than one: an odd number is better.',
    });
    const promoted = aSwarmNode('d', { Spec: { Role: 'manager' }, Status: { State: 'down' } });
    expect(quorumOf([manager('a'), promoted])).toMatchObject({ managers: 1, tolerated: 0 });
    // The last one that takes part stays.
    expect(rolePreview([manager('a'), promoted], names, 'id-a', 'worker').refused).toBe(
      'a is the last manager: promote another node first.',
    );
  });

  test.each([1, 2, 3, 4, 5, 6, 7])(
    '%i managers: what may fail, and what may be demoted',
    (count) => {
      const all = Array.from({ length: count }, (_, at) => manager(`m${at}`));
      for (let down = 0; down < count; down++) {
        const nodes = all.map((node, at) => (at < down ? manager(`m${at}`, false) : node));
        const needed = Math.floor(count / 2) + 1;
        const up = count - down;
        expect(quorumOf(nodes)).toMatchObject({ needed, tolerated: Math.max(0, up - needed) });
        // As swarmkit's CanRemoveMember: the others have to be a majority of themselves.
        const others = count - 1;
        const may = others > 0 && up - 1 >= Math.floor(others / 2) + 1;
        const last = nodes.at(-1)?.ID ?? '';
        expect(rolePreview(nodes, names, last, 'worker').refused === null).toBe(may);
      }
    },
  );

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
      'This dashboard reads the swarm through a. A worker cannot answer it, so the page stops until a is promoted again on another manager.',
    ]);
    expect(demoted('b', 'a')).toEqual([]);
    expect(rolePreview(nodes, names, 'id-d', 'manager', 'id-a').warnings).toEqual([]);
    expect(rolePreview([manager('a', true, true)], names, 'id-a', 'worker', 'id-a')).toMatchObject({
      warnings: [],
      refused: 'a is the last manager: promote another node first.',
    });
  });
});
