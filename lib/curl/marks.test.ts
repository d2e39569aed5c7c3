import { describe, expect, test } from 'vitest';
import type { SwarmView } from '../swarm/view';
import { aMoment, aNode, aService, aTask, aView } from '@/tests/factories/curl';
import { Marks, MAX_MARKS, type CostFacts } from './marks';

/** One request every 200 ms; those at `lost` fail. */
const facts = (lost: number[] = [], first: [string, number][] = []): CostFacts => ({
  lost,
  firstAnswers: new Map(first),
  sentBy: (at) => Math.floor(at / 200) + 1,
});

function follow(...steps: [at: number, view: Partial<SwarmView>][]): Marks {
  const marks = new Marks('id-goweb');
  for (const [at, view] of steps) marks.applyView(aView(view), aMoment(at));
  return marks;
}

const dead = (slot: number, stateAt = 0) =>
  aTask(slot, { state: 'failed', desired: 'shutdown', counts: false, stateAt });
const replacement = (slot: number) =>
  aTask(slot, { id: `new-${slot}`, state: 'ready', desired: 'ready', counts: false });

test('the first picture is no change', () => {
  expect(follow([0, {}]).summary(facts([100]))).toEqual([]);
});

test('a death stands where its node says that it was, and costs what failed around it', () => {
  const { time } = aMoment(9000);
  const marks = follow(
    [0, {}],
    [10_000, { tasks: [aTask(1), dead(2, time), replacement(2), aTask(3)] }],
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

test('a clock that is off is not believed', () => {
  for (const off of [-3_600_000, 3_600_000]) {
    const { time } = aMoment(9000 + off);
    const marks = follow([0, {}], [10_000, { tasks: [dead(2, time)] }]);
    expect(marks.summary(facts())[0]?.at).toBe(10_000);
  }
});

test('a death was not before the last picture but for the time that word of it takes', () => {
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

test('each loss is of one mark: the latest that it can be', () => {
  const marks = follow(
    [0, {}],
    [10_000, { services: [aService({ replicas: 5 })] }],
    [20_000, { services: [aService({ replicas: 2 })] }],
  );
  const lost = [9000, 9600, 12_000, 19_400, 19_600, 25_000];
  expect(marks.summary(facts(lost)).map((mark) => mark.cost.lost)).toEqual([3, 2]);
});

test('a node that went down has cost what failed since it was last heard of', () => {
  const nodes = [aNode('zero1', '172.19.181.1', { state: 'down' })];
  const marks = follow([0, { nodes: [aNode('zero1', '172.19.181.1')] }], [30_000, { nodes }]);
  expect(marks.summary(facts([9000, 15_000, 29_000]))[0]?.cost).toMatchObject({
    lost: 2,
    firstLostMs: -15_000,
    lastLostMs: -1000,
  });
});

test('newcomers are the doing of the latest change; a replacement of its own slot’s death', () => {
  const marks = follow(
    [0, {}],
    [1000, { services: [aService({ replicas: 4 })] }],
    [
      1200,
      { services: [aService({ replicas: 4 })], tasks: [aTask(1), aTask(2), aTask(3), aTask(4)] },
    ],
    [
      5000,
      {
        services: [aService({ replicas: 4 })],
        tasks: [aTask(1), dead(2), replacement(2), aTask(3), aTask(4), aTask(5)],
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

describe('a task that is seen a little before the change that brought it', () => {
  const scaled = { services: [aService({ replicas: 4 })] };
  const four = { tasks: [aTask(1), aTask(2), aTask(3), aTask(4)] };
  const by = (...steps: Parameters<typeof follow>) =>
    follow(...steps)
      .summary(facts([], [['task-4', 6000]]))
      .map(({ kind, cost }) => [kind, cost.firstAnswerBy?.name]);

  test('is that change’s doing', () => {
    expect(by([0, {}], [5000, four], [5250, { ...four, ...scaled }])).toEqual([
      ['scale', 'goweb.4'],
    ]);
  });

  test('and not that of one long before', () => {
    const drained = { nodes: [aNode('zero1', null, { availability: 'drain' })] };
    const before = { nodes: [aNode('zero1', null)] };
    const [then, now] = [
      { ...drained, ...four },
      { ...drained, ...four, ...scaled },
    ];
    expect(by([0, before], [1000, drained], [5000, then], [5250, now])).toEqual([
      ['drain', undefined],
      ['scale', 'goweb.4'],
    ]);
  });

  test('unless that is long after, or brings none', () => {
    expect(by([0, {}], [5000, four], [6600, { ...four, ...scaled }])).toEqual([
      ['scale', undefined],
    ]);
    const paused = { nodes: [aNode('zero1', null, { availability: 'pause' })] };
    expect(
      by([0, { nodes: [aNode('zero1', null)] }], [5000, paused], [5100, { ...paused, ...four }]),
    ).toEqual([['pause', undefined]]);
  });

  test('but stays with the change at which it came', () => {
    const five = { services: [aService({ replicas: 5 })] };
    expect(by([0, {}], [5000, { ...four, ...scaled }], [5250, { ...four, ...five }])).toEqual([
      ['scale', 'goweb.4'],
      ['scale', undefined],
    ]);
  });
});

test('what the drill does is its own', () => {
  const marks = new Marks('id-goweb');
  marks.applyView(aView(), aMoment(0));
  marks.expect((change) => change.nodeId === 'id-zero1');
  const nodes = [
    aNode('ctrl', '172.19.181.254', { availability: 'pause' }),
    aNode('zero1', '172.19.181.1', { availability: 'drain' }),
  ];
  marks.applyView(aView({ nodes }), aMoment(1000));
  expect(marks.summary(facts()).map(({ text, drill }) => [text, drill])).toEqual([
    ['ctrl was paused', false],
    ['zero1 was drained', true],
  ]);
});

test('a loop of changes does not grow the run', () => {
  const steps = Array.from({ length: 3 * MAX_MARKS }, (_, i): [number, Partial<SwarmView>] => [
    i,
    { services: [aService({ replicas: i })] },
  ]);
  expect(follow(...steps).summary(facts())).toHaveLength(MAX_MARKS);
});
