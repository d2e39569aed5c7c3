import { expect, test } from 'vitest';
import type { BoardTask } from './board-tasks';
import { aTask } from '@/tests/factories/view';
import { foldTasks } from './fold';

const shown = (slot: number, state: 'running' | 'failed' = 'running'): BoardTask => ({
  id: `${slot}`,
  service: 'goweb',
  earlierFailures: 0,
  lostAt: null,
  task: aTask({ slot, state }),
});
const ids = (tasks: readonly BoardTask[]) => tasks.map(({ id }) => id).join(' ');

test('few tasks stay the list that they are', () => {
  const tasks = [shown(1), shown(2)];
  expect(foldTasks(tasks, 2)).toBe(tasks);
});

test('of many, those in trouble stay, and the order', () => {
  const tasks = [shown(1), shown(2), shown(3), shown(4, 'failed'), shown(5), shown(6, 'failed')];
  expect(ids(foldTasks(tasks, 3))).toBe('1 4 6');
  expect(ids(foldTasks(tasks, 1))).toBe('4');
});
