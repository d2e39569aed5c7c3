import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask, aView, changedTask } from '@/tests/factories/view';
import { applyPatch, diffViews, PatchMismatch } from './patch';
import { viewPatchSchema } from './patch-schema';
import { TASK_STATES } from './task-state';
import { swarmViewSchema, type SwarmView } from './view';

/** What a browser makes of it: through JSON and the schema, as on the wire. */
function sent(before: SwarmView, after: SwarmView) {
  const patch = diffViews(before, after);
  return patch && viewPatchSchema.parse(JSON.parse(JSON.stringify(patch)));
}

test('equal views have no patch', () => {
  expect(diffViews(aView(), aView())).toBeNull();
});

test('a changed task sends only its changed fields', () => {
  const before = aView();
  const after = aView({
    tasks: before.tasks.map((task) =>
      task.slot === 2 ? changedTask(task, { state: 'failed' }) : task,
    ),
  });
  const patch = sent(before, after);
  expect(patch).toEqual({ tasks: [{ id: before.tasks[1]?.id, state: 'failed', phase: 'failed' }] });
  const applied = applyPatch(before, patch ?? {});
  expect(applied).toEqual(after);
  expect(applied.tasks[0]).toBe(before.tasks[0]);
  expect(applied.nodes).toBe(before.nodes);
});

test('covers the places of the HAT', () => {
  const before = aView();
  const after = aView({ hat: ['ctrl', 'p1', 'p2', 'p3', 'p4'] });
  expect(sent(before, after)).toEqual({ hat: after.hat });
  expect(applyPatch(before, { hat: after.hat })).toEqual(after);
});

test('covers added and removed entities and another engine', () => {
  const before = aView();
  const after = aView({
    engine: { ...before.engine, version: '29.0.0' },
    nodes: before.nodes.slice(0, 4),
    services: [aService(), aService({ name: 'web' })],
    tasks: [aTask({ slot: 9 }), ...before.tasks.slice(1), aTask({ slot: 4 })],
  });
  expect(applyPatch(before, sent(before, after) ?? {})).toEqual(after);
});

describe('a patch for another view is rejected', () => {
  test('when it changes an unknown entity', () => {
    expect(() => applyPatch(aView(), { tasks: [{ id: 'nosuch', state: 'failed' }] })).toThrow(
      PatchMismatch,
    );
  });
  test('when it refers to an unknown neighbour', () => {
    const task = { ...aTask({ slot: 7 }), after: 'nosuch' };
    expect(() => applyPatch(aView(), { tasks: [task] })).toThrow(PatchMismatch);
  });
});

test('the patch between any two views turns the first into the second', () => {
  const node = fc.record({
    name: fc.constantFrom('ctrl', 'zero1', 'zero2', 'a', 'b'),
    state: fc.constantFrom('ready' as const, 'down' as const),
    cpus: fc.integer({ min: 1, max: 4 }),
  });
  const task = fc.record({
    slot: fc.integer({ min: 1, max: 12 }),
    state: fc.constantFrom(...TASK_STATES),
    createdAt: fc.integer({ min: 0, max: 1 }),
  });
  const view = fc
    .record({
      nodes: fc.uniqueArray(node, { selector: ({ name }) => name }),
      tasks: fc.uniqueArray(task, { selector: ({ slot, createdAt }) => `${slot} ${createdAt}` }),
      services: fc.uniqueArray(fc.constantFrom('goweb', 'web', 'db')),
    })
    .map(({ nodes, tasks, services }) =>
      aView({
        nodes: nodes.map(aNode),
        tasks: tasks.map(aTask),
        services: services.map((name) => aService({ name })),
      }),
    );
  fc.assert(
    fc.property(view, view, (before, after) => {
      const patch = sent(before, after);
      expect(patch === null ? before : applyPatch(before, patch)).toEqual(after);
    }),
    { numRuns: 300 },
  );
});

test('reads a view and a patch that an earlier version recorded, without what it did not have', () => {
  const view = aView({ services: [aService({ version: 0 })] });
  const added = new Set(['actions', 'uneven', 'hasPrevious']);
  const services = view.services.map((service) => ({ ...service, version: undefined }));
  const old: unknown = JSON.parse(
    JSON.stringify({ ...view, services }, (key, value: unknown) =>
      added.has(key) ? undefined : value,
    ),
  );
  expect(swarmViewSchema.parse(old)).toEqual(view);
  const patch = { tasks: [{ id: 'task-1', state: 'failed' }], services: [{ id: 'a', running: 1 }] };
  expect(viewPatchSchema.parse(patch)).toEqual(patch);
});
