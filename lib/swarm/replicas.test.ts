import { expect, test } from 'vitest';
import { aService } from '@/tests/factories/view';
import { expectedTasks, isJob, replicasText } from './replicas';

const job = { mode: 'replicated-job', replicas: null, running: 1, wanted: 2 } as const;

test('prints replicas as docker service ls does', () => {
  expect(replicasText(aService({ running: 2, wanted: 3 }))).toBe('2/3');
  expect(replicasText(aService({ running: 1, wanted: 3, maxPerNode: 1 }))).toBe(
    '1/3 (max 1 per node)',
  );
  expect(replicasText(aService({ ...job, job: { completed: 2, total: 5 }, maxPerNode: 1 }))).toBe(
    '1/2 (2/5 completed)',
  );
});

test('expects no more tasks of a job than there are completions left', () => {
  const left = (completed: number) =>
    expectedTasks(aService({ ...job, job: { completed, total: 5 } }));
  expect([0, 3, 4, 5].map(left)).toEqual([2, 2, 1, 0]);
  expect(expectedTasks(aService({ wanted: 3 }))).toBe(3);
});

test('distinguishes jobs from services that keep running', () => {
  expect(isJob({ mode: 'replicated-job' })).toBe(true);
  expect(isJob({ mode: 'global-job' })).toBe(true);
  expect(isJob({ mode: 'replicated' })).toBe(false);
  expect(isJob({ mode: 'global' })).toBe(false);
});
