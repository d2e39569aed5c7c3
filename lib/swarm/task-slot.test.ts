import { expect, test } from 'vitest';
import { aTask } from '@/tests/factories/view';
import { isSameSlot, slotKey } from './task-slot';

const on = (slot: number | null, nodeId: string | null, serviceId = 's1') =>
  aTask({ slot, nodeId, serviceId });

test('tasks of one number are attempts of one slot, on whichever node', () => {
  expect(isSameSlot(on(1, 'a'), on(1, 'b'))).toBe(true);
  expect(isSameSlot(on(1, 'a'), on(2, 'a'))).toBe(false);
  expect(isSameSlot(on(1, 'a'), on(1, 'a', 's2'))).toBe(false);
});

test('slot 0, the first of a replicated job, is a slot like any other', () => {
  expect(isSameSlot(on(0, 'a'), on(0, 'b'))).toBe(true);
  expect(isSameSlot(on(0, 'a'), on(1, 'a'))).toBe(false);
  expect(isSameSlot(on(0, null), on(0, 'a'))).toBe(true);
});

test('without numbers each node is a slot', () => {
  expect(isSameSlot(on(null, 'a'), on(null, 'a'))).toBe(true);
  expect(isSameSlot(on(null, 'a'), on(null, 'b'))).toBe(false);
  expect(slotKey({ slot: null, nodeId: null })).toBe('');
});
