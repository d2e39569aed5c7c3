import { expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import { causeOf, whyTitle } from './task-cause';

const broke = aTask({
  createdAt: 1,
  state: 'failed',
  desired: 'shutdown',
  error: 'task: non-zero exit (1)',
});
const again = aTask({ createdAt: 2, state: 'preparing' });
const linked = { ...broke, nextTaskId: again.id };

test('a task that broke explains itself', () => {
  expect(causeOf(broke, [again, broke])).toBe(broke);
  expect(whyTitle(broke, broke)).toBe('Why it failed');
  const rejected = { ...broke, state: 'rejected' as const };
  expect(whyTitle(rejected, rejected)).toBe('Why it was rejected');
});

test('a task that swarm starts again is explained by the attempt before it', () => {
  expect(causeOf(again, [again, linked])).toBe(linked);
  expect(whyTitle(again, linked)).toBe('Why it starts again');
});

test('so is one whose program ended without an error, although it had to keep running', () => {
  const ended = aTask({ createdAt: 1, state: 'complete', desired: 'shutdown', hint: 'It ended.' });
  const after = { ...ended, nextTaskId: again.id };
  expect(causeOf(again, [again, after])).toBe(after);
  expect(whyTitle(ended, ended)).toBe('Why it ended');
  // A job's task is to end.
  expect(causeOf(again, [again, { ...after, hint: null }])).toBeNull();
});

test('a task that waits says why, with an explanation alone, too', () => {
  const waiting = aTask({ state: 'pending', nodeId: null, hint: 'Bring a node in.' });
  expect(causeOf(waiting, [waiting])).toBe(waiting);
  expect(whyTitle(waiting, waiting)).toBe('Why it waits');
});

test('a task that runs, starts for the first time or follows one that was stopped needs no reason', () => {
  const running = aTask({ createdAt: 2 });
  expect(causeOf(running, [running, { ...broke, nextTaskId: running.id }])).toBeNull();
  expect(causeOf(again, [again])).toBeNull();
  const stopped = aTask({ createdAt: 1, state: 'shutdown', desired: 'shutdown' });
  expect(causeOf(again, [again, { ...stopped, nextTaskId: again.id }])).toBeNull();
});
