import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { TASK_STATES } from '@/lib/swarm/task-state';
import { aTask } from '@/tests/factories/view';
import { taskSteps } from './task-steps';

const task = (state: (typeof TASK_STATES)[number], stateAt: number, ranAt: number | null = null) =>
  aTask({ state, stateAt, createdAt: 1000, ranAt });

describe('the steps of a task', () => {
  test('are its creation and the states that were seen, each with its duration', () => {
    const seen = [
      { state: 'assigned' as const, at: 1200 },
      { state: 'preparing' as const, at: 1500 },
      { state: 'running' as const, at: 4000 },
    ];
    expect(taskSteps(task('running', 4000, 4000), seen)).toEqual([
      { name: 'created', at: 1000, took: 200 },
      { name: 'assigned', at: 1200, took: 300 },
      { name: 'preparing', at: 1500, took: 2500 },
      { name: 'running', at: 4000, took: null },
    ]);
  });

  test('without any seen state have the engine’s times only', () => {
    expect(taskSteps(task('failed', 9000, 5000), [])).toEqual([
      { name: 'created', at: 1000, took: 4000 },
      { name: 'running', at: 5000, took: 4000 },
      { name: 'failed', at: 9000, took: 0 },
    ]);
    expect(taskSteps(task('pending', 1000), [])).toEqual([
      { name: 'created', at: 1000, took: 0 },
      { name: 'pending', at: 1000, took: null },
    ]);
  });

  test('do not include what came after the past view', () => {
    const seen = [
      { state: 'running' as const, at: 4000 },
      { state: 'failed' as const, at: 9000 },
    ];
    expect(taskSteps(task('running', 4000, 4000), seen, 5000).map(({ name }) => name)).toEqual([
      'created',
      'running',
    ]);
  });

  test('are in order and never take a negative time, whatever the clocks say', () => {
    const state = fc.constantFrom(...TASK_STATES);
    const seen = fc.array(fc.record({ state, at: fc.integer({ min: -9000, max: 9000 }) }));
    fc.assert(
      fc.property(state, fc.integer({ min: -9000, max: 9000 }), seen, (now, at, all) => {
        const steps = taskSteps(task(now, at), all);
        expect(steps[0]?.name).toBe('created');
        expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
        for (const { took } of steps) expect(took ?? 0).toBeGreaterThanOrEqual(0);
        expect(steps.slice(0, -1).every(({ took }) => took !== null)).toBe(true);
      }),
    );
  });
});
