import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { TaskView } from '@/lib/swarm/view';
import { aTask } from '@/tests/factories/view';
import type { BoardTask } from './board-tasks';
import { foldedTasks, visibleTasks } from './visible-tasks';

const shown = (slot: number, state: TaskView['state'] = 'running'): BoardTask => ({
  id: `${slot}`,
  service: 'goweb',
  earlierFailures: 0,
  lostAt: null,
  badge: 1,
  task: aTask({ slot, state }),
});
const ids = (tasks: readonly BoardTask[]) => tasks.map(({ id }) => id).join(' ');

test('returns a short list as it is', () => {
  const tasks = [shown(1), shown(2)];
  expect(visibleTasks(tasks, 2)).toBe(tasks);
});

test('keeps failed tasks before running ones, in their order', () => {
  const tasks = [shown(1), shown(2), shown(3), shown(4, 'failed'), shown(5), shown(6, 'failed')];
  expect(ids(visibleTasks(tasks, 3))).toBe('1 4 6');
  expect(ids(visibleTasks(tasks, 1))).toBe('4');
});

test('does not keep finished tasks of jobs before running ones', () => {
  const tasks = [shown(1), shown(2, 'complete'), shown(3, 'starting')];
  expect(ids(visibleTasks(tasks, 2))).toBe('1 3');
});

test('folded tasks and their number never need more places than there are; failures stay in sight', () => {
  const state = fc.constantFrom('running' as const, 'failed' as const);
  fc.assert(
    fc.property(
      fc.array(state, { maxLength: 40 }),
      fc.integer({ min: 2, max: 18 }),
      (states, max) => {
        const tasks = states.map((each, at) => shown(at + 1, each));
        const folded = foldedTasks(tasks, max);
        const left = tasks.length - folded.length;
        expect(folded.length + (left > 0 ? 1 : 0)).toBe(Math.min(tasks.length, max));
        const failed = (list: readonly BoardTask[]) =>
          list.filter(({ task }) => task.state === 'failed').length;
        expect(failed(folded)).toBe(Math.min(failed(tasks), folded.length));
      },
    ),
  );
});
