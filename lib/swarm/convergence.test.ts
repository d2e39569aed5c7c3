import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask } from '@/tests/factories/view';
import {
  clientNamesService,
  slotRows,
  stepConvergence,
  tasksBySlot,
  type ConvergenceInput,
  type ConvergenceMemory,
} from './convergence';
import { TASK_STATES } from './task-state';
import type { TaskView } from './view';

const MONITOR = 5000;
const input = (over: Partial<ConvergenceInput> = {}): ConvergenceInput => ({
  name: 'goweb',
  version: 1,
  isGlobal: false,
  running: 3,
  total: 3,
  monitorMs: MONITOR,
  update: null,
  ...over,
});

/** Consecutive views, each at its own time, as the feed makes them. */
function watch(looks: [at: number, over: Partial<ConvergenceInput>][]) {
  let memory: ConvergenceMemory | undefined;
  return looks.map(([at, over]) => {
    const step = stepConvergence(memory, input(over), at);
    memory = step.memory;
    return step.convergence;
  });
}

describe('convergence over time', () => {
  test('a service that runs in full at first sight is converged at once', () => {
    expect(watch([[0, {}]])[0]).toMatchObject({
      phase: 'converged',
      phrase: 'overall progress: 3 out of 3 tasks',
      verify: 'verify: Service goweb converged',
    });
  });

  test('scaling from 3 to 5 progresses, is verified for the monitor window, then converges', () => {
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

  test('a task failure during verification restarts the window and is reported', () => {
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
      'verify: Service goweb converged',
    ]);
  });

  test('a new spec starts the window again although enough tasks run', () => {
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 1, total: 1 }],
      [5100, { version: 2, running: 1, total: 1 }],
    ]);
    expect(seen.map((look) => look.phase)).toEqual(['converged', 'verifying', 'converged']);
  });

  test('shows how an update paused', () => {
    const one = (state: string, message: string) =>
      watch([[0, { update: { state, message, startedAt: 1 } }]])[0];
    expect(one('paused', 'update paused due to failure')).toMatchObject({
      phase: 'paused',
      verify: 'service update paused: update paused due to failure',
    });
    expect(one('rollback_paused', 'x')?.verify).toBe('service rollback paused: x');
  });

  const manual = { message: 'manually requested rollback', startedAt: 100 };
  const started = { state: 'rollback_started', ...manual };
  const completed = { state: 'rollback_completed', message: 'rollback completed', startedAt: 100 };

  test('a requested rollback is shown as docker’s client prints it, and verified once', () => {
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 0, update: started }],
      [2000, { version: 2, running: 1, update: started }],
      [6000, { version: 2, update: started }],
      [10_900, { version: 2, update: started }],
      // The engine completes it: its report is a new version of the service.
      [10_950, { version: 3, update: completed }],
      [11_000, { version: 3, update: completed }],
    ]);
    expect(seen.slice(1).map(({ phrase, verify }) => [phrase, verify])).toEqual([
      [
        'overall progress: rolling back update: 0 out of 3 tasks',
        'rollback: manually requested rollback',
      ],
      [
        'overall progress: rolling back update: 1 out of 3 tasks',
        'rollback: manually requested rollback',
      ],
      [
        'overall progress: rolling back update: 3 out of 3 tasks',
        'verify: Waiting 5 seconds to verify that tasks are stable...',
      ],
      [
        'overall progress: rolling back update: 3 out of 3 tasks',
        'verify: Waiting 1 seconds to verify that tasks are stable...',
      ],
      [
        'overall progress: rolling back update: 3 out of 3 tasks',
        'verify: Waiting 1 seconds to verify that tasks are stable...',
      ],
      ['overall progress: 3 out of 3 tasks', 'verify: Service goweb converged'],
    ]);
  });

  test('a rollback of a scale, which the engine completes at once, is one until it has converged', () => {
    const seen = watch([
      [0, { running: 1, total: 1 }],
      [100, { version: 2, running: 1, update: started }],
      [200, { version: 3, running: 1, update: completed }],
      [1000, { version: 3, update: completed }],
      [6000, { version: 3, update: completed }],
      // A task that ends later is not part of it.
      [60_000, { version: 3, running: 2, update: completed }],
    ]);
    expect(seen.slice(2).map(({ phrase, verify }) => [phrase, verify])).toEqual([
      [
        'overall progress: rolling back update: 1 out of 3 tasks',
        'rollback: manually requested rollback',
      ],
      [
        'overall progress: rolling back update: 3 out of 3 tasks',
        'verify: Waiting 5 seconds to verify that tasks are stable...',
      ],
      ['overall progress: 3 out of 3 tasks', 'verify: Service goweb converged'],
      ['overall progress: 2 out of 3 tasks', null],
    ]);
    // Docker's client repeats what the engine said before all tasks ran.
    expect(seen.map(({ last }) => last)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      'rollback: rollback completed',
      undefined,
    ]);
  });

  test('a failure after the client has ended is none that it detects', () => {
    const seen = watch([
      [0, {}],
      // The view has the tasks of the next change already, and not yet its spec.
      [100, { running: 0 }],
      [200, { version: 2, running: 0 }],
      [1000, { version: 2 }],
      [6000, { version: 2 }],
      [7000, { version: 2, running: 2 }],
      [8000, { version: 2 }],
    ]);
    expect(seen.map(({ verify }) => verify?.replace(/\d/, 'N') ?? null)).toEqual([
      'verify: Service goweb converged',
      null,
      null,
      'verify: Waiting N seconds to verify that tasks are stable...',
      'verify: Service goweb converged',
      null,
      'verify: Waiting N seconds to verify that tasks are stable...',
    ]);
  });

  test('an automatic rollback says why it began, then whether a task of it failed', () => {
    const updating = { state: 'updating', message: 'update in progress', startedAt: 100 };
    const message = 'update rolled back due to failure or early termination of goweb.1 on zero1';
    const automatic = { state: 'rollback_started', message, startedAt: 100 };
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 2, update: updating }],
      [1000, { version: 2, update: updating }],
      [2000, { version: 3, running: 2, update: automatic }],
      [3000, { version: 3, update: automatic }],
      [4000, { version: 3, running: 2, update: automatic }],
    ]);
    expect(seen.map(({ verify }) => verify)).toEqual([
      'verify: Service goweb converged',
      null,
      'verify: Waiting 5 seconds to verify that tasks are stable...',
      `rollback: ${message}`,
      'verify: Waiting 5 seconds to verify that tasks are stable...',
      'verify: Detected task failure',
    ]);
  });

  test('an update has converged when its tasks have lasted, before the engine completes it', () => {
    const updating = { state: 'updating', message: 'update in progress', startedAt: 100 };
    const seen = watch([
      [0, {}],
      [100, { version: 2, running: 2, update: updating }],
      [1000, { version: 2, update: updating }],
      [6000, { version: 2, update: updating }],
      [20_000, { version: 3, update: { ...updating, state: 'completed' } }],
    ]);
    expect(seen.map(({ phase }) => phase)).toEqual([
      'converged',
      'converging',
      'verifying',
      'converged',
      'converged',
    ]);
  });

  test('any later change starts over, also one that ends what the engine reports', () => {
    const seen = watch([
      [0, { update: completed }],
      [100, { version: 2, update: null }],
      [200, { version: 3, update: { ...completed, startedAt: 150 } }],
    ]);
    expect(seen.map(({ phase }) => phase)).toEqual(['converged', 'verifying', 'verifying']);
    expect(seen[0]?.phrase).toBe('overall progress: 3 out of 3 tasks');
  });

  test('a global service waits for its tasks first', () => {
    const seen = watch([
      [0, { isGlobal: true, running: 0, total: 0 }],
      [100, { isGlobal: true, running: 0, total: 5 }],
      [200, { isGlobal: true, running: 5, total: 5 }],
      [300, { isGlobal: true, running: 0, total: 0 }],
    ]);
    expect(seen.map(({ phrase, phase, verify }) => [phrase, phase, verify])).toEqual([
      ['overall progress: waiting for new tasks', 'converging', null],
      ['overall progress: 0 out of 5 tasks', 'converging', null],
      [
        'overall progress: 5 out of 5 tasks',
        'verifying',
        'verify: Waiting 5 seconds to verify that tasks are stable...',
      ],
      [
        'overall progress: 0 out of 0 tasks',
        'verifying',
        'verify: Waiting 5 seconds to verify that tasks are stable...',
      ],
    ]);
  });

  test.each([
    ['20.10.24', false],
    ['25.0.5', false],
    ['26.1.5', true],
    ['28.5.2', true],
    ['', true],
  ])('the client of engine %j names the service: %s', (version, names) => {
    expect(clientNamesService(version)).toBe(names);
    expect(watch([[0, { name: names ? 'goweb' : null }]])[0]?.verify).toBe(
      names ? 'verify: Service goweb converged' : 'verify: Service converged',
    );
  });

  /** What docker's client shows while it waits (docker/cli progress.go, `ServiceProgress`), after each of its looks. */
  function client(looks: readonly (readonly [at: number, Partial<ConvergenceInput>])[]) {
    let [converged, since, verify] = [false, null as number | null, null as string | null];
    let message: string | undefined;
    const shown: { verify: string | null; last?: string }[] = [];
    for (const [at, { running, total, update }] of looks) {
      if (update?.state === 'rollback_completed' && !converged) {
        message = `rollback: ${update.message}`;
      }
      if (converged && since !== null && at - since >= MONITOR) {
        const verdict = { verify: 'verify: Service goweb converged' };
        shown.push(message === undefined ? verdict : { ...verdict, last: message });
        return shown;
      }
      converged = running === total;
      if (converged) {
        since ??= at;
        verify = 'verify: Waiting';
      } else {
        if (since !== null) verify = 'verify: Detected task failure';
        since = null;
      }
      shown.push({ verify });
    }
    return shown;
  }

  test('shows what docker’s client shows at the same looks, until it ends', () => {
    const look = fc.record({
      after: fc.integer({ min: 1, max: 2500 }),
      running: fc.oneof({ weight: 3, arbitrary: fc.constant(3) }, fc.integer({ min: 0, max: 3 })),
    });
    const rollback = fc.option(fc.tuple(fc.nat(20), fc.nat(20)), { nil: null });
    fc.assert(
      fc.property(fc.array(look, { minLength: 1, maxLength: 40 }), rollback, (looks, rolled) => {
        let at = 0;
        const timed = looks.map(({ after, running }, n) => {
          at += after;
          const isCompleted = rolled !== null && n >= rolled[0];
          const update = rolled === null ? null : isCompleted ? completed : started;
          // The engine's reports are new versions of the service.
          const version = isCompleted ? 3 : 2;
          return [at, { version, running, total: 3, update }] as const;
        });
        const theirs = client(timed);
        const ours = watch([[0, {}], ...timed.map((one) => [...one] as [number, object])])
          .slice(1, theirs.length + 1)
          .map(({ verify, last }) => ({
            verify: verify?.replace(/ \d seconds.*/, '') ?? null,
            ...(last === undefined ? {} : { last }),
          }));
        for (const [n, their] of theirs.entries()) {
          const our = ours[n];
          // In place of nothing, why it is rolled back.
          if (our?.verify?.startsWith('rollback: ')) our.verify = null;
          const isEnd = their.verify?.endsWith('converged') === true;
          // It ends without a look at the tasks, which may have failed just now.
          const expected = isEnd && timed[n]?.[1].running !== 3 ? { verify: null } : their;
          expect([n, our]).toEqual([n, expected]);
        }
      }),
      { numRuns: 2000 },
    );
  });

  test('never converges with missing tasks or before the window has passed', () => {
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

describe('the task that represents a slot', () => {
  test('has the lowest desired state, then the lowest current state', () => {
    const old = aTask({ id: 'old', desired: 'shutdown', state: 'running' });
    const preparing = aTask({ id: 'new', state: 'preparing' });
    const ready = aTask({ id: 'ready', state: 'ready' });
    expect(tasksBySlot([old, ready, preparing], new Set()).get(1)?.id).toBe('new');
  });

  test('is never one on a down node or one that is being removed', () => {
    const tasks = [aTask({ id: 'a' }), aTask({ id: 'b', desired: 'remove', nodeId: 'id-zero2' })];
    expect(tasksBySlot(tasks, new Set(['id-zero1'])).size).toBe(0);
  });

  test('does not depend on the order of the list', () => {
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

describe('progress rows', () => {
  const names = (rows: ReturnType<typeof slotRows>) =>
    rows.map((row) => `${row.name}${row.leaving ? ' leaving' : ''}`);

  test('exist for every replica before the engine has created its task', () => {
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

  test('list existing slots before missing ones when slots have gaps', () => {
    const tasks = [aTask({ slot: 2 }), aTask({ slot: 4 })];
    expect(names(slotRows(aService({ replicas: 3 }), tasks, []))).toEqual([
      'goweb.1',
      'goweb.2',
      'goweb.4',
    ]);
  });

  test('show tasks that are still stopping after a scale-down, not stopped ones', () => {
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

  test('are named after the nodes for a global service', () => {
    const nodes = [aNode({ name: 'zero1' }), aNode({ name: 'zero2' })];
    const tasks = nodes.map((node) => aTask({ id: node.id, slot: null, nodeId: node.id }));
    const rows = slotRows(aService({ mode: 'global', replicas: null }), tasks, nodes);
    expect(names(rows)).toEqual(['zero1', 'zero2']);
  });

  test('of a global service are one per node while an update replaces its tasks', () => {
    const nodes = [aNode({ name: 'zero1' }), aNode({ name: 'zero2' })];
    const on = (nodeId: string, over: Partial<TaskView>) =>
      aTask({ id: `${nodeId}-${over.state}`, slot: null, nodeId, ...over });
    const tasks = [
      on('id-zero1', { state: 'new' }),
      on('id-zero1', { state: 'running', desired: 'shutdown' }),
      on('id-zero2', { state: 'running', desired: 'shutdown' }),
    ];
    const rows = slotRows(aService({ mode: 'global', replicas: null }), tasks, nodes);
    expect(names(rows)).toEqual(['zero1', 'zero2 leaving']);
  });

  test('of a job are those of its present iteration', () => {
    const tasks = [
      aTask({ slot: null, nodeId: 'a', state: 'complete', desired: 'complete', upToDate: false }),
      aTask({ slot: null, nodeId: 'b', desired: 'complete' }),
    ];
    const job = aService({ mode: 'replicated-job', replicas: null });
    expect(slotRows(job, tasks, []).map(({ task }) => task?.nodeId)).toEqual(['b']);
  });

  test('of a job’s slot 0 have its number, and one row for all attempts', () => {
    const tasks = [
      aTask({ slot: 0, nodeId: 'b', name: 'goweb.b', desired: 'complete' }),
      aTask({ slot: 0, nodeId: 'a', name: 'goweb.a', desired: 'shutdown', state: 'failed' }),
      aTask({ slot: 0, nodeId: 'c', name: 'goweb.c', desired: 'shutdown' }),
    ];
    const job = aService({ mode: 'replicated-job', replicas: null });
    const rows = slotRows(job, tasks, [aNode({ id: 'b', name: 'zero2' })]);
    expect(names(rows)).toEqual(['goweb.0']);
    expect(rows[0]?.task?.nodeId).toBe('b');
  });

  test('have no task in a slot whose task is on a node that has left', () => {
    const tasks = [aTask({ slot: 1 }), aTask({ slot: 2, nodeId: 'id-gone', phase: 'lost' })];
    const rows = slotRows(aService({ replicas: 2 }), tasks, [aNode()]);
    expect(rows.map(({ name, task }) => [name, task?.slot])).toEqual([
      ['goweb.1', 1],
      ['goweb.2', undefined],
    ]);
  });

  test('keep the last attempt of a slot that swarm has given up', () => {
    const failed = { state: 'failed', desired: 'shutdown' } as const;
    const tasks = [
      aTask({ slot: 1 }),
      aTask({ slot: 2, ...failed, createdAt: 2 }),
      aTask({ slot: 2, ...failed, createdAt: 1, nextTaskId: 'task-2-2' }),
    ];
    const rows = slotRows(aService({ replicas: 2 }), tasks, []);
    expect(names(rows)).toEqual(['goweb.1', 'goweb.2']);
    expect(rows[1]?.task).toBe(tasks[1]);
  });

  test.each([
    ['was replaced since', { nextTaskId: 'gone' }],
    ['is of an earlier spec', { upToDate: false }],
    ['was stopped by swarm', { state: 'shutdown' }],
  ] as const)('have no task in a slot whose last attempt %s', (_, over) => {
    const tasks = [aTask({ slot: 1, state: 'failed', desired: 'shutdown', ...over })];
    expect(slotRows(aService({ replicas: 1 }), tasks, [])[0]?.task).toBeNull();
  });

  test('leave out a failure above the replica count', () => {
    const tasks = [aTask({ slot: 1 }), aTask({ slot: 2, state: 'failed', desired: 'shutdown' })];
    expect(names(slotRows(aService({ replicas: 1 }), tasks, []))).toEqual(['goweb.1']);
  });

  test('are none without replicas', () => {
    expect(slotRows(aService({ replicas: 0 }), [], [])).toEqual([]);
  });
});
