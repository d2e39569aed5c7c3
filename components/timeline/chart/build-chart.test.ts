import { describe, expect, test } from 'vitest';
import { aNode } from '@/tests/factories/view';
import type { TimelineHistory } from '@/lib/client/cache';
import type { SwarmView } from '@/lib/swarm/view';
import { aGap, anEntry, aSpan } from '@/tests/factories/timeline';
import { timeScale } from '../time-window';
import { NO_FILTER } from '../timeline-filter';
import { buildChart, MAX_CHART_MARKS } from './build-chart';
import { chartSummary } from './chart-summary';

const SCALE = timeScale({ from: 0, to: 1000 }, 1000);
const VIEW: Pick<SwarmView, 'hat' | 'nodes' | 'goneNodes'> = {
  goneNodes: [],
  hat: ['ctrl', 'zero1', 'zero2'],
  nodes: [aNode({ name: 'ctrl' }), aNode({ name: 'zero1' }), aNode({ name: 'pi5' })],
};
const chart = (
  timeline: Partial<TimelineHistory>,
  filter = NO_FILTER,
  over: Partial<typeof VIEW> = {},
) =>
  buildChart(
    { entries: [], spans: [], gaps: [], forgottenUntil: null, ...timeline },
    { ...VIEW, ...over },
    SCALE,
    filter,
  );

describe('lanes', () => {
  test('shows all nodes of the HAT first, other nodes only if they had tasks', () => {
    expect(chart({}).lanes.map(({ name }) => name)).toEqual(['ctrl', 'zero1']);
    const spans = [
      aSpan({ nodeId: 'id-pi5' }),
      aSpan({ nodeId: 'abcdefghijklmnop', node: 'zero9' }),
    ];
    expect(chart({ spans }).lanes.map(({ name }) => name)).toEqual([
      'ctrl',
      'zero1',
      'pi5',
      'zero9',
    ]);
  });

  test('shows a node that has left by its name, with tasks or without', () => {
    const left = { nodeId: 'id-gone', taskId: null };
    const entries = [anEntry({ ...left, at: 500, kind: 'node left', text: 'gone left the swarm' })];
    const goneNodes = [{ id: 'id-gone', name: 'gone' }];
    const { lanes } = chart({ entries }, NO_FILTER, { goneNodes });
    expect(lanes.map(({ name, node, flags }) => [name, node === null, flags.length])).toEqual([
      ['ctrl', false, 0],
      ['zero1', false, 0],
      ['gone', true, 1],
    ]);
  });

  test('shows lanes of the first nodes if no node has a place', () => {
    const nodes = Array.from({ length: 9 }, (_, n) => aNode({ name: `n${n}` }));
    const drawn = chart({}, NO_FILTER, { hat: [], nodes });
    expect(drawn.lanes.map(({ name }) => name)).toEqual(['n0', 'n1', 'n2', 'n3', 'n4']);
  });

  test('orders other nodes: with problems, with other events, without events', () => {
    const nodes = [1, 2, 3].map((n) => aNode({ name: `n${n}` }));
    const spans = nodes.map(({ id }) => aSpan({ nodeId: id }));
    const entries = [
      anEntry({ nodeId: 'id-n3', bad: true }),
      anEntry({ nodeId: 'id-n2', bad: false }),
    ];
    const { lanes } = chart({ spans, entries }, NO_FILTER, { nodes });
    expect(lanes.map(({ name }) => name)).toEqual(['n3', 'n2', 'n1']);
  });

  test('filters by node, and tasks by service', () => {
    const spans = [aSpan(), aSpan({ nodeId: 'id-ctrl', serviceId: 'id-web' })];
    expect(
      chart({ spans }, { ...NO_FILTER, nodeId: 'id-ctrl' }).lanes.map(({ name }) => name),
    ).toEqual(['ctrl']);
    const { lanes } = chart({ spans }, { ...NO_FILTER, serviceId: 'id-web' });
    expect(lanes.map(({ name, bars }) => `${name} ${bars.length}`)).toEqual(['ctrl 1', 'zero1 0']);
  });

  test('marks when a node was down', () => {
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
    // A node that was down when the record started: its view has the time.
    const down = [aNode({ name: 'zero1', state: 'down', stateSince: 300 })];
    expect(chart({}, NO_FILTER, { nodes: down }).lanes[0]?.down).toEqual([{ x: 300, width: 700 }]);
  });

  test('merges flags that overlap; a problem among them decides the shape', () => {
    const about = { nodeId: null, taskId: null, kind: 'scaled' as const };
    const entries = [
      anEntry({ ...about, at: 100, bad: false }),
      anEntry({ ...about, at: 104, bad: true, text: 'the problem' }),
      anEntry({ ...about, at: 300, bad: false }),
    ];
    const { flags } = chart({ entries });
    expect(flags).toMatchObject([{ count: 2, entry: { text: 'the problem' } }, { count: 1 }]);
  });

  test('draws gaps to scale, with a minimum width', () => {
    const gaps = [aGap({ from: 100, to: 300 }), aGap({ from: 500, to: 500 })];
    expect(chart({ gaps }).gaps.map(({ x, width }) => [x, width])).toEqual([
      [100, 200],
      [500, 2],
    ]);
  });
});

test('prefers rows in which a task ended or started when a lane has too many', () => {
  const steady = Array.from({ length: 15 }, (_, slot) => aSpan({ slot: slot + 1, from: 10 }));
  const failed = aSpan({ slot: 20, from: 20, to: 500, end: 'failed' });
  const lane = chart({ spans: [...steady, failed] }).lanes[1]!;
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

  test('draws at most MAX_CHART_MARKS marks and 14 lanes', () => {
    const placed = nodes.map((node) => (node.name === 'node3' ? { ...node, place: 1 } : node));
    const drawn = chart({ spans }, NO_FILTER, { nodes: placed });
    expect(drawn.marks).toBeLessThanOrEqual(MAX_CHART_MARKS);
    expect(drawn.lanes[0]?.name).toBe('node3');
    expect(drawn.lanes.length + drawn.hiddenLanes).toBe(500);
    expect(drawn.lanes).toHaveLength(14);
  });

  test('a node with constant failures leaves room for the other lanes', () => {
    const failures = Array.from({ length: 900 }, (_, at) =>
      aSpan({ nodeId: 'id-node0', slot: (at % 30) + 1, from: at, to: at + 1, end: 'failed' }),
    );
    const drawn = chart({ spans: [...failures, ...spans.slice(10, 60)] }, NO_FILTER, { nodes });
    expect(drawn.marks).toBeLessThanOrEqual(MAX_CHART_MARKS);
    expect(drawn.lanes).toHaveLength(6);
    expect(drawn.lanes[1]?.bars).toHaveLength(10);
  });
});

test('the summary has the counts by node and in total', () => {
  const spans = [aSpan({ to: 10, end: 'failed' }), aSpan({ from: 20, end: 'lost' })];
  expect(chartSummary(chart({ spans }), '12:00:00', '12:05:00')).toBe(
    'Tasks by node from 12:00:00 to 12:05:00: ctrl 0, zero1 2; 2 in total, 1 failed, 1 in unknown state. The list below has the details.',
  );
});

test('a run and a drill are bands from their start to their end', () => {
  const mark = (kind: 'run started' | 'run ended' | 'drill started' | 'drill ended', at: number) =>
    anEntry({ kind, at, nodeId: null, taskId: null, bad: false });
  const { actions } = chart({
    entries: [
      mark('run ended', 50),
      mark('run started', 100),
      mark('drill started', 200),
      mark('drill ended', 300),
      mark('run ended', 500),
      mark('run started', 900),
    ],
  });
  // Neither an end without its start, nor a run that goes on.
  expect(actions.map(({ kind, x, width }) => [kind, x, width])).toEqual([
    ['drill', 200, 100],
    ['run', 100, 400],
  ]);
});
