import { describe, expect, test } from 'vitest';
import { slotRows } from '@/lib/swarm/convergence';
import { aNode, aService, aTask, changedTask } from '@/tests/factories/view';
import { keepGoneRows, rowProgress, rowState, type ProgressRow } from './progress-rows';

const nodes = [aNode()];
const rowsOf = (replicas: number, tasks: ReturnType<typeof aTask>[]) =>
  slotRows(aService({ replicas }), tasks, nodes);
const words = (rows: readonly ProgressRow[]) =>
  rows.map((row) => `${row.name} ${rowState(row).word}`);

describe('keepGoneRows', () => {
  const five = [1, 2, 3, 4, 5].map((slot) => aTask({ slot }));
  const leaving = five.map((task) =>
    task.slot === 2 || task.slot === 4 ? changedTask(task, { desired: 'remove' }) : task,
  );
  const left = five.filter(({ slot }) => slot !== 2 && slot !== 4);

  test('keeps the row of a slot that disappears until the service has settled', () => {
    const before = keepGoneRows([], rowsOf(5, five), true);
    const during = keepGoneRows(before, rowsOf(3, leaving), false);
    expect(words(during)).toEqual([
      'goweb.1 running',
      'goweb.2 shutting down',
      'goweb.3 running',
      'goweb.4 shutting down',
      'goweb.5 running',
    ]);
    const gone = keepGoneRows(during, rowsOf(3, left), false);
    expect(words(gone)).toEqual([
      'goweb.1 running',
      'goweb.2 gone',
      'goweb.3 running',
      'goweb.4 gone',
      'goweb.5 running',
    ]);
    expect(words(keepGoneRows(gone, rowsOf(3, left), true))).toEqual([
      'goweb.1 running',
      'goweb.3 running',
      'goweb.5 running',
    ]);
  });

  test('a slot that returns gets its row back', () => {
    const gone = keepGoneRows(keepGoneRows([], rowsOf(5, five), true), rowsOf(3, left), false);
    expect(words(keepGoneRows(gone, rowsOf(5, five), false))).not.toContain('goweb.2 gone');
  });
});

describe('rowState', () => {
  const state = (over: Parameters<typeof aTask>[0]) =>
    rowState({ name: 'goweb.1', slot: 1, task: aTask(over), leaving: false, gone: false });

  test('a pending task is a problem only when the engine has a reason', () => {
    expect(state({ state: 'pending' })).toEqual({ word: 'pending', tone: 'warn' });
    expect(state({ state: 'pending', error: 'no suitable node' })).toEqual({
      word: 'pending',
      tone: 'bad',
    });
  });

  test('running and complete are good, starting is a warning, any other end is bad', () => {
    expect(state({ state: 'running' }).tone).toBe('ok');
    expect(state({ state: 'complete' }).tone).toBe('ok');
    expect(state({ state: 'preparing' }).tone).toBe('warn');
    for (const end of ['failed', 'rejected', 'shutdown'] as const) {
      expect(state({ state: end })).toEqual({ word: end, tone: 'bad' });
    }
  });

  test('a slot without a task has a text of its own', () => {
    const [row] = keepGoneRows([], rowsOf(1, []), false);
    expect(rowState(row!).word).toBe('no task yet');
  });
});

test("rowProgress fills the bar of a running task and of a job's completed one", () => {
  const progress = (over: Parameters<typeof aTask>[0]) =>
    rowProgress({ name: 'batch.1', slot: 1, task: aTask(over), leaving: false, gone: false });
  expect(progress({ state: 'running' })).toBe(1);
  expect(progress({ state: 'complete' })).toBe(1);
  expect(progress({ state: 'new' })).toBeCloseTo(1 / 9);
  expect(progress({ state: 'failed' })).toBe(0);
});
