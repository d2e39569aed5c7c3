import { describe, expect, test } from 'vitest';
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

describe('states of updates that no view has shown', () => {
  const reached = (times: EventTimes, seconds: number, state: string, id = 'goweb') =>
    times.add(event(id, seconds, { 'updatestate.new': state }));

  test('are rollbacks and pauses, each once, without those that the view shows', () => {
    const times = new EventTimes();
    reached(times, 1, 'rollback_started');
    reached(times, 2, 'paused');
    reached(times, 2, 'rollback_started', 'other');
    reached(times, 3, 'rollback_completed');
    reached(times, 4, 'rollback_started');
    // An event of a time that is read again.
    reached(times, 4, 'rollback_started');
    reached(times, 5, 'rollback_paused');
    const shown = [{ state: 'rollback_started', at: 3999 } as const];
    expect(times.missedStates('goweb', 5000, shown)).toEqual([
      { state: 'rollback_started', at: 1000 },
      { state: 'paused', at: 2000 },
      { state: 'rollback_paused', at: 5000 },
    ]);
    expect(times.missedStates('goweb', 6000, [])).toEqual([]);
    expect(times.missedStates('other', 6000, [])).toEqual([
      { state: 'rollback_started', at: 2000 },
    ]);
  });

  test('do not include one that a view has shown before its event arrives', () => {
    const times = new EventTimes();
    expect(times.missedStates('goweb', 5000, [{ state: 'rollback_started', at: 4999 }])).toEqual(
      [],
    );
    reached(times, 5.0009, 'rollback_started');
    reached(times, 6, 'rollback_started');
    expect(times.missedStates('goweb', 7000, [])).toEqual([
      { state: 'rollback_started', at: 6000 },
    ]);
  });

  test('wait for the view that includes them: it was read before they were reached', () => {
    const times = new EventTimes();
    reached(times, 5, 'rollback_started');
    expect(times.missedStates('goweb', 4000, [])).toEqual([]);
    const shown = [{ state: 'rollback_started', at: 4990 } as const];
    expect(times.missedStates('goweb', 5000, shown)).toEqual([]);
    expect(times.missedStates('goweb', 6000, [])).toEqual([]);
  });
});
