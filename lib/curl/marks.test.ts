import { describe, expect, test } from 'vitest';
import type { SwarmView } from '../swarm/view';
import { aMoment } from '@/tests/factories/curl';
import { aNode, aService, aTask, aView, tasksInSlots } from '@/tests/factories/view';
import { Marks, MAX_MARKS, type CostFacts } from './marks';

/** One request every 200 ms; those at `lost` fail. */
const facts = (lost: number[] = [], first: [string, number][] = []): CostFacts => ({
  lost,
  firstAnswers: new Map(first.map(([id, at]) => [id, { first: at }])),
  sentBy: (at) => Math.floor(at / 200) + 1,
});

function follow(...steps: [at: number, view: Partial<SwarmView>][]): Marks {
  const marks = new Marks('id-goweb');
  for (const [at, view] of steps) marks.applyView(aView(view), aMoment(at));
  return marks;
}

const dead = (slot: number, stateAt = 0) =>
  aTask({ slot, state: 'failed', desired: 'shutdown', stateAt });
const replacement = (slot: number) =>
  aTask({ slot, id: `new-${slot}`, state: 'ready', desired: 'ready' });

test('the first view has no changes', () => {
  expect(follow([0, {}]).summary(facts([100]))).toEqual([]);
});

test('places a failed task at its node’s timestamp and counts the failures around it', () => {
  const { time } = aMoment(9000);
  const marks = follow(
    [0, {}],
    [10_000, { tasks: [aTask({ slot: 1 }), dead(2, time), replacement(2), aTask({ slot: 3 })] }],
  );
  const lost = [2000, 8800, 9000, 9800];
  const [mark, ...none] = marks.summary(facts(lost, [['new-2', 16_200]]));
  expect(none).toEqual([]);
  expect(mark).toMatchObject({
    at: 9000,
    time,
    n: 46,
    kind: 'task failed',
    drill: false,
    cost: {
      lost: 3,
      firstLostMs: -200,
      lastLostMs: 800,
      firstAnswerMs: 7200,
      firstAnswerBy: { name: 'goweb.2' },
    },
  });
});

test('ignores a timestamp of a wrong clock', () => {
  for (const off of [-3_600_000, 3_600_000]) {
    const { time } = aMoment(9000 + off);
    const marks = follow([0, {}], [10_000, { tasks: [dead(2, time)] }]);
    expect(marks.summary(facts())[0]?.at).toBe(10_000);
  }
});

test('does not place a failure earlier than the previous view minus the report delay', () => {
  const stateAt = aMoment(6000).time;
  const died = { tasks: [dead(2, stateAt)] };
  const marks = follow([0, {}], [9500, { services: [aService({ image: 'x' })] }], [10_000, died]);
  expect(marks.summary(facts()).map(({ kind, at }) => [kind, at])).toContainEqual([
    'task failed',
    8500,
  ]);
  const held = new Marks('id-goweb');
  held.applyView(aView(), aMoment(0));
  held.applyView(aView(died), { ...aMoment(10_000), heldAt: 9900 });
  expect(held.summary(facts())[0]?.at).toBe(8900);
});

test('counts each failed request for one mark, the latest possible', () => {
  const marks = follow(
    [0, {}],
    [10_000, { services: [aService({ replicas: 5 })] }],
    [20_000, { services: [aService({ replicas: 2 })] }],
  );
  const lost = [9000, 9600, 12_000, 19_400, 19_600, 25_000];
  expect(marks.summary(facts(lost)).map((mark) => mark.cost.lost)).toEqual([3, 2]);
});

test('counts failures since the last heartbeat for a node that went down', () => {
  const nodes = [aNode({ name: 'zero1', state: 'down' })];
  const marks = follow([0, { nodes: [aNode({ name: 'zero1' })] }], [30_000, { nodes }]);
  expect(marks.summary(facts([9000, 15_000, 29_000]))[0]?.cost).toMatchObject({
    lost: 2,
    firstLostMs: -15_000,
    lastLostMs: -1000,
  });
});

test('attributes new tasks to the latest change, and a replacement to its slot’s failure', () => {
  const marks = follow(
    [0, {}],
    [1000, { services: [aService({ replicas: 4 })] }],
    [1200, { services: [aService({ replicas: 4 })], tasks: tasksInSlots(1, 2, 3, 4) }],
    [
      5000,
      {
        services: [aService({ replicas: 4 })],
        tasks: [aTask({ slot: 1 }), dead(2), replacement(2), ...tasksInSlots(3, 4, 5)],
      },
    ],
  );
  const first: [string, number][] = [
    ['task-1', 100],
    ['task-4', 2500],
    ['task-5', 6000],
    ['new-2', 9000],
  ];
  const by = marks
    .summary(facts([], first))
    .map(({ kind, cost }) => [kind, cost.firstAnswerMs, cost.firstAnswerBy?.name]);
  expect(by).toEqual([
    ['scale', 1500, 'goweb.4'],
    ['task failed', 4000, 'goweb.2'],
  ]);
});

describe('a task seen shortly before its cause', () => {
  const scaled = { services: [aService({ replicas: 4 })] };
  const four = { tasks: tasksInSlots(1, 2, 3, 4) };
  const by = (...steps: Parameters<typeof follow>) =>
    follow(...steps)
      .summary(facts([], [['task-4', 6000]]))
      .map(({ kind, cost }) => [kind, cost.firstAnswerBy?.name]);

  test('is attributed to that change', () => {
    expect(by([0, {}], [5000, four], [5250, { ...four, ...scaled }])).toEqual([
      ['scale', 'goweb.4'],
    ]);
  });

  test('is not attributed to a much earlier change', () => {
    const drained = { nodes: [aNode({ name: 'zero1', address: null, availability: 'drain' })] };
    const before = { nodes: [aNode({ name: 'zero1', address: null })] };
    const [then, now] = [
      { ...drained, ...four },
      { ...drained, ...four, ...scaled },
    ];
    expect(by([0, before], [1000, drained], [5000, then], [5250, now])).toEqual([
      ['drain', undefined],
      ['scale', 'goweb.4'],
    ]);
  });

  test('is not attributed to a much later change, or to one that causes no tasks', () => {
    expect(by([0, {}], [5000, four], [6600, { ...four, ...scaled }])).toEqual([
      ['scale', undefined],
    ]);
    const paused = { nodes: [aNode({ name: 'zero1', address: null, availability: 'pause' })] };
    expect(
      by(
        [0, { nodes: [aNode({ name: 'zero1', address: null })] }],
        [5000, paused],
        [5100, { ...paused, ...four }],
      ),
    ).toEqual([['pause', undefined]]);
  });

  test('stays attributed to the change that it appeared with', () => {
    const five = { services: [aService({ replicas: 5 })] };
    expect(by([0, {}], [5000, { ...four, ...scaled }], [5250, { ...four, ...five }])).toEqual([
      ['scale', 'goweb.4'],
      ['scale', undefined],
    ]);
  });
});

test('attributes matching changes to the drill', () => {
  const marks = new Marks('id-goweb');
  marks.applyView(aView({ nodes: [aNode({ name: 'ctrl' }), aNode()] }), aMoment(0));
  marks.attributeToDrill((change) => change.nodeId === 'id-zero1');
  const nodes = [
    aNode({ name: 'ctrl', availability: 'pause' }),
    aNode({ name: 'zero1', availability: 'drain' }),
  ];
  marks.applyView(aView({ nodes }), aMoment(1000));
  expect(marks.summary(facts()).map(({ text, drill }) => [text, drill])).toEqual([
    ['ctrl was paused', false],
    ['zero1 was drained', true],
  ]);
});

test('keeps at most MAX_MARKS marks', () => {
  const steps = Array.from({ length: 3 * MAX_MARKS }, (_, i): [number, Partial<SwarmView>] => [
    i,
    { services: [aService({ replicas: i })] },
  ]);
  expect(follow(...steps).summary(facts())).toHaveLength(MAX_MARKS);
});
