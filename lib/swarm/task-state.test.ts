import { expect, test } from 'vitest';
import { progressCells, stateRank, TASK_STATES } from './task-state';

test("fills docker's nine progress cells from new to running, and none for an ended task", () => {
  expect(TASK_STATES.map(progressCells)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0]);
});

test('ranks an unknown state before all others, without progress', () => {
  expect(stateRank('unknown')).toBe(-1);
  expect(progressCells('unknown')).toBe(0);
});
