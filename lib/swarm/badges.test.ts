import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask } from '@/tests/factories/view';
import { badgesOf, removedMarks, serviceMarks } from './badges';

/** A view's services with the marks that the server gives them. */
function badgesFor(
  specs: readonly {
    name: string;
    slots: readonly number[];
    global?: boolean;
    removed?: boolean;
  }[],
  curled: string | null = null,
) {
  const nodes = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'].map((name) => aNode({ name }));
  const tasks = specs.flatMap(({ name, slots, global }) =>
    slots.map((slot) =>
      aTask({
        id: `${name} ${slot}`,
        serviceId: `id-${name}`,
        name: `${name}.${slot}`,
        slot: global ? null : slot,
        nodeId: nodes[slot % nodes.length]?.id ?? null,
      }),
    ),
  );
  const listed = specs.filter(({ removed }) => !removed);
  const marks = serviceMarks(
    listed.map(({ name }) => ({ id: `id-${name}`, name })),
    tasks,
  );
  const services = listed.map(({ name }) =>
    aService({ id: `id-${name}`, name, targets: [], ...marks.get(`id-${name}`) }),
  );
  const badgeOf = badgesOf(
    { services, nodes, goneNodes: [] },
    curled && `id-${curled}`,
    removedMarks({ services, tasks }),
  );
  return { tasks, badgeOf, of: tasks.map((task) => badgeOf(task)) };
}

describe('badges', () => {
  test('the curled service has letters, others have their initial', () => {
    const specs = [
      { name: 'goweb', slots: [1, 2] },
      { name: 'web2', slots: [1] },
    ];
    expect(badgesFor(specs, 'goweb').of).toEqual([1, 2, 'W']);
    expect(badgesFor(specs, 'web2').of).toEqual(['G1', 'G2', 1]);
  });

  test('without a curled service, the first that can be curled has the letters', () => {
    const { tasks } = badgesFor([{ name: 'a', slots: [1] }]);
    const nodes = [aNode()];
    const services = [aService({ name: 'a', targets: [] }), aService({ name: 'goweb' })];
    const badgeOf = badgesOf({ services, nodes, goneNodes: [] }, 'removed');
    expect(tasks.map(badgeOf)).toEqual(['A1']);
    expect(badgeOf(aTask())).toBe(1);
  });

  test('services that share an initial have a number', () => {
    const { of } = badgesFor(
      [
        { name: 'goweb', slots: [1] },
        { name: 'web2', slots: [1] },
        { name: 'www', slots: [1, 2] },
      ],
      'goweb',
    );
    expect(of).toEqual([1, 'W1', 'W2.1', 'W2.2']);
  });

  test('tasks of a global service have the number of their node, as letters while it is curled', () => {
    const specs = [{ name: 'agent', slots: [0, 1, 2], global: true }];
    expect(badgesFor(specs, 'agent').of).toEqual([1, 2, 3]);
    expect(badgesFor([{ name: 'goweb', slots: [1] }, ...specs], 'goweb').of).toEqual([
      1,
      'A1',
      'A2',
      'A3',
    ]);
  });

  test('a task of a removed service is in lower case', () => {
    const { badgeOf } = badgesFor([{ name: 'goweb', slots: [1] }], 'goweb');
    expect(badgeOf(aTask({ serviceId: 'gone', name: 'goweb.2', slot: 2 }))).toBe('g2');
  });

  test('services of a stack that was removed, which share an initial, have a number', () => {
    const specs = [
      { name: 'demo_db', slots: [1], removed: true },
      { name: 'demo_web', slots: [1, 2], removed: true },
      { name: 'docs', slots: [1] },
    ];
    expect(badgesFor(specs, null).of).toEqual(['d1·1', 'd2·1', 'd2·2', 1]);
  });

  const name = fc.stringMatching(/^[a-cA-C1-3][a-c1-3]{0,2}$/);
  const spec = fc.record({
    name,
    slots: fc.uniqueArray(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 6 }),
    global: fc.boolean(),
    removed: fc.boolean(),
  });
  const specs = fc.uniqueArray(spec, {
    selector: (one) => one.name,
    minLength: 1,
    maxLength: 8,
  });

  test('no two slots of a board have the same badge, whichever service is curled', () => {
    fc.assert(
      fc.property(specs, fc.nat(), (all, pick) => {
        // A global service has one task on a node.
        const made = all.map((one) => ({
          ...one,
          slots: one.global ? [...new Set(one.slots.map((slot) => slot % 5))] : one.slots,
        }));
        const { of } = badgesFor(made, made[pick % made.length]?.name);
        expect(new Set(of).size).toBe(of.length);
        expect(of).not.toContain(null);
      }),
    );
  });

  test('a badge does not depend on the order of services and tasks', () => {
    fc.assert(
      fc.property(specs, (all) => {
        const curled = all.find(({ removed }) => !removed)?.name ?? null;
        const badges = (list: typeof all) => {
          const { tasks, badgeOf } = badgesFor(list, curled);
          return Object.fromEntries(tasks.map((task) => [task.id, badgeOf(task)]));
        };
        expect(badges(all.toReversed())).toEqual(badges(all));
      }),
    );
  });
});
