import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveCache } from '@/lib/client/cache';
import { aNode, aService, aView } from '@/tests/factories/view';
import { reportRequested } from './requested';
import { requestedChange } from './requested-change';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.runAllTimers();
  vi.useRealTimers();
});

const see = (availability: 'active' | 'drain') =>
  liveCache.update('view', () => aView({ nodes: [{ ...aNode(), id: 'node1', availability }] }));
const drains = (id: string, to = 'drain') =>
  reportRequested(id, ({ nodes }) =>
    nodes.some((node) => node.id === id && node.availability !== to) ? `Requested: ${to}.` : null,
  );
const shown = () => liveCache.get('requested');

test('is shown from the acceptance until the view has it', () => {
  see('active');
  drains('node1');
  expect(shown()).toEqual({ node1: 'Requested: drain.' });
  see('active');
  expect(shown()).toEqual({ node1: 'Requested: drain.' });
  see('drain');
  expect(shown()).toEqual({});
  // It is over: another change of availability is somebody else's.
  see('active');
  expect(shown()).toEqual({});
});

test('is not shown where the view had it first, or has no such node', () => {
  see('drain');
  drains('node1');
  drains('node2');
  expect(shown()).toEqual({});
});

test('is given up where something else has overtaken it', () => {
  see('active');
  drains('node1');
  vi.advanceTimersByTime(3000);
  drains('node1', 'pause');
  vi.advanceTimersByTime(3000);
  expect(shown()).toEqual({ node1: 'Requested: pause.' });
  vi.advanceTimersByTime(3000);
  expect(shown()).toEqual({});
});

test('a change of a service is shown until its version is another one', () => {
  const words = requestedChange('Roll back', 'service1', 7);
  const at = (version: number, id = 'service1') =>
    words(aView({ services: [{ ...aService(), id, version }] }));
  expect(at(7)).toBe('Requested: roll back.');
  expect(at(8)).toBeNull();
  expect(at(7, 'other')).toBeNull();
});
