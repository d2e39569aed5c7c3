import { describe, expect, test } from 'vitest';
import { slotRows } from '@/lib/swarm/convergence';
import type { TaskView } from '@/lib/swarm/view';
import { aNode, aService, aTask } from '@/tests/factories/view';
import { reasonsOf } from './progress-reasons';
import { keepGoneRows } from './progress-rows';

describe('reasonsOf', () => {
  const reasons = (replicas: number, tasks: TaskView[]) => {
    const rows = slotRows(aService({ replicas }), tasks, [aNode()]);
    return reasonsOf(keepGoneRows([], rows, true), tasks);
  };
  const noNode = { state: 'pending', nodeId: null, error: 'no suitable node (x)' } as const;

  test('lists slots with the same reason together', () => {
    const tasks = [
      aTask({ slot: 1 }),
      aTask({ slot: 2, ...noNode, hint: 'Bring a node in.' }),
      aTask({ slot: 3, ...noNode, hint: 'Bring a node in.' }),
    ];
    expect(reasons(3, tasks)).toEqual([
      {
        names: ['goweb.2', 'goweb.3'],
        verb: 'waits',
        text: 'Bring a node in.',
        help: null,
        engine: 'no suitable node (x)',
      },
    ]);
  });

  test("shows the engine's error where there is no explanation", () => {
    expect(reasons(1, [aTask({ ...noNode })])[0]).toMatchObject({
      text: 'no suitable node (x)',
      help: null,
      engine: null,
    });
  });

  test('shows the error of the previous attempt while swarm retries', () => {
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({
        createdAt: 2,
        state: 'rejected',
        desired: 'shutdown',
        error: 'No such image: x',
        nextTaskId: 'task-1-3',
      }),
      aTask({ createdAt: 1, state: 'failed', desired: 'shutdown', error: 'older' }),
    ];
    expect(reasons(1, tasks)).toEqual([
      { names: ['goweb.1'], verb: 'failed', text: 'No such image: x', help: null, engine: null },
    ]);
  });

  test('ignores a failure before the last attempt', () => {
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 2, state: 'shutdown', desired: 'shutdown' }),
      aTask({ createdAt: 1, state: 'failed', desired: 'shutdown', error: 'older' }),
    ];
    expect(reasons(1, tasks)).toEqual([]);
  });

  test('ignores a failure from before the slot was scaled away', () => {
    const failed = { state: 'failed', desired: 'shutdown', error: 'task: exit' } as const;
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 1, ...failed, nextTaskId: 'task-1-2' }),
    ];
    expect(reasons(1, tasks)).toEqual([]);
  });

  test('has no reason for a running slot', () => {
    const tasks = [
      aTask({ createdAt: 2 }),
      aTask({
        createdAt: 1,
        state: 'failed',
        desired: 'shutdown',
        error: 'task: non-zero exit (137)',
      }),
    ];
    expect(reasons(1, tasks)).toEqual([]);
  });
});
