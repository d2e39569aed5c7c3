import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boardPlaces, boardTasks, SETTLED_MS } from './board-layout';
import type { NodeView, ServiceView, TaskView } from '@/lib/swarm/view';

const NOW = 1_700_000_000_000;

function node(name: string, more: Partial<NodeView> = {}): NodeView {
  return {
    id: `id-${name}`,
    name,
    role: 'worker',
    leader: false,
    reachability: null,
    availability: 'active',
    state: 'ready',
    stateSince: NOW - 3_600_000,
    message: '',
    address: null,
    arch: 'armv6l',
    os: 'linux',
    cpus: 1,
    memoryBytes: 1,
    engineVersion: '20.10.24',
    here: false,
    ...more,
  };
}

function service(more: Partial<ServiceView> = {}): ServiceView {
  return {
    id: 'svc',
    name: 'goweb',
    mode: 'replicated',
    replicas: 3,
    running: 0,
    wanted: 3,
    image: 'carmeloc/goweb:1.0',
    ports: [],
    maxPerNode: null,
    hostname: null,
    echo: true,
    curl: true,
    update: null,
    convergence: { running: 0, total: 3, phase: 'converging', phrase: '', verify: null },
    platformLimit: null,
    createdAt: 0,
    updatedAt: 0,
    ...more,
  };
}

let count = 0;
function task(more: Partial<TaskView> = {}): TaskView {
  count += 1;
  const slot = more.slot === undefined ? 1 : more.slot;
  return {
    id: `task-${count}`,
    serviceId: 'svc',
    name: `goweb.${slot}`,
    slot,
    nodeId: 'id-zero1',
    desired: 'running',
    state: 'running',
    stateAt: NOW - 60_000,
    createdAt: NOW - 61_000,
    seenAt: NOW - 61_000,
    ranAt: NOW - 60_000,
    error: '',
    hint: null,
    help: null,
    exitCode: null,
    container: null,
    image: 'carmeloc/goweb:1.0',
    counts: more.state === undefined || more.state === 'running',
    lost: false,
    upToDate: true,
    ...more,
  };
}

const failed = (more: Partial<TaskView> = {}) =>
  task({ state: 'failed', desired: 'shutdown', createdAt: NOW - 90_000, ...more });

function board(tasks: TaskView[], more: Partial<ServiceView> = {}, now = NOW) {
  return boardTasks(
    { services: [service(more)], tasks, nodes: [node('zero1'), node('zero2')] },
    now,
  );
}

const ids = (shown: readonly { id: string }[] | undefined) => shown?.map(({ id }) => id);

describe('boardPlaces', () => {
  const hat = ['ctrl', 'zero1', 'zero2'];

  test('every place stands in its order, taken or not; other nodes follow', () => {
    const { places, others } = boardPlaces({
      hat,
      nodes: [node('zero2'), node('ctrl'), node('pi5')],
    });
    expect(places.map((place) => [place.name, place.port, place.node?.id])).toEqual([
      ['ctrl', null, 'id-ctrl'],
      ['zero1', 'P1', undefined],
      ['zero2', 'P2', 'id-zero2'],
    ]);
    expect(others.map(({ name }) => name)).toEqual(['pi5']);
  });

  test('a node that joined anew takes the place of its old, down self', () => {
    const { places, others } = boardPlaces({
      hat,
      nodes: [node('zero1', { id: 'old', state: 'down' }), node('zero1', { id: 'new' })],
    });
    expect(places[1]?.node?.id).toBe('new');
    expect(others.map(({ id }) => id)).toEqual(['old']);
  });
});

describe('boardTasks', () => {
  test('a task stands on its node, and without one in the waiting lane', () => {
    const on = task();
    const off = task({ slot: 2, nodeId: null, state: 'pending', counts: false });
    const { byNode, waiting } = board([on, off]);
    expect(ids(byNode.get('id-zero1'))).toEqual([on.id]);
    expect(byNode.get('id-zero2')).toEqual([]);
    expect(ids(waiting)).toEqual([off.id]);
  });

  test('a living task on a node that has left the swarm is still shown', () => {
    const stray = task({ nodeId: 'id-gone' });
    expect(ids(board([stray]).waiting)).toEqual([stray.id]);
  });

  test('tasks that are stopping stay until they have stopped', () => {
    const stopping = task({ desired: 'remove', counts: false, slot: 5 });
    expect(ids(board([stopping]).byNode.get('id-zero1'))).toEqual([stopping.id]);
    expect(ids(board([{ ...stopping, state: 'shutdown' }]).byNode.get('id-zero1'))).toEqual([]);
  });

  test('a failure stays until its replacement has run for a while', () => {
    const end = failed();
    const next = task({ nodeId: 'id-zero2', ranAt: NOW - SETTLED_MS + 1 });
    expect(ids(board([next, end]).byNode.get('id-zero1'))).toEqual([end.id]);
    expect(ids(board([next, end], {}, NOW + 1).byNode.get('id-zero1'))).toEqual([]);
  });

  test.each([3_600_000, -3_600_000])(
    'so by our clock, with the replacement’s node %d ms off',
    (skew) => {
      const end = failed();
      const young = task({ nodeId: 'id-zero2', ranAt: NOW - 10_000, stateAt: NOW - 10_000 + skew });
      const old = { ...young, ranAt: NOW - 40_000, stateAt: NOW - 40_000 + skew };
      expect(ids(board([young, end]).byNode.get('id-zero1'))).toEqual([end.id]);
      expect(ids(board([old, end]).byNode.get('id-zero1'))).toEqual([]);
    },
  );

  test('a failure stays as long as its replacement only prepares', () => {
    const end = failed();
    const next = task({ state: 'preparing', counts: false, nodeId: 'id-zero2', stateAt: 0 });
    expect(ids(board([next, end]).byNode.get('id-zero1'))).toEqual([end.id]);
  });

  test('of many failures of a slot the newest is shown and the others are counted', () => {
    const next = task({ state: 'ready', desired: 'ready', counts: false });
    const ends = [3, 2, 1].map((age) => failed({ createdAt: NOW - 100_000 + age }));
    const shown = board([next, ...ends]).byNode.get('id-zero1');
    expect(ids(shown)).toEqual([next.id, ends[0]?.id]);
    expect(shown?.[1]?.earlierFailures).toBe(2);
    expect(shown?.[0]?.earlierFailures).toBe(0);
  });

  test('a replacement that a rollback takes away at once does not hide the failure', () => {
    const next = task({ state: 'preparing', counts: false });
    const brief = task({ state: 'shutdown', desired: 'shutdown', counts: false });
    const crashed = failed();
    expect(ids(board([next, brief, crashed]).byNode.get('id-zero1'))).toEqual([
      next.id,
      crashed.id,
    ]);
  });

  test('nor does one that never ran, however long it tried, and whatever its node’s clock says', () => {
    const next = task({ state: 'preparing', counts: false });
    const never = task({
      state: 'shutdown',
      desired: 'shutdown',
      counts: false,
      ranAt: null,
      stateAt: NOW + 3_600_000,
    });
    const crashed = failed();
    expect(ids(board([next, never, crashed]).byNode.get('id-zero1'))).toEqual([
      next.id,
      crashed.id,
    ]);
  });

  test('an old failure does not come back when its settled replacement is replaced', () => {
    const next = task({ state: 'preparing', counts: false });
    const before = task({
      state: 'shutdown',
      desired: 'shutdown',
      counts: false,
      createdAt: NOW - 60_000 - SETTLED_MS,
    });
    expect(ids(board([next, before, failed()]).byNode.get('id-zero1'))).toEqual([next.id]);
  });

  test('an end that nothing follows stays, unless its slot is no longer asked for', () => {
    const end = failed({ slot: 3 });
    const done = task({ slot: 2, state: 'complete', desired: 'shutdown', counts: false });
    expect(ids(board([done, end]).byNode.get('id-zero1'))).toEqual([done.id, end.id]);
    expect(ids(board([done, end], { replicas: 2 }).byNode.get('id-zero1'))).toEqual([done.id]);
  });

  test('a lost task stays on its node and knows since when that is down, replaced or not', () => {
    const lost = task({ lost: true, counts: false, desired: 'shutdown' });
    const next = task({ nodeId: 'id-zero2' });
    for (const tasks of [[next, lost], [lost]]) {
      const { byNode } = board(tasks);
      expect(byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW - 3_600_000);
    }
    expect(board([next, lost]).byNode.get('id-zero2')?.[0]?.lostAt).toBeNull();
  });

  test('the tasks of a global service are told apart by node', () => {
    const one = task({ slot: null, nodeId: 'id-zero1' });
    const two = failed({ slot: null, nodeId: 'id-zero2' });
    const { byNode } = board([one, two], { mode: 'global', replicas: null });
    expect(ids(byNode.get('id-zero1'))).toEqual([one.id]);
    expect(ids(byNode.get('id-zero2'))).toEqual([two.id]);
  });
});

describe('identity', () => {
  const nodes = [node('zero1'), node('zero2')];
  const one = task();
  const two = task({ slot: 2, nodeId: 'id-zero2' });
  const services = [service()];

  test('what has not changed is the same object, list by list and item by item', () => {
    const before = boardTasks({ services, nodes, tasks: [one, two] }, NOW);
    const changed = { ...two, state: 'failed' as const, counts: false };
    const after = boardTasks({ services, nodes, tasks: [one, changed] }, NOW, before);
    expect(after.byNode.get('id-zero1')).toBe(before.byNode.get('id-zero1'));
    expect(after.byNode.get('id-zero2')).not.toBe(before.byNode.get('id-zero2'));
    expect(after.waiting).toBe(before.waiting);
    expect(after.byNode.get('id-zero1')?.[0]).toBe(before.byNode.get('id-zero1')?.[0]);
  });

  test('an item whose task is the same but whose story is not is made anew', () => {
    const lost = task({ lost: true, counts: false });
    const before = boardTasks({ services, nodes, tasks: [lost] }, NOW);
    const later = nodes.map((one) => ({ ...one, stateSince: NOW }));
    const after = boardTasks({ services, nodes: later, tasks: [lost] }, NOW, before);
    expect(before.byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW - 3_600_000);
    expect(after.byNode.get('id-zero1')?.[0]?.lostAt).toBe(NOW);
  });

  test('whatever changes, what was kept from before is what would come out anew', () => {
    const states = ['running', 'failed', 'pending', 'shutdown', 'complete'] as const;
    const aTaskOf = fc.record({
      service: fc.constantFrom('svc', 'web'),
      slot: fc.integer({ min: 1, max: 4 }),
      on: fc.constantFrom('id-zero1', 'id-zero2', 'id-gone', null),
      state: fc.constantFrom(...states),
      lost: fc.boolean(),
      age: fc.integer({ min: 0, max: 5 }),
    });
    const pool = new Map<string, TaskView>();
    const aView = fc.array(aTaskOf, { maxLength: 12 }).map((wanted) => {
      const unique = new Map(wanted.map((one) => [JSON.stringify(one), one]));
      return [...unique.entries()]
        .sort(
          ([, a], [, b]) =>
            (a.service < b.service ? -1 : a.service > b.service ? 1 : 0) ||
            a.slot - b.slot ||
            b.age - a.age,
        )
        .map(([key, { service, slot, on, state, lost, age }]) => {
          const known = pool.get(key);
          if (known) return known;
          const createdAt = NOW - 40_000 + age;
          const made = task({
            id: key,
            serviceId: service,
            slot,
            nodeId: on,
            state,
            lost,
            createdAt,
          });
          pool.set(key, made);
          return made;
        });
    });
    const steps = fc.array(
      fc.record({
        tasks: aView,
        replicas: fc.constantFrom(2, 3),
        turned: fc.boolean(),
        nodes: fc.nat(2).map((n) => [nodes, [...nodes], nodes.slice(1)][n] ?? nodes),
        later: fc.boolean(),
      }),
      { minLength: 2, maxLength: 6 },
    );
    fc.assert(
      fc.property(steps, (walk) => {
        let kept: ReturnType<typeof boardTasks> | undefined;
        for (const { tasks, replicas, turned, nodes, later } of walk) {
          const both = [service({ replicas }), service({ id: 'web', name: 'web' })];
          const view = { tasks, nodes, services: turned ? both.toReversed() : both };
          const now = later ? NOW + 60_000 : NOW;
          kept = boardTasks(view, now, kept);
          expect(kept).toEqual(boardTasks(view, now));
        }
      }),
    );
  });
});
