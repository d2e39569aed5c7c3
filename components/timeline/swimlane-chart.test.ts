import { describe, expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import type { TimelineHistory } from '@/lib/client/cache';
import { assignRows, barsOf } from './bars';
import { aGap, anEntry, aSpan } from '@/tests/factories/timeline';
import { chartOf, chartWords, MARKS } from './swimlane-chart';
import { NO_FILTER } from './list';

const WINDOW = { from: 0, to: 1000 };
const view = {
  hat: ['ctrl', 'zero1', 'zero2'],
  nodes: [aNode({ name: 'ctrl' }), aNode({ name: 'zero1' }), aNode({ name: 'pi5' })],
};
const chart = (
  timeline: Partial<TimelineHistory>,
  filter = NO_FILTER,
  over: Partial<typeof view> = {},
) =>
  chartOf(
    { entries: [], spans: [], gaps: [], forgottenUntil: null, ...timeline },
    { ...view, ...over },
    WINDOW,
    1000,
    filter,
  );

describe('rows', () => {
  test('a replacement follows in the row of its slot, what runs beside it has its own', () => {
    const one = aSpan({ slot: 1, from: 0, to: 100, end: 'failed' });
    const two = aSpan({ slot: 2, from: 0, to: 50, end: 'failed' });
    const next = aSpan({ slot: 1, from: 100 });
    const rows = assignRows([next, one, two]);
    expect([one, two, next].map(({ taskId }) => rows.get(taskId))).toEqual([0, 1, 0]);
  });
});

describe('bars', () => {
  const bars = (
    spans: Parameters<typeof assignRows>[0],
    merge = 4,
    away: Parameters<typeof barsOf>[5] = [],
  ) => barsOf(spans, assignRows(spans), WINDOW, 1000, merge, away);

  test('are cut to the window and say how they ended only where that lies in it', () => {
    const spans = [
      aSpan({ from: -50, to: 100, end: 'failed' }),
      aSpan({ slot: 2, from: 900, to: 1100, end: 'stopped' }),
      aSpan({ slot: 3, from: 1200 }),
    ];
    expect(bars(spans)).toMatchObject([
      { x: 0, width: 100, end: 'failed', letter: true },
      { x: 900, width: 100, end: null },
    ]);
  });

  test('while its node was lost a task is of unknown fate, whatever became of it', () => {
    const lost = aSpan({ from: 100, end: 'lost' });
    const whole = { x: 100, width: 900 };
    expect(bars([lost], 4, [{ from: 700, to: null }])[0]).toMatchObject({
      ...whole,
      lost: [{ x: 700, width: 300 }],
    });
    expect(bars([lost])[0]?.lost).toEqual([whole]);
    const back = aSpan({ from: 100, to: 600, end: 'stopped' });
    const away = [
      { from: 0, to: 50 },
      { from: 300, to: 400 },
    ];
    expect(bars([back], 4, away)[0]?.lost).toEqual([{ x: 300, width: 100 }]);
    expect(bars([back])[0]?.lost).toEqual([]);
  });

  test('a slot that fails again and again is one mark with a count', () => {
    const tries = [0, 3, 6, 9].map((from) => aSpan({ from, to: from + 1, end: 'failed' }));
    expect(bars(tries)).toMatchObject([{ count: 4, end: 'failed', x: 0 }]);
    expect(bars(tries)[0]?.width).toBeCloseTo(11.5);
    expect(bars(tries, 0)).toHaveLength(4);
  });
});

describe('lanes', () => {
  test("the HAT's nodes first, tasks or not; others only where something was", () => {
    expect(chart({}).lanes.map(({ name }) => name)).toEqual(['ctrl', 'zero1']);
    const spans = [aSpan({ nodeId: 'id-pi5' }), aSpan({ nodeId: 'abcdefghijklmnop' })];
    expect(chart({ spans }).lanes.map(({ name }) => name)).toEqual([
      'ctrl',
      'zero1',
      'pi5',
      'abcdefghijkl',
    ]);
  });

  test('those in trouble come before those to which anything happened, and before the rest', () => {
    const nodes = [1, 2, 3].map((n) => aNode({ name: `n${n}` }));
    const spans = nodes.map(({ id }) => aSpan({ nodeId: id }));
    const entries = [
      anEntry({ nodeId: 'id-n3', bad: true }),
      anEntry({ nodeId: 'id-n2', bad: false }),
    ];
    const { lanes } = chart({ spans, entries }, NO_FILTER, { nodes });
    expect(lanes.map(({ name }) => name)).toEqual(['n3', 'n2', 'n1']);
  });

  test('a filter leaves one node, or the tasks of one service', () => {
    const spans = [aSpan(), aSpan({ nodeId: 'id-ctrl', serviceId: 'id-web' })];
    expect(
      chart({ spans }, { ...NO_FILTER, nodeId: 'id-ctrl' }).lanes.map(({ name }) => name),
    ).toEqual(['ctrl']);
    const { lanes } = chart({ spans }, { ...NO_FILTER, serviceId: 'id-web' });
    expect(lanes.map(({ name, bars }) => `${name} ${bars.length}`)).toEqual(['ctrl 1', 'zero1 0']);
  });

  test('a node that was down is marked so from then until it was back', () => {
    const about = { nodeId: 'id-zero1', taskId: null, serviceId: null };
    const entries = [
      anEntry({ ...about, kind: 'node down', at: 200 }),
      anEntry({ ...about, kind: 'node up', at: 500, bad: false }),
      anEntry({ ...about, kind: 'node down', at: 800 }),
    ];
    const lane = chart({ entries }).lanes[1]!;
    expect(lane.down).toEqual([
      { x: 200, width: 300 },
      { x: 800, width: 200 },
    ]);
    expect(lane.flags.map(({ x, count }) => [x, count])).toEqual([
      [200, 1],
      [500, 1],
      [800, 1],
    ]);
    // Of one that was away before anybody looked the node itself says since when.
    const away = [aNode({ name: 'zero1', state: 'down', stateSince: 300 })];
    expect(chart({}, NO_FILTER, { nodes: away }).lanes[0]?.down).toEqual([{ x: 300, width: 700 }]);
  });

  test('flags that lie on each other are one, and it is bad if one of them is', () => {
    const about = { nodeId: null, taskId: null, kind: 'scaled' as const };
    const entries = [
      anEntry({ ...about, at: 100, bad: false }),
      anEntry({ ...about, at: 104, bad: true, text: 'the bad one' }),
      anEntry({ ...about, at: 300, bad: false }),
    ];
    const { flags } = chart({ entries });
    expect(flags).toMatchObject([{ count: 2, entry: { text: 'the bad one' } }, { count: 1 }]);
  });

  test('gaps are as wide as they were long, and never too narrow to be seen', () => {
    const gaps = [aGap({ from: 100, to: 300 }), aGap({ from: 500, to: 500 })];
    expect(chart({ gaps }).gaps.map(({ x, width }) => [x, width])).toEqual([
      [100, 200],
      [500, 2],
    ]);
  });
});

test('of more rows than there is room for, those in which something happened are shown', () => {
  const calm = Array.from({ length: 15 }, (_, slot) => aSpan({ slot: slot + 1, from: 10 }));

  const failed = aSpan({ slot: 20, from: 20, to: 500, end: 'failed' });
  const lane = chart({ spans: [...calm, failed] }).lanes[1]!;
  expect(lane).toMatchObject({ rows: 12, hidden: 4 });
  expect(lane.bars).toHaveLength(12);
  expect(lane.bars.at(-1)).toMatchObject({ row: 11, end: 'failed' });
});

describe('a large swarm', () => {
  const nodes = Array.from({ length: 500 }, (_, at) => aNode({ name: `node${at}` }));
  const spans = nodes.flatMap(({ id }, at) =>
    Array.from({ length: 10 }, (_, slot) =>
      aSpan({ nodeId: id, slot: at * 10 + slot + 1, from: -100 }),
    ),
  );

  test('never more marks than a browser draws at once', () => {
    const drawn = chart({ spans }, NO_FILTER, { nodes, hat: ['node3'] });
    expect(drawn.marks).toBeLessThanOrEqual(MARKS);
    expect(drawn.lanes[0]?.name).toBe('node3');
    expect(drawn.lanes.length + drawn.hiddenLanes).toBe(500);
    expect(drawn.lanes).toHaveLength(14);
  });

  test('a node on which everything fails all the time does not take the room of the others', () => {
    const storm = Array.from({ length: 900 }, (_, at) =>
      aSpan({ nodeId: 'id-node0', slot: (at % 30) + 1, from: at, to: at + 1, end: 'failed' }),
    );
    const drawn = chart({ spans: [...storm, ...spans.slice(10, 60)] }, NO_FILTER, { nodes });
    expect(drawn.marks).toBeLessThanOrEqual(MARKS);
    expect(drawn.lanes).toHaveLength(6);
    expect(drawn.lanes[1]?.bars).toHaveLength(10);
  });
});

test('in a sentence', () => {
  const spans = [aSpan({ to: 10, end: 'failed' }), aSpan({ from: 20, end: 'lost' })];
  expect(chartWords(chart({ spans }), '12:00:00', '12:05:00')).toBe(
    'Which task was on which node from 12:00:00 to 12:05:00: ctrl none, zero1 2 · 2 in all, 1 failed, 1 of unknown fate. The list below says what happened and when.',
  );
});
