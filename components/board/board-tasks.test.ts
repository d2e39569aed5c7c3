import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ServiceView, TaskView } from '@/lib/swarm/view';
import { aNode, aService, aTask, changedTask } from '@/tests/factories/view';
import { TASK_PHASES } from '@/lib/swarm/task-phase';
import { stateRank } from '@/lib/swarm/task-state';
import { boardTasks, SETTLED_MS } from './board-tasks';

const NOW = 1_700_000_000_000;

const nodes = ['zero1', 'zero2'].map((name) => aNode({ name, stateSince: NOW - 3_600_000 }));

let count = 0;
/** A task that has run for a minute. */
function task(over: Partial<TaskView> = {}): TaskView {
  const { state = 'running' } = over;
  count += 1;
  return aTask({
    id: `task-${count}`,
    stateAt: NOW - 60_000,
    createdAt: NOW - 61_000,
    seenAt: NOW - 61_000,
    ranAt: stateRank(state) < stateRank('running') ? null : NOW - 60_000,
    ...over,
  });
}

const failedTask = (over: Partial<TaskView> = {}) =>
  task({ state: 'failed', desired: 'shutdown', createdAt: NOW - 90_000, ...over });

const shutdownTask = (over: Partial<TaskView> = {}) =>
  task({ state: 'shutdown', desired: 'shutdown', ...over });

function board(tasks: TaskView[], service: Partial<ServiceView> = {}, now = NOW) {
  return boardTasks({ services: [aService(service)], tasks, nodes }, now);
}

const ids = (shown: readonly { id: string }[] | undefined) => shown?.map(({ id }) => id);
const idsOnZero1 = (...of: Parameters<typeof board>) => ids(board(...of).byNode.get('id-zero1'));

describe('placement', () => {
  test('shows a task on its node, and one without a node in the waiting lane', () => {
    const assigned = task();
    const pending = task({ slot: 2, nodeId: null, state: 'pending' });
    const { byNode, waiting } = board([assigned, pending]);
    expect(ids(byNode.get('id-zero1'))).toEqual([assigned.id]);
    expect(byNode.get('id-zero2')).toEqual([]);
    expect(ids(waiting)).toEqual([pending.id]);
  });

  test('shows the tasks of a node that left the swarm under that node, without those that ended', () => {
    const strays = [task({ nodeId: 'id-gone' }), task({ slot: 2, nodeId: 'id-gone' })];
    const ended = failedTask({ slot: 3, nodeId: 'id-gone' });
    const { byNode, waiting } = board([...strays, ended]);
    expect(ids(byNode.get('id-gone') ?? [])).toEqual(ids(strays));
    expect(waiting).toEqual([]);
  });

  test('names the tasks of a removed service by the service name in their own names', () => {
    const left = task({ serviceId: 'id-removed', name: 'web-2.1', desired: 'remove' });
    expect(board([left]).byNode.get('id-zero1')).toMatchObject([{ service: 'web-2' }]);
  });

  test('shows the tasks of a global service on their own nodes', () => {
    const runs = task({ slot: null, nodeId: 'id-zero1' });
    const failed = failedTask({ slot: null, nodeId: 'id-zero2' });
    const { byNode } = board([runs, failed], { mode: 'global', replicas: null });
    expect(ids(byNode.get('id-zero1'))).toEqual([runs.id]);
    expect(ids(byNode.get('id-zero2'))).toEqual([failed.id]);
  });
});

test('a job shows what finished in its present iteration only', () => {
  const job = {
    mode: 'replicated-job',
    replicas: null,
    job: { completed: 1, total: 1 },
  } as const;
  const done = task({ slot: 0, state: 'complete', desired: 'complete' });
  const earlier = task({ slot: 1, state: 'complete', desired: 'complete', upToDate: false });
  expect(idsOnZero1([done, earlier], job)).toEqual([done.id]);
});

test('a failure in slot 0 of a job disappears once its retry has settled on another node', () => {
  const job = { mode: 'replicated-job', replicas: null } as const;
  const failed = failedTask({ slot: 0, nodeId: 'id-zero1', nextTaskId: 'retry' });
  const retry = task({ id: 'retry', slot: 0, nodeId: 'id-zero2', desired: 'complete' });
  expect(idsOnZero1([retry, failed], job)).toEqual([]);
  const fresh = { ...retry, ranAt: NOW - 1000 };
  expect(idsOnZero1([fresh, failed], job)).toEqual([failed.id]);
});

test("lists tasks in the order of the view's services", () => {
  const services = ['goweb', 'agent'].map((name) => aService({ name }));
  const tasks = ['agent', 'goweb'].map((name) => task({ serviceId: `id-${name}` }));
  const shown = boardTasks({ services, nodes, tasks }, NOW).byNode.get('id-zero1');
  expect(shown?.map(({ service }) => service)).toEqual(['goweb', 'agent']);
});

describe('ended tasks', () => {
  test('a stopping task stays until it has shut down', () => {
    const stopping = task({ desired: 'remove', slot: 5 });
    expect(idsOnZero1([stopping])).toEqual([stopping.id]);
    expect(idsOnZero1([changedTask(stopping, { state: 'shutdown' })])).toEqual([]);
  });

  test('a program that ended without an error stays as a failure does where that is a problem', () => {
    const next = task({ nodeId: 'id-zero2', ranAt: NOW - 1000 });
    const ended = task({
      state: 'complete',
      desired: 'shutdown',
      nextTaskId: next.id,
      hint: 'The program ended without an error.',
    });
    expect(idsOnZero1([next, ended])).toEqual([ended.id]);
    expect(idsOnZero1([next, { ...ended, hint: null }])).toEqual([]);
    const settled = { ...next, ranAt: NOW - SETTLED_MS };
    expect(idsOnZero1([settled, ended])).toEqual([]);
  });

  test('a failure stays until its replacement has settled', () => {
    const failed = failedTask();
    const next = task({ nodeId: 'id-zero2', ranAt: NOW - SETTLED_MS + 1 });
    expect(idsOnZero1([next, failed])).toEqual([failed.id]);
    expect(idsOnZero1([next, failed], {}, NOW + 1)).toEqual([]);
  });

  test.each([3_600_000, -3_600_000])(
    "a replacement settles by the dashboard's clock although its node's is %d ms off",
    (skew) => {
      const failed = failedTask();
      const young = task({ nodeId: 'id-zero2', ranAt: NOW - 10_000, stateAt: NOW - 10_000 + skew });
      const old = { ...young, ranAt: NOW - 40_000, stateAt: NOW - 40_000 + skew };
      expect(idsOnZero1([young, failed])).toEqual([failed.id]);
      expect(idsOnZero1([old, failed])).toEqual([]);
    },
  );

  test('a failure stays while its replacement is still starting', () => {
    const failed = failedTask();
    const next = task({ state: 'preparing', nodeId: 'id-zero2', stateAt: 0 });
    expect(idsOnZero1([next, failed])).toEqual([failed.id]);
  });

  test('shows the newest failure of a slot and counts the others', () => {
    const next = task({ state: 'ready', desired: 'ready' });
    const failures = [3, 2, 1].map((age) => failedTask({ createdAt: NOW - 100_000 + age }));
    const shown = board([next, ...failures]).byNode.get('id-zero1');
    expect(ids(shown)).toEqual([failures[0]?.id, next.id]);
    expect(shown?.map(({ earlierFailures }) => earlierFailures)).toEqual([2, 0]);
  });

  test('a replacement that a rollback shut down at once does not hide the failure', () => {
    const next = task({ state: 'preparing' });
    const failed = failedTask();
    expect(idsOnZero1([next, shutdownTask(), failed])).toEqual([failed.id, next.id]);
  });

  test('a replacement that never ran does not hide the failure, however late its clock', () => {
    const next = task({ state: 'preparing' });
    const never = shutdownTask({ ranAt: null, stateAt: NOW + 3_600_000 });
    const failed = failedTask();
    expect(idsOnZero1([next, never, failed])).toEqual([failed.id, next.id]);
  });

  test('an old failure does not return when its settled replacement is replaced', () => {
    const next = task({ state: 'preparing' });
    const settled = shutdownTask({ createdAt: NOW - 60_000 - SETTLED_MS });
    expect(idsOnZero1([next, settled, failedTask()])).toEqual([next.id]);
  });

  test('an ended task without a replacement stays unless its slot was scaled away', () => {
    const failed = failedTask({ slot: 3 });
    const complete = task({ slot: 2, state: 'complete', desired: 'shutdown' });
    expect(idsOnZero1([complete, failed])).toEqual([complete.id, failed.id]);
    expect(idsOnZero1([complete, failed], { replicas: 2 })).toEqual([complete.id]);
  });

  test('a failure does not return when its slot is scaled away and back', () => {
    const failed = failedTask({ nextTaskId: 'scaled-away' });
    const next = task({ state: 'preparing' });
    expect(idsOnZero1([failed])).toEqual([]);
    expect(idsOnZero1([next, failed])).toEqual([next.id]);
  });

  test.each([
    ['is stopping', { desired: 'shutdown' }],
    ['is lost', { phase: 'lost' }],
  ] as const)('a failure does not return when the attempt that settled it %s', (_how, over) => {
    const settled = task(over);
    const failed = failedTask({ nextTaskId: settled.id });
    const next = task({ state: 'preparing' });
    expect(idsOnZero1([next, settled, failed])).toEqual([next.id, settled.id]);
    expect(idsOnZero1([settled, failed])).toEqual([settled.id]);
  });

  test('an attempt that is lost does not settle a later failure', () => {
    const lost = task({ phase: 'lost' });
    const failed = failedTask();
    const next = task({ state: 'preparing' });
    expect(idsOnZero1([next, failed, lost])).toEqual([failed.id, next.id, lost.id]);
  });

  test('a failure stays while its own replacement is listed', () => {
    const next = task({ state: 'preparing' });
    const failed = failedTask({ nextTaskId: next.id });
    expect(idsOnZero1([next, failed])).toEqual([failed.id, next.id]);
  });

  test('an ended task never waits for a node', () => {
    const tasks = [failedTask({ nodeId: null }), failedTask({ slot: 2, nodeId: 'id-gone' })];
    expect(board(tasks).waiting).toEqual([]);
  });

  test('a lost task stays on its node, with the time when the node went down', () => {
    const lost = task({ phase: 'lost', desired: 'shutdown' });
    const next = task({ nodeId: 'id-zero2' });
    for (const tasks of [[next, lost], [lost]]) {
      expect(board(tasks).byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW - 3_600_000);
    }
    expect(board([next, lost]).byNode.get('id-zero2')?.[0]?.lostAt).toBeNull();
  });
});

describe('identity', () => {
  const first = task();
  const second = task({ slot: 2, nodeId: 'id-zero2' });
  const services = [aService()];

  test('keeps unchanged lists and items', () => {
    const before = boardTasks({ services, nodes, tasks: [first, second] }, NOW);
    const changed = changedTask(second, { state: 'failed' });
    const after = boardTasks({ services, nodes, tasks: [first, changed] }, NOW, before);
    expect(after.byNode.get('id-zero1')).toBe(before.byNode.get('id-zero1'));
    expect(after.byNode.get('id-zero2')).not.toBe(before.byNode.get('id-zero2'));
    expect(after.waiting).toBe(before.waiting);
  });

  test('replaces the item of an unchanged task whose node changed', () => {
    const lost = task({ phase: 'lost' });
    const before = boardTasks({ services, nodes, tasks: [lost] }, NOW);
    const later = nodes.map((node) => ({ ...node, stateSince: NOW }));
    const after = boardTasks({ services, nodes: later, tasks: [lost] }, NOW, before);
    expect(before.byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW - 3_600_000);
    expect(after.byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW);
  });

  test('equals the result without a previous one after any changes', () => {
    const pool = new Map<string, TaskView>();
    const taskOf = fc.record({
      slot: fc.integer({ min: 1, max: 4 }),
      nodeId: fc.constantFrom('id-zero1', 'id-zero2', 'id-gone', null),
      phase: fc.constantFrom(...TASK_PHASES),
      createdAt: fc.integer({ min: NOW - 40_000, max: NOW - 39_990 }),
    });
    const tasksOf = fc.array(taskOf, { maxLength: 12 }).map((wanted) =>
      wanted
        .map((over) => {
          const id = JSON.stringify(over);
          const known = pool.get(id) ?? task({ id, ...over });
          pool.set(id, known);
          return known;
        })
        .filter((one, at, all) => all.indexOf(one) === at)
        .toSorted((a, b) => (a.slot ?? 0) - (b.slot ?? 0) || b.createdAt - a.createdAt),
    );
    const steps = fc.array(
      fc.record({
        tasks: tasksOf,
        services: fc.constantFrom(2, 3).map((replicas) => [aService({ replicas })]),
        nodes: fc.constantFrom(nodes, nodes.slice(1)),
        now: fc.constantFrom(NOW, NOW + 60_000),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(steps, (views) => {
        let previous: ReturnType<typeof boardTasks> | undefined;
        for (const { now, ...view } of views) {
          previous = boardTasks(view, now, previous);
          expect(previous).toEqual(boardTasks(view, now));
        }
      }),
    );
  });
});
