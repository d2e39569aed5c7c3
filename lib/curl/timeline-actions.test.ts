import { expect, test } from 'vitest';
import { aRun } from '@/tests/factories/curl';
import type { Drill } from './run';
import { drillEnded, drillStarted, runEnded } from './timeline-actions';

const DRILL: Drill = {
  kind: 'kill',
  nodeId: 'id-ctrl',
  node: 'ctrl',
  taskId: 'task-2',
  task: 'goweb.2',
  state: 'done',
  startedAt: 0,
  until: null,
  problem: null,
};

test('a run with failed requests is a problem', () => {
  expect(runEnded(aRun({ sent: 20, failed: 3 }))).toMatchObject({
    text: 'Curl run to goweb ended (3 of 20 requests failed)',
    bad: true,
  });
  expect(runEnded(aRun({ sent: 1, failed: 0 }))).toMatchObject({
    text: 'Curl run to goweb ended (1 request)',
    bad: false,
  });
});

test('a drill names what it does, and why it failed', () => {
  expect(drillStarted(DRILL)).toMatchObject({
    text: 'Failure drill started: goweb.2 on ctrl is killed',
    nodeId: 'id-ctrl',
    taskId: 'task-2',
  });
  expect(drillEnded({ ...DRILL, state: 'failed', problem: 'No such container.' })).toMatchObject({
    text: 'Failure drill failed: No such container.',
    bad: true,
  });
});
