import fc from 'fast-check';
import { expect, test } from 'vitest';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { buildView, NO_MEMORY } from './build-view';
import { diffViews, applyPatch } from './patch';
import { TimeShift } from './shift-times';
import type { Snapshot } from './snapshot';

const OPTIONS = { hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], echoService: 'goweb' };
const now = Date.UTC(2027, 0, 1);
const anyShift = fc.integer({ min: -1e12, max: 1e12 });

/** A swarm in which a task fails, a node goes down and an update pauses. */
function troubled(): Snapshot {
  const snapshot = capturedSnapshot();
  const task = snapshot.tasks.find(({ Status }) => Status.State === 'running')!;
  Object.assign(task, { Version: { Index: 1e6 }, UpdatedAt: now, DesiredState: 'shutdown' });
  task.Status = { ...task.Status, State: 'failed', Timestamp: now, Err: 'exit 1' };
  Object.assign(snapshot.nodes[1]!, { UpdatedAt: now });
  snapshot.nodes[1]!.Status.State = 'down';
  for (const service of snapshot.services) {
    const Message = `task ${task.ID}`;
    service.UpdateStatus = { State: 'paused', Message, StartedAt: now, CompletedAt: 0 };
  }
  return snapshot;
}

test('a view built after the clock was set equals one built with the right clock throughout', () => {
  const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, now);
  const second = buildView(troubled(), OPTIONS, first.memory, now + 1000);
  expect(second.view.services[0]?.update?.note?.at).toBeTypeOf('number');
  fc.assert(
    fc.property(anyShift, (ms) => {
      const shift = new TimeShift(ms);
      const memory = shift.memory(second.memory);
      const after = buildView(troubled(), OPTIONS, memory, now + 2000 + ms);
      expect(after.view).toEqual(shift.view(second.view));
    }),
  );
});

test('a shifted patch turns the shifted old view into the shifted new one', () => {
  const first = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, now);
  const second = buildView(troubled(), OPTIONS, first.memory, now + 1000);
  const patch = diffViews(first.view, second.view)!;
  fc.assert(
    fc.property(anyShift, (ms) => {
      const shift = new TimeShift(ms);
      const after = applyPatch(shift.view(first.view), shift.view(patch));
      expect(after).toEqual(shift.view(second.view));
    }),
  );
});

test('entities that views share stay shared', () => {
  const { view, memory } = buildView(capturedSnapshot(), OPTIONS, NO_MEMORY, now);
  const shift = new TimeShift(1000);
  const moved = shift.view(view);
  expect(shift.view(view).tasks[0]).toBe(moved.tasks[0]);
  expect(shift.memory(memory).nodes.get(moved.nodes[0]?.id ?? '')).toBe(moved.nodes[0]);
});
