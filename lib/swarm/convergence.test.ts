import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask } from '@/tests/factories/view';
import {
  slotRows,
  stepConvergence,
  tasksBySlot,
  type ConvergenceInput,
  type ConvergenceMemory,
} from './convergence';
import { TASK_STATES } from './task-state';

const MONITOR = 5000;
const input = (over: Partial<ConvergenceInput> = {}): ConvergenceInput => ({
  version: 1,
  running: 3,
  total: 3,
  monitorMs: MONITOR,
  update: null,
  ...over,
});

/** Looks one after another, each at its own time, as the feed makes them. */
function watch(looks: [at: number, over: Partial<ConvergenceInput>][]) {
  let memory: ConvergenceMemory | undefined;
  return looks.map(([at, over]) => {
    const step = stepConvergence(memory, input(over), at);
    memory = step.memory;
    return step.convergence;
  });
}

describe('convergence, look by look', () => {
  test('a service found complete is converged at once', () => {
    expect(watch([[0, {}]])[0]).toMatchObject({
      phase: 'converged',
      phrase: 'overall progress: 3 out of 3 tasks',
      verify: 'verify: Service converged',
    });
  });

  test('scaling 3 → 5 progresses, is verified for the monitor window, then holds', () => {
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 3, total: 5 }],
      [1000, { version: 2, running: 5, total: 5 }],
      [3500, { version: 2, running: 5, total: 5 }],
      [5999, { version: 2, running: 5, total: 5 }],
      [6000, { version: 2, running: 5, total: 5 }],
    ]);
    expect(seen.map((look) => look.phase)).toEqual([
      'converged',
      'converging',
      'verifying',
      'verifying',
      'verifying',
      'converged',
    ]);
    expect(seen[1]?.phrase).toBe('overall progress: 3 out of 5 tasks');
    expect(seen.slice(2, 5).map((look) => look.verify?.match(/\d+/)?.[0])).toEqual(['5', '3', '1']);
  });

  test('a task that fails while it is verified restarts the clock and is told', () => {
    const seen = watch([
      [0, { running: 2 }],
      [1000, {}],
      [2000, { running: 2 }],
      [2500, { running: 2 }],
      [7000, {}],
      [11_999, {}],
      [12_000, {}],
    ]);
    expect(seen.map((look) => look.verify)).toEqual([
      null,
      'verify: Waiting 5 seconds to verify that tasks are stable...',
      'verify: Detected task failure',
      'verify: Detected task failure',
      'verify: Waiting 5 seconds to verify that tasks are stable...',
      'verify: Waiting 1 seconds to verify that tasks are stable...',
      'verify: Service converged',
    ]);
  });

  test('a new spec starts over even when as many tasks run', () => {
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 1, total: 1 }],
      [5100, { version: 2, running: 1, total: 1 }],
    ]);
    expect(seen.map((look) => look.phase)).toEqual(['converged', 'verifying', 'converged']);
  });

  test('updates: under way, paused, rolled back', () => {
    const one = (over: Partial<ConvergenceInput>) => watch([[0, over]])[0];
    expect(one({ update: { state: 'updating', message: 'update in progress' } })?.phase).toBe(
      'converging',
    );
    expect(
      one({ update: { state: 'paused', message: 'update paused due to failure' } }),
    ).toMatchObject({
      phase: 'paused',
      verify: 'service update paused: update paused due to failure',
    });
    expect(one({ update: { state: 'rollback_paused', message: 'x' } })?.verify).toBe(
      'service rollback paused: x',
    );
    expect(one({ running: 1, update: { state: 'rollback_started', message: 'x' } })?.phrase).toBe(
      'rolling back update: 1 out of 3 tasks',
    );
  });

  test('never converged while tasks are missing, never verified for less than the window', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 3 }))),
        (steps) => {
          let at = 0;
          let memory: ConvergenceMemory | undefined = stepConvergence(
            undefined,
            input({ running: 0 }),
            0,
          ).memory;
          let since: number | null = null;
          for (const [wait, running] of steps) {
            at += wait;
            const step = stepConvergence(memory, input({ running }), at);
            memory = step.memory;
            since = running === 3 ? (since ?? at) : null;
            const held = since === null ? -1 : at - since;
            expect(step.convergence.phase === 'converged').toBe(held >= MONITOR);
          }
        },
      ),
    );
  });
});

describe('which task stands for a slot', () => {
  test('the lowest desired state, then the lowest current state', () => {
    const old = aTask({ id: 'old', desired: 'shutdown', state: 'running' });
    const preparing = aTask({ id: 'new', state: 'preparing' });
    const ready = aTask({ id: 'ready', state: 'ready' });
    expect(tasksBySlot([old, ready, preparing], new Set()).get(1)?.id).toBe('new');
  });

  test('tasks on down nodes and on their way out do not count', () => {
    const tasks = [aTask({ id: 'a' }), aTask({ id: 'b', desired: 'remove', nodeId: 'id-zero2' })];
    expect(tasksBySlot(tasks, new Set(['id-zero1'])).size).toBe(0);
  });

  test('the order of the list makes no difference', () => {
    const task = fc.record({
      slot: fc.integer({ min: 1, max: 3 }),
      nodeId: fc.constant('n'),
      desired: fc.constantFrom(...TASK_STATES),
      state: fc.constantFrom(...TASK_STATES),
    });
    fc.assert(
      fc.property(fc.array(task, { maxLength: 8 }), (tasks) => {
        const pick = (list: typeof tasks) =>
          [...tasksBySlot(list, new Set())]
            .map(([slot, { desired, state }]) => `${slot} ${desired} ${state}`)
            .sort();
        expect(pick(tasks.toReversed())).toEqual(pick(tasks));
      }),
    );
  });
});

describe('rows of the scale progress', () => {
  const names = (rows: ReturnType<typeof slotRows>) =>
    rows.map((row) => `${row.name}${row.leaving ? ' leaving' : ''}`);

  test('as many as were asked for, before the engine has made the tasks', () => {
    const rows = slotRows(aService({ replicas: 5 }), [aTask(), aTask({ slot: 2 })], []);
    expect(names(rows)).toEqual(['goweb.1', 'goweb.2', 'goweb.3', 'goweb.4', 'goweb.5']);
    expect(rows.map((row) => row.task?.state ?? null)).toEqual([
      'running',
      'running',
      null,
      null,
      null,
    ]);
  });

  test('slots need not begin at 1: what exists comes before what is missing', () => {
    const tasks = [aTask({ slot: 2 }), aTask({ slot: 4 })];
    expect(names(slotRows(aService({ replicas: 3 }), tasks, []))).toEqual([
      'goweb.1',
      'goweb.2',
      'goweb.4',
    ]);
  });

  test('scaled down: those that still stop are shown, those that have stopped are not', () => {
    const tasks = [
      aTask(),
      aTask({ slot: 2, desired: 'remove', state: 'running' }),
      aTask({ slot: 3, desired: 'remove', state: 'shutdown' }),
    ];
    expect(names(slotRows(aService({ replicas: 1 }), tasks, []))).toEqual([
      'goweb.1',
      'goweb.2 leaving',
    ]);
  });

  test('a global service has a row for each node, by its name', () => {
    const nodes = [aNode({ name: 'zero1' }), aNode({ name: 'zero2' })];
    const tasks = nodes.map((node) => aTask({ id: node.id, slot: null, nodeId: node.id }));
    const rows = slotRows(aService({ mode: 'global', replicas: null }), tasks, nodes);
    expect(names(rows)).toEqual(['zero1', 'zero2']);
  });

  test('no replicas, no rows', () => {
    expect(slotRows(aService({ replicas: 0 }), [], [])).toEqual([]);
  });
});
