import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Mark, Second, Share } from '@/lib/curl/run';
import { aMark } from '@/tests/factories/curl';
import {
  lanePaths,
  lanesOf,
  marksByRequest,
  marksByTime,
  maxPerSecond,
  rowsOf,
  secondsRange,
  stackedPaths,
} from './bar-layout';

const second = (at: number, answers: Second['answers'], over: Partial<Second> = {}): Second => ({
  second: at,
  answers,
  failed: 0,
  skipped: 0,
  ...over,
});
const share = (slot: number, over: Partial<Share> = {}): Share => ({
  taskId: `t${slot}`,
  name: `goweb.${slot}`,
  slot,
  nodeId: null,
  running: true,
  answers: 0,
  share: 0,
  p50: null,
  p95: null,
  p99: null,
  ...over,
});
const mark = (at: number, n: number): Mark => ({
  ...aMark('task failed', 'goweb.2 on zero3 died', {}),
  at,
  n,
});
const steady = (seconds: number) => ({ mode: 'steady' as const, seconds });

describe('bars', () => {
  test('show all seconds of a run of up to a minute, otherwise the last minute', () => {
    expect(secondsRange([], steady(30))).toEqual({ first: 0, count: 30, past: 0 });
    expect(secondsRange([second(0, {})], steady(30))).toEqual({ first: 0, count: 30, past: 1 });
    expect(secondsRange([second(0, {})], { mode: 'burst', seconds: 30 }).count).toBe(10);
    const late = secondsRange([second(99, {}), second(100, {})], steady(300));
    expect(late).toEqual({ first: 41, count: 60, past: 60 });
  });

  test('a replaced task leaves its slot its row, and failures have theirs before the first one', () => {
    const before = [second(0, { t1: 1, t2: 1 })];
    const rows = (seconds: Second[], shares: Share[]) => {
      const columns = secondsRange(seconds, steady(10));
      return rowsOf(lanesOf(seconds, shares, columns), columns).rows;
    };
    const first = rows(before, [share(1), share(2)]);
    expect(first.map(({ label }) => label.name)).toEqual([
      'goweb.1',
      'goweb.2',
      'failed',
      'skipped',
    ]);
    const gone = share(2, { running: false });
    const next = share(2, { taskId: 'next' });
    const after = rows(
      [...before, second(1, { t1: 1 }, { failed: 2 }), second(2, { t1: 1, next: 1 })],
      [share(1), gone, next],
    );
    expect(after.map(({ key }) => key)).toEqual(first.map(({ key }) => key));
    expect(after[1]?.label.key).toBe('next');
    expect(after[1]?.lanes.map(({ key, counts }) => [key, counts])).toEqual([
      ['t2', [1, 0, 0]],
      ['next', [0, 0, 1]],
    ]);
    const waiting = rows(before, [share(1), gone]);
    expect(waiting[1]?.label).toMatchObject({ name: 'goweb.2', gone: true });
  });

  test('the first twelve slots have rows, and so have tasks of a global service', () => {
    const columns = { first: 0, count: 10, past: 0 };
    const lanes = (count: number, slot: boolean) =>
      lanesOf(
        [],
        Array.from({ length: count }, (_, at) =>
          share(at, slot ? {} : { slot: null, taskId: `of ${at}` }),
        ),
        columns,
      );
    expect(rowsOf(lanes(12, true), columns)).toMatchObject({ hasAll: true });
    expect(rowsOf(lanes(12, false), columns).rows).toHaveLength(14);
    expect(rowsOf(lanes(12, true), columns).space).toBe(15);
    const many = rowsOf(lanes(13, true), columns);
    // Room for failed, skipped and unknown.
    expect(many).toMatchObject({ hasAll: false, space: 15 });
    const keys = (of: typeof many) => of.rows.map(({ key }) => key);
    expect(keys(many)).toEqual(keys(rowsOf(lanes(12, true), columns)));
  });

  test('every running task has a lane, every seat has one, and so has an ended task that answered within these seconds', () => {
    const ended = (slot: number | null, taskId: string) =>
      share(0, { slot, taskId, running: false });
    const shares = [share(1), share(2), ended(1, 'old 1'), ended(3, 'old 3'), ended(3, 't3')];
    shares.push(ended(4, 't4'), ended(null, 'of a node'), ended(null, 'of another'));
    const seconds = [second(0, { t1: 2, t4: 1 }), second(2, { t1: 1 }, { failed: 3 })];
    const lanes = lanesOf(seconds, shares, secondsRange(seconds, steady(10)));
    expect(lanes.map(({ key, counts }) => [key, counts])).toEqual([
      ['t1', [2, 0, 1]],
      ['t2', [0, 0, 0]],
      ['t3', [0, 0, 0]],
      ['t4', [1, 0, 0]],
      ['of a node', [0, 0, 0]],
      ['of another', [0, 0, 0]],
      ['failed', [0, 0, 3]],
    ]);
  });

  test('during a run no row is removed, and unknown containers have room', () => {
    const state = fc.constantFrom('running', 'answered', 'ended');
    fc.assert(
      fc.property(fc.array(fc.array(state, { minLength: 3, maxLength: 3 })), (moments) => {
        const spaces = moments.map((states, at) => {
          const seconds = states.map((one, slot) =>
            second(slot, one === 'answered' ? { [`t${slot}`]: 1 } : { '': at % 2 }),
          );
          const shares = states.map((one, slot) => share(slot, { running: one === 'running' }));
          const columns = secondsRange(seconds, steady(10));
          const { rows, space } = rowsOf(lanesOf(seconds, shares, columns), columns);
          expect(rows.slice(0, 5).map(({ key }) => key)).toEqual([
            '0',
            '1',
            '2',
            'failed',
            'skipped',
          ]);
          expect(rows.length).toBeLessThanOrEqual(space);
          return space;
        });
        expect(new Set(spaces).size).toBeLessThanOrEqual(1);
      }),
    );
  });

  test('unknown containers and skipped requests have lanes', () => {
    const seconds = [second(0, { '': 2 }, { skipped: 4 })];
    const lanes = lanesOf(seconds, [], secondsRange(seconds, steady(10)));
    expect(lanes.map(({ kind, counts }) => [kind, counts[0]])).toEqual([
      ['unknown', 2],
      ['skipped', 4],
    ]);
  });

  test('the stack of the second with most answers fills the height', () => {
    const seconds = [second(0, { t1: 3, t2: 1 }), second(1, { t2: 2 })];
    const columns = secondsRange(seconds, steady(10));
    const lanes = lanesOf(seconds, [share(1), share(2)], columns);
    expect(maxPerSecond(lanes, columns)).toBe(4);
    expect(stackedPaths(lanes, columns, 100, 40)).toEqual([
      'M0.0 10.0h8.5v30.0h-8.5z',
      'M0.0 0.0h8.5v10.0h-8.5zM10.0 20.0h8.5v20.0h-8.5z',
    ]);
  });

  test('a second without answers is a line at the bottom', () => {
    const lane = {
      key: 't1',
      kind: 'task' as const,
      name: 'goweb.1',
      slot: 1,
      seat: '1',
      gone: false,
      counts: [0, 2],
    };
    expect(lanePaths(lane, { first: 0, count: 10, past: 2 }, 2, 100, 14)).toEqual({
      zeros: 'M0.0 13.0h8.5v1.0h-8.5z',
      bars: 'M10.0 0.0h8.5v14.0h-8.5z',
    });
  });
});

describe('a bar', () => {
  const lane = {
    key: 't1',
    kind: 'task' as const,
    name: 'goweb.1',
    slot: 1,
    seat: '1',
    gone: false,
    counts: [1, 100],
  };

  test('of few answers is at least 2.5 px high, so that it differs from none', () => {
    const { bars } = lanePaths(lane, { first: 0, count: 10, past: 2 }, 100, 100, 14);
    expect(bars).toBe('M0.0 11.5h8.5v2.5h-8.5zM10.0 0.0h8.5v14.0h-8.5z');
  });

  test('of a narrow chart is at least 1 px wide', () => {
    const { bars } = lanePaths(lane, { first: 0, count: 60, past: 2 }, 100, 60, 14);
    expect(bars).toBe('M0.0 11.5h1.0v2.5h-1.0zM1.0 0.0h1.0v14.0h-1.0z');
  });
});

describe('marks', () => {
  test('are placed by time and by request, with their number in the list', () => {
    const marks = [mark(5000, 25), mark(90_000, 450)];
    const inTime = marksByTime(marks, { first: 0, count: 10, past: 10 });
    expect(inTime.map(({ number, place }) => [number, place])).toEqual([[1, 0.5]]);
    // After request 25 of 1 … 50: at the edge between its column and the next.
    const inOrder = marksByRequest(marks, { first: 1, count: 50 });
    expect(inOrder.map(({ number, place }) => [number, place])).toEqual([[1, 0.5]]);
  });
});
