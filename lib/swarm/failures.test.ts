import { expect, test } from 'vitest';
import { aService, aTask, aView } from '@/tests/factories/view';
import { failedServices } from './failures';

const running = aTask({ slot: 1 });
const failed = aTask({ slot: 1, state: 'failed' });

test('counts a task once, when it is first seen failed or rejected', () => {
  const before = aView({ tasks: [running] });
  const after = aView({ tasks: [failed] });
  expect(failedServices(before, after)).toEqual(['goweb']);
  expect(failedServices(after, after)).toEqual([]);
  const rejected = aView({ tasks: [failed, aTask({ slot: 2, state: 'rejected' })] });
  expect(failedServices(after, rejected)).toEqual(['goweb']);
});

test('does not count a task that was shut down or whose service was removed', () => {
  const before = aView({ tasks: [running] });
  expect(failedServices(before, aView({ tasks: [{ ...running, state: 'shutdown' }] }))).toEqual([]);
  const gone = aView({ tasks: [failed], services: [aService({ name: 'other' })] });
  expect(failedServices(before, gone)).toEqual([]);
});
