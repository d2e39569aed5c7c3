import { describe, expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import { jobConvergence, jobProgress } from './job-progress';
import type { TaskView } from './view';

const task = (state: TaskView['state'], desired: TaskView['desired'] = 'complete') =>
  aTask({ state, desired });
const failed = task('failed', 'shutdown');

describe('a replicated job', () => {
  const mode = { ReplicatedJob: { MaxConcurrent: 2, TotalCompletions: 5 } };

  test('wants as many tasks as may run at a time, also when it is over', () => {
    const running = [task('running'), task('running'), task('complete'), task('complete')];
    expect(jobProgress(mode, running)).toEqual({
      running: 2,
      wanted: 2,
      completed: 2,
      total: 5,
      awaited: 5,
    });
    const over = Array.from({ length: 5 }, () => task('complete'));
    expect(jobProgress(mode, over)).toEqual({
      running: 0,
      wanted: 2,
      completed: 5,
      total: 5,
      awaited: 5,
    });
  });

  test('counts a task without retries left as neither running nor completed', () => {
    const once = { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } };
    expect(jobProgress(once, [failed])).toMatchObject({
      running: 0,
      wanted: 1,
      completed: 0,
      total: 1,
    });
  });

  test("without numbers has the engine's defaults", () => {
    expect(jobProgress({ ReplicatedJob: {} }, [])).toMatchObject({ wanted: 1, total: 1 });
    const wide = { ReplicatedJob: { MaxConcurrent: 3 } };
    expect(jobProgress(wide, [])).toMatchObject({ wanted: 3, total: 3 });
  });
});

test('a global job wants the nodes that have not completed it', () => {
  const mode = { GlobalJob: {} };
  const some = [task('complete'), task('running'), task('preparing'), failed];
  expect(jobProgress(mode, some)).toMatchObject({ running: 1, wanted: 2, completed: 1, total: 3 });
  const all = [task('complete'), task('complete')];
  expect(jobProgress(mode, all)).toMatchObject({ running: 0, wanted: 0, completed: 2, total: 2 });
});

test('a service that keeps running has no job progress', () => {
  expect(jobProgress({ Replicated: { Replicas: 3 } }, [task('running')])).toBeNull();
});

test("converges when all tasks have completed, in the words of docker's client", () => {
  const progress = { running: 1, wanted: 1, completed: 2, total: 10, awaited: 10 };
  expect(jobConvergence(progress)).toEqual({
    running: 2,
    total: 10,
    phase: 'converging',
    phrase: 'job progress:  2 out of 10 complete',
    verify: null,
  });
  expect(jobConvergence({ ...progress, completed: 10 })).toMatchObject({
    phase: 'converged',
    phrase: 'job progress: 10 out of 10 complete',
    verify: 'job complete',
  });
});

test('a global job waits for every node, also where it was given up or its task is delayed', () => {
  const on = (nodeId: string, state: TaskView['state'], desired: TaskView['desired']) =>
    aTask({ slot: null, nodeId, state, desired });
  const tasks = [
    on('a', 'complete', 'complete'),
    on('b', 'ready', 'ready'),
    on('b', 'failed', 'shutdown'),
    on('c', 'failed', 'shutdown'),
  ];
  const progress = jobProgress({ GlobalJob: {} }, tasks);
  expect(progress).toMatchObject({ completed: 1, total: 1, awaited: 3 });
  expect(jobConvergence(progress!)).toMatchObject({
    phase: 'converging',
    phrase: 'job progress: 1 out of 3 complete',
    verify: null,
  });
});

test('a job without tasks has not completed', () => {
  expect(jobConvergence(jobProgress({ GlobalJob: {} }, [])!)).toMatchObject({
    phase: 'converging',
    verify: null,
  });
});
