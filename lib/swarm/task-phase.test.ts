import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  hasEnded,
  holdsSlot,
  isStarting,
  TASK_PHASES,
  taskPhase,
  type TaskPhase,
} from './task-phase';
import { mayRun, stateRank, TASK_STATES, type TaskState } from './task-state';

const phaseOf = (state: TaskState, desired: TaskState = 'running', onDownNode = false) =>
  taskPhase({ state, desired, onDownNode });

describe('the phase of a task', () => {
  test.each<[TaskState, TaskPhase]>([
    ['new', 'waiting'],
    ['allocated', 'waiting'],
    ['pending', 'waiting'],
    ['assigned', 'starting'],
    ['accepted', 'starting'],
    ['preparing', 'starting'],
    ['ready', 'starting'],
    ['starting', 'starting'],
    ['running', 'running'],
    ['complete', 'finished'],
    ['shutdown', 'stopped'],
    ['failed', 'failed'],
    ['rejected', 'failed'],
    ['remove', 'stopped'],
    ['orphaned', 'stopped'],
    ['unknown', 'unknown'],
  ])('%s with desired state running is %s', (state, phase) => {
    expect(phaseOf(state)).toBe(phase);
  });

  test.each<TaskState>(['shutdown', 'remove'])(
    'is leaving while it has not ended and its desired state is %s',
    (desired) => {
      expect(phaseOf('running', desired)).toBe('leaving');
      expect(phaseOf('preparing', desired)).toBe('leaving');
      expect(phaseOf('pending', desired)).toBe('leaving');
      expect(phaseOf('shutdown', desired)).toBe('stopped');
    },
  );

  test('is running for a job whose desired state is complete from the start', () => {
    expect(phaseOf('running', 'complete')).toBe('running');
    expect(phaseOf('preparing', 'complete')).toBe('starting');
    expect(phaseOf('complete', 'complete')).toBe('finished');
    expect(phaseOf('failed', 'shutdown')).toBe('failed');
  });

  test('is starting while the restart delay holds it back with desired state ready', () => {
    expect(phaseOf('ready', 'ready')).toBe('starting');
  });

  test('is lost on a node that is down, asked to stop or not', () => {
    expect(phaseOf('running', 'running', true)).toBe('lost');
    expect(phaseOf('preparing', 'running', true)).toBe('lost');
    expect(phaseOf('running', 'shutdown', true)).toBe('lost');
  });

  test('does not change when the node of an ended task goes down', () => {
    expect(phaseOf('failed', 'shutdown', true)).toBe('failed');
    expect(phaseOf('complete', 'shutdown', true)).toBe('finished');
  });
});

describe('properties', () => {
  const input = fc.record({
    state: fc.constantFrom<TaskState>(...TASK_STATES, 'unknown'),
    desired: fc.constantFrom<TaskState>(...TASK_STATES, 'unknown'),
    onDownNode: fc.boolean(),
  });

  test('a task has ended exactly when its state is after running', () => {
    fc.assert(
      fc.property(input, (task) => {
        expect(hasEnded(taskPhase(task))).toBe(stateRank(task.state) > stateRank('running'));
      }),
    );
  });

  test('it runs exactly when it does, may, and its node is not down', () => {
    fc.assert(
      fc.property(input, (task) => {
        const runs = task.state === 'running' && mayRun(task.desired) && !task.onDownNode;
        expect(taskPhase(task) === 'running').toBe(runs);
      }),
    );
  });

  test('a node that goes down changes nothing but to lost', () => {
    fc.assert(
      fc.property(input, (task) => {
        const up = taskPhase({ ...task, onDownNode: false });
        const down = taskPhase({ ...task, onDownNode: true });
        expect(down).toBe(hasEnded(up) ? up : 'lost');
      }),
    );
  });
});

test('every phase holds its slot, has ended, is leaving or is lost, and only one of them', () => {
  for (const phase of TASK_PHASES) {
    const kinds = [holdsSlot(phase), hasEnded(phase), phase === 'leaving', phase === 'lost'];
    expect(kinds.filter(Boolean), phase).toHaveLength(1);
  }
  expect(TASK_PHASES.filter(isStarting)).toEqual(['waiting', 'starting']);
});
