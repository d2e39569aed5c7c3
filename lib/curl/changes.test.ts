import { describe, expect, test } from 'vitest';
import type { SwarmView } from '../swarm/view';
import { changesBetween } from './changes';
import { aNode, aService, aTask, aView } from './fixtures';

const between = (before: Partial<SwarmView>, after: Partial<SwarmView>) =>
  changesBetween(aView(before), aView(after), 'id-goweb').map(({ kind, text }) => [kind, text]);

test('the same picture, or one in which only others moved, shows none', () => {
  const view = aView();
  expect(changesBetween(view, view, 'id-goweb')).toEqual([]);
  const other = aTask(1, { id: 'x', serviceId: 'other' });
  expect(
    between({ tasks: [other] }, { tasks: [{ ...other, state: 'failed', counts: false }] }),
  ).toEqual([]);
});

test('a scale', () => {
  expect(between({}, { services: [aService({ replicas: 5 })] })).toEqual([
    ['scale', 'goweb was scaled from 3 to 5'],
  ]);
});

describe('an update', () => {
  const old = aTask(1);
  const outdated = { ...old, upToDate: false };

  test('by its image', () => {
    const services = [aService({ image: 'carmeloc/goweb:1.1' })];
    expect(between({ tasks: [old] }, { services, tasks: [outdated] })).toEqual([
      ['update', 'goweb was updated to carmeloc/goweb:1.1'],
    ]);
  });

  test('of something else, by its tasks', () => {
    expect(between({ tasks: [old] }, { tasks: [outdated] })).toEqual([
      ['update', 'goweb was updated'],
    ]);
    // Further steps of the same update are none of their own.
    expect(between({ tasks: [outdated] }, { tasks: [outdated, aTask(2)] })).toEqual([]);
  });

  test('back again', () => {
    const services = [aService({ update: { state: 'rollback_started', message: '' } })];
    expect(between({ tasks: [old] }, { services, tasks: [outdated] })).toEqual([
      ['rollback', 'goweb was rolled back'],
    ]);
  });
});

describe('a node', () => {
  const zero = aNode('zero1', '172.19.181.1');
  const as = (over: Partial<typeof zero>) => ({ nodes: [{ ...zero, ...over }] });

  test.each([
    [as({}), as({ availability: 'drain' }), 'drain', 'zero1 was drained'],
    [as({}), as({ availability: 'pause' }), 'pause', 'zero1 was paused'],
    [as({ availability: 'drain' }), as({}), 'activate', 'zero1 was made active'],
    [as({}), as({ state: 'down' }), 'node down', 'zero1 went down'],
    [as({ state: 'down' }), as({}), 'node up', 'zero1 came back'],
    [as({}), { nodes: [] }, 'node down', 'zero1 left the swarm'],
    [{ nodes: [] }, as({}), 'node up', 'zero1 joined the swarm'],
  ])('%#: %s', (before, after, kind, text) => {
    expect(between(before, after)).toEqual([[kind, text]]);
  });

  test('that goes down in two steps goes down once', () => {
    expect(between(as({ state: 'disconnected' }), as({ state: 'down' }))).toEqual([]);
    expect(between(as({}), as({ state: 'disconnected' }))).toHaveLength(1);
    expect(between(as({}), as({ state: 'unknown' }))).toEqual([]);
  });
});

describe('a task that ran', () => {
  const ran = aTask(2, { nodeId: 'id-zero1' });
  const ended = { ...ran, state: 'failed' as const, desired: 'shutdown' as const, counts: false };

  test('and was killed has died, at the time that its node tells', () => {
    const [change] = changesBetween(
      aView({ tasks: [ran] }),
      aView({ tasks: [{ ...ended, stateAt: 1234 }] }),
      'id-goweb',
    );
    expect(change).toEqual({
      kind: 'task failed',
      text: 'goweb.2 on zero1 died',
      taskId: 'task-2',
      nodeId: 'id-zero1',
      time: 1234,
    });
  });

  test.each([
    ['was shut down', { state: 'shutdown' as const }],
    ['was scaled away', { desired: 'remove' as const }],
    ['was replaced by an update', { upToDate: false }],
    ['still runs', { state: 'running' as const, desired: 'running' as const }],
  ])('and %s has not', (_how, over) => {
    const changes = between({ tasks: [ran] }, { tasks: [{ ...ended, ...over }] });
    expect(changes.filter(([kind]) => kind === 'task failed')).toEqual([]);
  });

  test('and was drained off its node has not, however it ended', () => {
    const nodes = [aNode('zero1', '172.19.181.1', { availability: 'drain' })];
    const changes = between({ tasks: [ran], nodes }, { tasks: [ended], nodes });
    expect(changes).toEqual([]);
  });

  test('is told once', () => {
    expect(between({ tasks: [ended] }, { tasks: [ended] })).toEqual([]);
  });
});
