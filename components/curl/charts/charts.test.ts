import { describe, expect, test } from 'vitest';
import type { Answer, Mark, Second, Share } from '@/lib/curl/run';
import { aRun } from '@/tests/factories/curl';
import {
  columnsOf,
  fullHeight,
  lanePaths,
  lanesOf,
  marksInOrder,
  marksInTime,
  stackedPaths,
} from './bar-layout';
import { flightsOf, MOST_PER_SECOND, newSince } from '../flights/plan-flights';
import { costWords, setupWords } from '../words';

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
const mark = (at: number, n: number, cost: Partial<Mark['cost']> = {}): Mark => ({
  at,
  time: at,
  n,
  kind: 'task failed',
  text: 'goweb.2 on zero3 died',
  taskId: 't2',
  nodeId: null,
  drill: false,
  cost: {
    lost: 0,
    firstLostMs: null,
    lastLostMs: null,
    firstAnswerMs: null,
    firstAnswerBy: null,
    ...cost,
  },
});
const steady = (seconds: number) => ({ mode: 'steady' as const, seconds });

describe('the bars', () => {
  test('a run of up to a minute has its place from the start, a longer one shows the last minute', () => {
    expect(columnsOf([], steady(30))).toEqual({ first: 0, count: 30, past: 0 });
    expect(columnsOf([second(0, {})], steady(30))).toEqual({ first: 0, count: 30, past: 1 });
    expect(columnsOf([second(0, {})], { mode: 'burst', seconds: 30 }).count).toBe(10);
    const late = columnsOf([second(99, {}), second(100, {})], steady(300));
    expect(late).toEqual({ first: 41, count: 60, past: 60 });
  });

  test('every running task has a row, with zeros; a gone one only while it has answers there', () => {
    const shares = [share(1), share(2), share(3, { running: false }), share(4, { running: false })];
    const seconds = [second(0, { t1: 2, t4: 1 }), second(2, { t1: 1 }, { failed: 3 })];
    const lanes = lanesOf(seconds, shares, columnsOf(seconds, steady(10)));
    expect(lanes.map(({ name, counts }) => [name, counts])).toEqual([
      ['goweb.1', [2, 0, 1]],
      ['goweb.2', [0, 0, 0]],
      ['goweb.4', [1, 0, 0]],
      ['failed', [0, 0, 3]],
    ]);
  });

  test('unknown containers and skipped slots have rows too', () => {
    const seconds = [second(0, { '': 2 }, { skipped: 4 })];
    const lanes = lanesOf(seconds, [], columnsOf(seconds, steady(10)));
    expect(lanes.map(({ kind, counts }) => [kind, counts[0]])).toEqual([
      ['unknown', 2],
      ['skipped', 4],
    ]);
  });

  test('stacked bars stand on each other and fill the height at the fullest second', () => {
    const seconds = [second(0, { t1: 3, t2: 1 }), second(1, { t2: 2 })];
    const columns = columnsOf(seconds, steady(10));
    const lanes = lanesOf(seconds, [share(1), share(2)], columns);
    expect(fullHeight(lanes, columns)).toBe(4);
    expect(stackedPaths(lanes, columns, 100, 40)).toEqual([
      'M0.0 10.0h8.5v30.0h-8.5z',
      'M0.0 0.0h8.5v10.0h-8.5zM10.0 20.0h8.5v20.0h-8.5z',
    ]);
  });

  test('a second with nothing is a line at the bottom of its row', () => {
    const lane = {
      key: 't1',
      kind: 'task' as const,
      name: 'goweb.1',
      slot: 1,
      gone: false,
      counts: [0, 2],
    };
    expect(lanePaths(lane, { first: 0, count: 10, past: 2 }, 2, 100, 14)).toEqual({
      zeros: 'M0.0 13.0h8.5v1.0h-8.5z',
      bars: 'M10.0 0.0h8.5v14.0h-8.5z',
    });
  });
});

describe('marks', () => {
  test('stand where they happened, with the number they have in the list', () => {
    const marks = [mark(5000, 25), mark(90_000, 450)];
    const inTime = marksInTime(marks, { first: 0, count: 10, past: 10 });
    expect(inTime.map(({ number, place }) => [number, place])).toEqual([[1, 0.5]]);
    // After request 25 of 1 … 50: at the edge between its column and the next.
    const inOrder = marksInOrder(marks, { first: 1, count: 50 });
    expect(inOrder.map(({ number, place }) => [number, place])).toEqual([[1, 0.5]]);
  });

  test('say what they cost', () => {
    expect(costWords(mark(0, 0))).toBe('No request lost.');
    const cost = {
      lost: 3,
      firstLostMs: 0,
      lastLostMs: 800,
      firstAnswerMs: 7200,
      firstAnswerBy: { name: 'goweb.2', nodeId: null },
    };
    expect(costWords(mark(0, 0, cost))).toBe(
      '3 requests lost, the last one after 0.8 s, goweb.2 answered after 7.2 s.',
    );
    expect(costWords(mark(0, 0, { lost: 1, lastLostMs: -300 }))).toBe(
      '1 request lost, the last one 0.3 s before it was seen.',
    );
  });
});

describe('answers on the board', () => {
  const answer = (n: number): Answer => ({
    n,
    at: n,
    lag: 0,
    entryNodeId: 'n',
    taskId: 't1',
    container: null,
    status: 200,
    error: null,
    ms: 1,
    connectMs: 1,
    firstByteMs: 1,
  });
  const batch = (length: number) => Array.from({ length }, (_, n) => answer(n + 1));

  test('at most 20 a second travel, spread over the batch; none is forgotten', () => {
    for (const length of [0, 1, 2, 5, 6, 25, 200]) {
      const { flights, rest } = flightsOf(batch(length));
      expect(flights.length).toBe(Math.min(length, MOST_PER_SECOND / 4));
      expect(flights.length + rest.length).toBe(length);
      expect(flights.every(({ delay }) => delay >= 0 && delay < 250)).toBe(true);
    }
  });

  test('only new ones', () => {
    const all = batch(5);
    expect(newSince(all, all[2] ?? null).map(({ n }) => n)).toEqual([4, 5]);
    expect(newSince(all, all[4] ?? null)).toEqual([]);
    expect(newSince(all, null)).toEqual([]);
    expect(newSince(all, answer(1))).toEqual([]);
  });
});

test('a set-up in a few words', () => {
  const { request } = aRun();
  expect(setupWords(request)).toBe('5/s × 30 s at ctrl');
  expect(
    setupWords({
      ...request,
      mode: 'burst',
      burst: 500,
      entryNode: 'rotate',
      connection: 'keepAlive',
      inFlight: 16,
    }),
  ).toBe('burst of 500 rotating, keep alive, 16 in flight');
});
