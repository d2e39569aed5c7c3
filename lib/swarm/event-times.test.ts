import { expect, test } from 'vitest';
import { anEvent } from '@/tests/factories/engine';
import { EventTimes } from './event-times';
import type { SwarmChange } from './timeline-schemas';

const aChange = (over: Partial<SwarmChange>): SwarmChange => ({
  kind: 'scaled',
  text: '',
  bad: false,
  serviceId: null,
  nodeId: null,
  taskId: null,
  time: null,
  ...over,
});
const event = (ID: string, seconds: number, Attributes: Record<string, string> = {}) =>
  anEvent({ Actor: { ID, Attributes }, timeNano: seconds * 1e9 });

test('dates a change by the last event that names it, else by the last of its action', () => {
  const times = new EventTimes();
  times.add(event('goweb', 1, { 'replicas.new': '5' }));
  times.add(event('goweb', 2, { 'image.new': 'x' }));
  times.add(event('other', 3, { 'replicas.new': '9' }));
  times.add(event('zero1', 4, { 'state.new': 'down' }));
  expect(times.timeOf(aChange({ serviceId: 'goweb' }))).toBe(1000);
  expect(times.timeOf(aChange({ serviceId: 'goweb', kind: 'updated' }))).toBe(2000);
  expect(times.timeOf(aChange({ nodeId: 'zero1', kind: 'node down' }))).toBe(4000);
  expect(times.timeOf(aChange({ nodeId: 'zero1', kind: 'node left' }))).toBeNull();
  expect(times.timeOf(aChange({ serviceId: 'gone' }))).toBeNull();
  // Tasks have times of their own.
  expect(times.timeOf(aChange({ kind: 'task failed', nodeId: 'zero1', taskId: 't' }))).toBeNull();
});

test('ignores events without a time or an entity, and keeps as many as an engine', () => {
  const times = new EventTimes();
  times.add(event('goweb', 0));
  times.add(event('', 1));
  expect(times.timeOf(aChange({ serviceId: 'goweb' }))).toBeNull();
  times.add(event('goweb', 2));
  for (let second = 3; second < 300; second++) times.add(event('other', second));
  expect(times.timeOf(aChange({ serviceId: 'goweb' }))).toBeNull();
});

test('counts the rollbacks that one view shows as one', () => {
  const times = new EventTimes();
  const began = (seconds: number, id = 'goweb') =>
    times.add(event(id, seconds, { 'updatestate.new': 'rollback_started' }));
  began(1);
  began(2);
  began(2, 'other');
  times.add(event('goweb', 3, { 'updatestate.new': 'rollback_completed' }));
  began(4);
  // The engine's events of a time that is read again.
  began(4);
  expect(times.earlierRollbacks('goweb')).toEqual([1000, 2000]);
  // The view has the next one before its event arrives.
  expect(times.earlierRollbacks('goweb')).toEqual([]);
  began(5);
  began(6);
  expect(times.earlierRollbacks('goweb')).toEqual([]);
  expect(times.earlierRollbacks('other')).toEqual([]);
});
