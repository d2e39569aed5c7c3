import { expect, test } from 'vitest';
import { runChanges } from './run-changes';
import { aNode, aService, aTask, aView, tasksInSlots } from '@/tests/factories/view';

test('returns changes of the service, its tasks and all nodes', () => {
  const before = aView({
    nodes: [aNode({ name: 'ctrl' }), aNode()],
    services: [aService(), aService({ id: 'id-web', name: 'web' })],
    tasks: [
      ...tasksInSlots(1, 2),
      aTask({ slot: 1, id: 'web-1', serviceId: 'id-web', name: 'web.1' }),
    ],
  });
  const after = aView({
    nodes: [
      aNode({ name: 'ctrl' }),
      aNode({ name: 'zero1', address: null, availability: 'drain' }),
    ],
    services: [aService({ replicas: 5 }), aService({ id: 'id-web', name: 'web', replicas: 9 })],
    tasks: before.tasks.map((task) => ({ ...task, nodeId: 'id-ctrl', state: 'failed' as const })),
  });
  expect(runChanges(before, after, 'id-goweb').map(({ kind, text }) => [kind, text])).toEqual([
    ['scale', 'goweb was scaled from 3 to 5'],
    ['drain', 'zero1 was drained'],
    ['task failed', 'goweb.1 on ctrl died'],
    ['task failed', 'goweb.2 on ctrl died'],
  ]);
});

test('ignores all other changes', () => {
  const view = aView();
  expect(runChanges(view, view, 'id-goweb')).toEqual([]);
  const after = aView({
    tasks: [...view.tasks.slice(1), aTask({ slot: 4, state: 'rejected' }), aTask({ slot: 5 })],
  });
  expect(runChanges(view, after, 'id-goweb')).toEqual([]);
});
