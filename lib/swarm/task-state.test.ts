import { expect, test } from 'vitest';
import { isBroken, isEnded, isStarting, progressCells, stateRank, TASK_STATES } from './task-state';

test('every state is starting, running or ended, and only one of them', () => {
  for (const state of TASK_STATES) {
    const kinds = [isStarting(state), state === 'running', isEnded(state)].filter(Boolean);
    expect(kinds, state).toHaveLength(1);
  }
});

test("docker's progress bar has nine cells, full when running", () => {
  expect(TASK_STATES.map(progressCells)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 0, 0, 0, 0, 0]);
});

test('an unknown state is none of them and comes first', () => {
  expect(stateRank('unknown')).toBe(-1);
  expect(isStarting('unknown') || isEnded('unknown') || isBroken('unknown')).toBe(false);
  expect(progressCells('unknown')).toBe(0);
});

test('failed and rejected are broken, an orderly end is not', () => {
  expect(TASK_STATES.filter(isBroken)).toEqual(['failed', 'rejected']);
});
