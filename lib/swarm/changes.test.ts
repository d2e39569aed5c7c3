import { describe, expect, test } from 'vitest';
import { aNode, aService, aTask, aView, changedTask } from '@/tests/factories/view';
import { changesBetween } from './changes';
import type { ReadSwitch } from './refusals';
import type { NodeView, ServiceView, SwarmView, TaskView } from './view';

const view = aView();

const between = (before: Partial<SwarmView>, after: Partial<SwarmView>) =>
  changesBetween({ ...view, ...before }, { ...view, ...after });
const changesIn = (...views: Parameters<typeof between>) =>
  between(...views).map(({ kind, text, bad }) => [kind, text, bad ? 'bad' : '']);

test('equal views have no changes', () => {
  expect(changesBetween(view, view)).toEqual([]);
  expect(changesIn({}, { services: [aService()], nodes: structuredClone(view.nodes) })).toEqual([]);
});

test('a text has one line of limited length, whatever the engine sends', () => {
  const message = `\u001b[31m\u202e${'x'.repeat(5000)}\n`;
  const [{ text } = { text: '' }] = between(
    {},
    { services: [aService({ update: { state: 'paused', message, note: null } })] },
  );
  expect(text).toMatch(/^goweb had its update paused \( \[31m x+…$/);
  expect(text).toHaveLength(400);
});

describe('a service', () => {
  const as = (over: Partial<ServiceView>) => ({ services: [aService(over)] });
  const update = (state: string, message = '') => ({ update: { state, message, note: null } });

  test.each<[string, Partial<SwarmView>, Partial<SwarmView>, string[]]>([
    ['comes', { services: [] }, {}, ['service created', 'goweb was created', '']],
    ['goes', {}, { services: [] }, ['service removed', 'goweb was removed', '']],
    ['is scaled', {}, as({ replicas: 5 }), ['scaled', 'goweb was scaled from 3 to 5', '']],
    [
      'is updated',
      {},
      as({ image: 'goweb:1.1', ...update('updating') }),
      ['updated', 'goweb was updated to goweb:1.1', ''],
    ],
    [
      'is updated to an image that cannot be read',
      {},
      as({ image: '', ...update('updating') }),
      ['updated', 'goweb was updated', ''],
    ],
    [
      'has its update paused',
      as(update('updating')),
      as(update('paused', 'update paused due to failure or early termination of task x')),
      [
        'update paused',
        'goweb had its update paused due to failure or early termination of task x',
        'bad',
      ],
    ],
    [
      'has its update resumed',
      as(update('paused')),
      as(update('updating', 'update in progress')),
      ['updated', 'goweb had its update resumed', ''],
    ],
    [
      'is rolled back by swarm',
      as({ image: 'goweb:1.1', ...update('updating') }),
      as(update('rollback_started', 'update rolled back due to failure of task x')),
      ['rolled back', 'goweb was rolled back due to failure of task x', 'bad'],
    ],
    [
      'is rolled back by a person, again',
      as(update('rollback_completed')),
      as({ image: 'goweb:0.9', ...update('rollback_started', 'manually requested rollback') }),
      ['rolled back', 'goweb was rolled back (manually requested rollback)', 'bad'],
    ],
    [
      'is rolled back by swarm again between two views',
      as({ update: { state: 'rollback_completed', message: 'x', startedAt: 1, note: null } }),
      as({ update: { state: 'rollback_completed', message: 'x', startedAt: 2, note: null } }),
      ['rolled back', 'goweb was rolled back (x)', 'bad'],
    ],
    [
      'has its rollback paused',
      as(update('rollback_started')),
      as(update('rollback_paused', 'rollback paused due to failure of task x')),
      ['update paused', 'goweb had its rollback paused due to failure of task x', 'bad'],
    ],
  ])('%s', (_how, before, after, change) => expect(changesIn(before, after)).toEqual([change]));

  test('reports no progress of a change that was reported already', () => {
    expect(changesIn({}, as(update('updating')))).toEqual([]);
    expect(changesIn(as(update('updating')), as(update('completed')))).toEqual([]);
    expect(changesIn(as(update('rollback_started')), as(update('rollback_completed')))).toEqual([]);
  });

  test('is not updated when a task that is being removed is missing in the answer of the engine', () => {
    const removed = view.tasks.map((task) =>
      changedTask(task, { desired: 'remove', upToDate: false }),
    );
    expect(changesIn({}, { tasks: removed })).toEqual([]);
  });

  test('is updated without a new image: its tasks are outdated', () => {
    const outdated = view.tasks.map((task) => ({ ...task, upToDate: false }));
    const change = ['updated', 'goweb was updated', ''];
    expect(changesIn({}, { tasks: outdated })).toEqual([change]);
    expect(changesIn({}, { tasks: outdated, ...as(update('updating')) })).toEqual([change]);
    // Further steps of the same update are not separate changes.
    expect(changesIn({ tasks: outdated }, { tasks: [...outdated].slice(0, 3) })).toEqual([]);
  });
});

describe('a node', () => {
  const as = (over: Partial<NodeView>) => ({ nodes: [aNode(over)] });

  test.each<[Partial<SwarmView>, Partial<SwarmView>, string[]]>([
    [as({}), as({ availability: 'drain' }), ['drained', 'zero1 was drained', '']],
    [as({}), as({ availability: 'pause' }), ['paused', 'zero1 was paused', '']],
    [as({ availability: 'drain' }), as({}), ['activated', 'zero1 was made active', '']],
    [
      as({}),
      as({ state: 'down', message: 'heartbeat failure' }),
      ['node down', 'zero1 went down (heartbeat failure)', 'bad'],
    ],
    [as({ state: 'unknown' }), as({ state: 'down' }), ['node down', 'zero1 went down', 'bad']],
    [as({ state: 'down' }), as({}), ['node up', 'zero1 came back', '']],
    [as({}), { nodes: [] }, ['node left', 'zero1 left the swarm', 'bad']],
    [{ nodes: [] }, as({}), ['node joined', 'zero1 joined the swarm', '']],
    [as({}), as({ leader: true }), ['leader', 'zero1 became the leader', '']],
    [as({}), as({ role: 'manager' }), ['promoted', 'zero1 became a manager', '']],
    [as({ role: 'manager' }), as({}), ['demoted', 'zero1 became a worker', '']],
  ])('%#: %s', (before, after, change) => expect(changesIn(before, after)).toEqual([change]));

  test('that is disconnected and then down is reported once', () => {
    expect(changesIn(as({ state: 'disconnected' }), as({ state: 'down' }))).toEqual([]);
    expect(changesIn(as({}), as({ state: 'disconnected' }))).toHaveLength(1);
  });

  test('whose state is unknown after a manager started is not reported', () => {
    expect(changesIn(as({}), as({ state: 'unknown' }))).toEqual([]);
    expect(changesIn(as({ state: 'unknown' }), as({}))).toEqual([]);
  });
});

describe('a task', () => {
  const ran = aTask();
  const from = (old: TaskView | null, over: Partial<TaskView>, more: Partial<SwarmView> = {}) =>
    changesIn({ ...more, tasks: old ? [old] : [] }, { ...more, tasks: [changedTask(ran, over)] });
  const failed = { state: 'failed', desired: 'shutdown' } as const;
  const stopped = [['task stopped', 'goweb.1 stopped on zero1', '']];

  test.each<[string, TaskView | null, Partial<TaskView>, string[]]>([
    ['begins to run', aTask({ state: 'starting' }), {}, ['task running', 'goweb.1 runs on zero1']],
    ['is new and runs', null, {}, ['task running', 'goweb.1 runs on zero1']],
    ['is killed', ran, { ...failed, exitCode: 137 }, ['task failed', 'died (exit 137)']],
    [
      'is unhealthy',
      ran,
      { ...failed, exitCode: 0, error: 'unhealthy container' },
      ['task failed', 'died (unhealthy container)'],
    ],
    ['crashes before we saw it run', null, failed, ['task failed', 'goweb.1 on zero1 died']],
    [
      'ends by itself',
      ran,
      { ...failed, state: 'complete', exitCode: 0 },
      ['task failed', 'died (exit 0)'],
    ],
    [
      'cannot be started',
      aTask({ state: 'preparing' }),
      { ...failed, state: 'rejected', error: 'No such image: x' },
      ['task rejected', 'goweb.1 on zero1 was rejected (No such image: x)'],
    ],
  ])('%s', (_how, old, over, [kind, text]) => {
    const [change, ...none] = from(old, over);
    expect(none).toEqual([]);
    expect(change).toEqual([kind, expect.stringContaining(text ?? ''), expect.anything()]);
    expect(change?.[2]).toBe(kind === 'task running' ? '' : 'bad');
  });

  test.each<[string, TaskView, Partial<TaskView>, Partial<SwarmView>?]>([
    ['was shut down', ran, { ...failed, state: 'shutdown' }],
    ['was scaled away', ran, { ...failed, desired: 'remove' }],
    ['was replaced by an update', { ...ran, upToDate: false }, { ...failed, upToDate: false }],
    ['was drained off its node', ran, failed, { nodes: [aNode({ availability: 'drain' })] }],
    ['was on a node that was out of reach', { ...ran, phase: 'lost' }, failed],
  ])('that %s is reported as stopped, not as died', (_how, old, over, more) =>
    expect(from(old, over, more)).toEqual(stopped),
  );

  test('that a job finished is reported as completed', () =>
    expect(
      from(
        ran,
        { ...failed, state: 'complete', exitCode: 0 },
        { services: [aService({ mode: 'replicated-job' })] },
      ),
    ).toEqual([['task stopped', 'goweb.1 completed on zero1', '']]));

  test('that was created, ran and finished between two views is reported as completed', () => {
    const services = [aService({ mode: 'replicated-job' })];
    const done = changedTask(ran, { state: 'complete', desired: 'complete', exitCode: 0 });
    expect(changesIn({ tasks: [], services }, { tasks: [done], services })).toEqual([
      ['task stopped', 'goweb.1 completed on zero1', ''],
    ]);
    expect(changesIn({ tasks: [done], services }, { tasks: [], services })).toEqual([]);
    // A service that is not a job does not complete tasks: this one had ended before it was first seen.
    expect(changesIn({ tasks: [] }, { tasks: [done] })).toEqual([]);
  });

  test('that is no longer listed after running is reported as stopped', () => {
    expect(changesIn({ tasks: [ran] }, { tasks: [] })).toEqual(stopped);
    expect(changesIn({ tasks: [changedTask(ran, failed)] }, { tasks: [] })).toEqual([]);
  });

  test('is not reported while starting, nor twice for one end', () => {
    expect(from(aTask({ state: 'preparing' }), { state: 'starting' })).toEqual([]);
    expect(from(changedTask(ran, failed), failed)).toEqual([]);
    expect(from(null, { ...failed, state: 'shutdown' })).toEqual([]);
  });

  test("is reported with its node's time and with the ids it concerns", () => {
    const changes = between(
      { tasks: [ran] },
      { tasks: [changedTask(ran, { ...failed, stateAt: 1234 })] },
    );
    expect(changes).toMatchObject([
      { serviceId: 'id-goweb', nodeId: 'id-zero1', taskId: ran.id, time: 1234 },
    ]);
  });
});

describe('a list that is refused in one of the views', () => {
  const refusing = (...reads: ReadSwitch[]) => ({ refused: { reads, changes: {} } });

  test.each<[what: string, refused: Partial<SwarmView>]>([
    ['tasks', { tasks: [], ...refusing('TASKS') }],
    ['nodes', { nodes: [aNode({ name: '0123456789ab', listed: false })], ...refusing('NODES') }],
    ['services', { services: [], ...refusing('SERVICES') }],
  ])('%s: no change, in either direction', (_, refused) => {
    expect(changesIn({}, refused)).toEqual([]);
    expect(changesIn(refused, {})).toEqual([]);
  });

  test('the other lists are compared', () => {
    const refused = refusing('NODES');
    expect(changesIn(refused, { ...refused, services: [aService({ replicas: 5 })] })).toEqual([
      ['scaled', 'goweb was scaled from 3 to 5', ''],
    ]);
  });
});
