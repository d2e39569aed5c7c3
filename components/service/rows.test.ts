import { describe, expect, test } from 'vitest';
import { slotRows } from '@/lib/swarm/convergence';
import { aNode, aService, aTask, changedTask } from '@/tests/factories/view';
import { holdRows, reasonsOf, rowState, type PanelRow } from './rows';

const nodes = [aNode()];
const rowsOf = (replicas: number, tasks: ReturnType<typeof aTask>[]) =>
  slotRows(aService({ replicas }), tasks, nodes);
const words = (rows: readonly PanelRow[]) => rows.map((row) => `${row.name} ${rowState(row).word}`);

describe('rows while scaling down', () => {
  const five = [1, 2, 3, 4, 5].map((slot) => aTask({ slot }));
  const leaving = five.map((task) =>
    task.slot === 2 || task.slot === 4 ? changedTask(task, { desired: 'remove' }) : task,
  );
  const left = five.filter(({ slot }) => slot !== 2 && slot !== 4);

  test('what leaves keeps its place until the service stands still', () => {
    const before = holdRows([], rowsOf(5, five), true);
    const during = holdRows(before, rowsOf(3, leaving), false);
    expect(words(during)).toEqual([
      'goweb.1 running',
      'goweb.2 shutting down',
      'goweb.3 running',
      'goweb.4 shutting down',
      'goweb.5 running',
    ]);
    const gone = holdRows(during, rowsOf(3, left), false);
    expect(words(gone)).toEqual([
      'goweb.1 running',
      'goweb.2 gone',
      'goweb.3 running',
      'goweb.4 gone',
      'goweb.5 running',
    ]);
    expect(words(holdRows(gone, rowsOf(3, left), true))).toEqual([
      'goweb.1 running',
      'goweb.3 running',
      'goweb.5 running',
    ]);
  });

  test('a slot that comes back is itself again', () => {
    const gone = holdRows(holdRows([], rowsOf(5, five), true), rowsOf(3, left), false);
    expect(words(holdRows(gone, rowsOf(5, five), false))).not.toContain('goweb.2 gone');
  });
});

describe('the state of a row', () => {
  const state = (over: Parameters<typeof aTask>[0]) =>
    rowState({ name: 'goweb.1', slot: 1, task: aTask(over), leaving: false, gone: false });

  test('a pending task is only bad news when the engine says why it waits', () => {
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

  test('an engine that has made no task yet', () => {
    const [row] = holdRows([], rowsOf(1, []), false);
    expect(rowState(row!).word).toBe('no task yet');
  });
});

describe('why slots do not run', () => {
  const why = (replicas: number, tasks: ReturnType<typeof aTask>[]) =>
    reasonsOf(holdRows([], rowsOf(replicas, tasks), true), tasks);
  const noNode = { state: 'pending', nodeId: null, error: 'no suitable node (x)' } as const;

  test('slots with the same reason stand together', () => {
    const tasks = [
      aTask({ slot: 1 }),
      aTask({ slot: 2, ...noNode, hint: 'Bring a node in.' }),
      aTask({ slot: 3, ...noNode, hint: 'Bring a node in.' }),
    ];
    expect(why(3, tasks)).toEqual([
      {
        names: ['goweb.2', 'goweb.3'],
        verb: 'waits',
        text: 'Bring a node in.',
        help: null,
        engine: 'no suitable node (x)',
      },
    ]);
  });

  test("without plain words the engine's own stand alone", () => {
    expect(why(1, [aTask({ ...noNode })])[0]).toMatchObject({
      text: 'no suitable node (x)',
      help: null,
      engine: null,
    });
  });

  test('while swarm tries again, the reason is the try before', () => {
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({
        createdAt: 2,
        state: 'rejected',
        desired: 'shutdown',
        error: 'No such image: x',
        nextTaskId: 'task-1-3',
      }),
      aTask({ createdAt: 1, state: 'failed', desired: 'shutdown', error: 'older' }),
    ];
    expect(why(1, tasks)).toEqual([
      { names: ['goweb.1'], verb: 'failed', text: 'No such image: x', help: null, engine: null },
    ]);
  });

  test('an old failure is history once another try came between', () => {
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 2, state: 'shutdown', desired: 'shutdown' }),
      aTask({ createdAt: 1, state: 'failed', desired: 'shutdown', error: 'older' }),
    ];
    expect(why(1, tasks)).toEqual([]);
  });

  test('a failure from before the slot was scaled away is not the reason', () => {
    const failed = { state: 'failed', desired: 'shutdown', error: 'task: exit' } as const;
    const tasks = [
      aTask({ createdAt: 3, state: 'preparing' }),
      aTask({ createdAt: 1, ...failed, nextTaskId: 'task-1-2' }),
    ];
    expect(why(1, tasks)).toEqual([]);
  });

  test('a slot that runs needs no reason', () => {
    const tasks = [
      aTask({ createdAt: 2 }),
      aTask({
        createdAt: 1,
        state: 'failed',
        desired: 'shutdown',
        error: 'task: non-zero exit (137)',
      }),
    ];
    expect(why(1, tasks)).toEqual([]);
  });
});
