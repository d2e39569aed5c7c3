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
        final: false,
        taskId: expect.any(String),
        actions: [],
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
      {
        names: ['goweb.1'],
        verb: 'failed',
        text: 'No such image: x',
        help: null,
        engine: null,
        final: false,
        taskId: expect.any(String),
        actions: [],
      },
    ]);
  });

  test('shows why swarm starts a program again that ended without an error', () => {
    const again = aTask({ createdAt: 2, state: 'ready', desired: 'ready' });
    const ended = {
      createdAt: 1,
      state: 'complete',
      desired: 'shutdown',
      exitCode: 0,
      nextTaskId: again.id,
    } as const;
    const hint = 'The program ended without an error.';
    expect(reasons(1, [again, aTask({ ...ended, hint, help: 'program-ended' })])).toMatchObject([
      { verb: 'ended', text: hint, engine: 'its program ended with exit code 0', final: false },
    ]);
    expect(reasons(1, [again, aTask(ended)])).toEqual([]);
  });

  test('ignores a failure before the last attempt', () => {
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 2, state: 'shutdown', desired: 'shutdown' }),
      aTask({ createdAt: 1, state: 'failed', desired: 'shutdown', error: 'older' }),
    ];
    expect(reasons(1, tasks)).toEqual([]);
  });

  test('ignores the failure of an earlier spec, such as that of a job which runs again', () => {
    const failed = { state: 'failed', desired: 'shutdown', error: 'task: exit' } as const;
    const before = aTask({ slot: 0, createdAt: 1, ...failed, nextTaskId: 'task-0-2' });
    const reasonsWith = (upToDate: boolean) => {
      const tasks = [aTask({ slot: 0, createdAt: 2, state: 'starting' }), { ...before, upToDate }];
      const rows = slotRows(aService({ mode: 'replicated-job', replicas: null }), tasks, [aNode()]);
      return reasonsOf(keepGoneRows([], rows, true), tasks);
    };
    expect(reasonsWith(false)).toEqual([]);
    // Of the same iteration: swarm retries.
    expect(reasonsWith(true)).toMatchObject([{ verb: 'failed', text: 'task: exit' }]);
  });

  test('ignores a failure from before the slot was scaled away', () => {
    const failed = { state: 'failed', desired: 'shutdown', error: 'task: exit' } as const;
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 1, ...failed, nextTaskId: 'task-1-2' }),
    ];
    expect(reasons(1, tasks)).toEqual([]);
  });

  const over = { state: 'failed', desired: 'shutdown', error: 'task: non-zero exit (2)' } as const;

  test('shows the last failure of a slot that swarm has given up', () => {
    const tasks = [
      aTask({ slot: 1, createdAt: 2, ...over, hint: 'Look at its log.', help: 'program-error' }),
      aTask({ slot: 1, createdAt: 1, ...over, error: 'older', nextTaskId: 'task-1-2' }),
      aTask({ slot: 2 }),
    ];
    expect(reasons(2, tasks)).toEqual([
      {
        names: ['goweb.1'],
        verb: 'failed',
        text: 'Look at its log.',
        help: 'program-error',
        engine: 'task: non-zero exit (2)',
        final: true,
        taskId: expect.any(String),
        actions: [],
      },
    ]);
  });

  test.each(['replicated-job', 'global-job'] as const)(
    'shows the last failure of a %s without retries left',
    (mode) => {
      const slot = mode === 'global-job' ? null : 0;
      const tasks = [aTask({ slot, ...over })];
      const rows = slotRows(aService({ mode, replicas: null }), tasks, [aNode()]);
      const [reason] = reasonsOf(keepGoneRows([], rows, true), tasks);
      expect(reason).toMatchObject({ verb: 'failed', text: over.error, final: true });
    },
  );

  test('shows the exit code of a program that swarm does not restart', () => {
    const ended = { state: 'complete', desired: 'shutdown', exitCode: 0 } as const;
    const text = 'its program ended with exit code 0';
    expect(reasons(1, [aTask(ended)])[0]).toMatchObject({ verb: 'ended', text, final: true });
    const job = [aTask({ ...ended, slot: 0, desired: 'complete' })];
    const rows = slotRows(aService({ mode: 'replicated-job', replicas: null }), job, []);
    expect(reasonsOf(keepGoneRows([], rows, true), job)).toEqual([]);
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
