import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { buildView, NO_MEMORY } from './build-view';
import type { EngineTask } from './engine-json';
import {
  clockWords,
  managerClock,
  managerTime,
  nodeClocks,
  taskStateTime,
  type Clocks,
} from './engine-times';
import type { Snapshot } from './snapshot';

const HOUR = 3_600_000;
const NOW = Date.UTC(2026, 10, 28, 12);
const OPTIONS = { hat: ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'], echoService: 'goweb' };

function clocksAt(now: number, over: Partial<Clocks> = {}): Clocks {
  return { now, lastView: -Infinity, managerAhead: 0, nodesAhead: new Map(), ...over };
}

function engineTask(over: Partial<EngineTask> & { reported?: number } = {}): EngineTask {
  const { reported = NOW - 59_000, ...fields } = over;
  return {
    ID: 't1',
    Version: { Index: 20 },
    CreatedAt: NOW - 62_000,
    UpdatedAt: NOW - 59_000,
    ServiceID: 's1',
    Slot: 1,
    NodeID: 'n1',
    Spec: {},
    Status: { Timestamp: reported, State: 'running', Message: '', Err: '' },
    DesiredState: 'running',
    ...fields,
  };
}

describe("a node's clock", () => {
  test.each([
    ['3 h behind', -3 * HOUR],
    ['2 days ahead', 48 * HOUR],
  ])('is known from its last report when it is %s', (_, skew) => {
    const clocks = nodeClocks([engineTask({ reported: NOW - 59_000 + skew })]);
    expect(clocks.get('n1')?.ahead).toBe(skew);
  });

  test('counts as right within half a minute: reports take a while', () => {
    for (const skew of [-29_000, 0, 29_000]) {
      expect(nodeClocks([engineTask({ reported: NOW - 59_000 + skew })]).size).toBe(0);
    }
  });

  test('is judged by the latest report, so that a clock set since then counts as right', () => {
    const wrong = engineTask({ ID: 'a', Version: { Index: 20 }, reported: NOW - 3 * HOUR });
    const right = engineTask({ ID: 'b', Version: { Index: 30 } });
    expect(nodeClocks([right, wrong]).size).toBe(0);
    expect(nodeClocks([{ ...right, Version: { Index: 10 } }, wrong]).size).toBe(1);
  });

  test.each([
    ["a job's task that reported after hours without a link", { DesiredState: 'complete' }],
    ['a task that is being stopped', { DesiredState: 'shutdown' }],
    ['a task that waited for its restart delay', { DesiredState: 'ready' }],
    ['a report without a time', { reported: 0 }],
    ['a task without a last write', { UpdatedAt: 0 }],
  ] as const)('is not judged by %s', (_, over) => {
    expect(nodeClocks([engineTask({ reported: NOW - 3 * HOUR, ...over })]).size).toBe(0);
  });

  test('has a sentence for an hour after the report, and none on a node that is down', () => {
    const [node] = capturedSnapshot().nodes;
    if (!node) throw new Error('no node');
    const words = (at: number, State: 'ready' | 'down' = 'ready') =>
      clockWords(
        { ...node, Status: { ...node.Status, State } },
        clocksAt(NOW, { nodesAhead: new Map([[node.ID, { ahead: -3 * HOUR, at }]]) }),
        false,
      );
    expect(words(NOW - 1000)).toBe("At its last report its clock was 3 hours behind the manager's");
    expect(words(NOW - 2 * HOUR)).toBeNull();
    expect(words(NOW, 'down')).toBeNull();
  });
});

describe("the manager's clock", () => {
  test('is corrected if it is off by more than the duration of a call', () => {
    expect(managerClock(800, 0)).toBe(0);
    expect(managerClock(3 * HOUR, 0)).toBe(3 * HOUR);
    expect(managerClock(3 * HOUR + 900, 3 * HOUR)).toBe(3 * HOUR);
    expect(managerClock(900, 3 * HOUR)).toBe(0);
    expect(managerClock(null, 3 * HOUR)).toBe(3 * HOUR);
  });
});

describe('the time of a state', () => {
  const at = (task: EngineTask, clocks = clocksAt(NOW)) => taskStateTime(task, clocks);

  test("is the node's where that can be right", () => {
    expect(at(engineTask({ reported: NOW - 60_000 }))).toBe(NOW - 60_000);
  });

  test.each([
    ["Go's zero time", 0],
    ['a time before the task was created', NOW - 5 * HOUR],
    ['a time after the manager wrote it', NOW + 300 * 365 * 24 * HOUR],
  ])("is between the manager's first and last write for %s", (_, reported) => {
    const time = at(engineTask({ reported }));
    expect(time).toBeGreaterThanOrEqual(NOW - 62_000);
    expect(time).toBeLessThanOrEqual(NOW - 59_000);
  });

  test('is the last write where the clock is known to be wrong', () => {
    const ended = engineTask({ CreatedAt: NOW - 6 * HOUR, reported: NOW - 3 * HOUR });
    const nodesAhead = new Map([['n1', { ahead: -3 * HOUR, at: NOW }]]);
    expect(at(ended, clocksAt(NOW, { nodesAhead }))).toBe(ended.UpdatedAt);
  });

  test("is by the dashboard's clock when the manager's is off", () => {
    expect(at(engineTask(), clocksAt(NOW - HOUR, { managerAhead: HOUR }))).toBe(
      NOW - HOUR - 59_000,
    );
  });

  test('of something that is new is not before the last view, and never later than now', () => {
    expect(managerTime(NOW - HOUR, clocksAt(NOW, { lastView: NOW - 250 }))).toBe(NOW - 250);
    expect(managerTime(NOW + HOUR, clocksAt(NOW))).toBe(NOW);
    expect(managerTime(0, clocksAt(NOW))).toBe(NOW);
    // The dashboard's clock was set back.
    expect(managerTime(NOW - HOUR, clocksAt(NOW, { lastView: NOW + HOUR }))).toBe(NOW);
  });

  test('is a finite time for any input', () => {
    const anyTime = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 8.64e15 }));
    fc.assert(
      fc.property(anyTime, anyTime, anyTime, (CreatedAt, UpdatedAt, reported) => {
        const time = at(engineTask({ CreatedAt, UpdatedAt, reported }));
        expect(time).toBeLessThanOrEqual(NOW);
        expect(Number.isFinite(time)).toBe(true);
      }),
    );
  });
});

describe('a shifted clock', () => {
  /** The captured swarm as if it had been read a minute after its last write. */
  function snapshot(): { snapshot: Snapshot; now: number } {
    const made = capturedSnapshot();
    return { snapshot: made, now: Math.max(...made.tasks.map((task) => task.UpdatedAt)) + 60_000 };
  }

  test("of any node by any time changes no phase, no order, and no age beyond the manager's writes", () => {
    const { snapshot: right, now } = snapshot();
    const before = buildView(right, OPTIONS, NO_MEMORY, now).view;
    const node = fc.constantFrom(...right.nodes.map(({ ID }) => ID));
    const shift = fc.oneof(
      fc.integer({ min: -60_000, max: 60_000 }),
      fc.integer({ min: -4e12, max: 4e12 }),
    );
    fc.assert(
      fc.property(node, shift, (id, ms) => {
        const { snapshot: skewed } = snapshot();
        for (const task of skewed.tasks) {
          if (task.NodeID === id) task.Status.Timestamp = Math.max(0, task.Status.Timestamp + ms);
        }
        const after = buildView(skewed, OPTIONS, NO_MEMORY, now).view;
        const facts = (view: typeof before) => view.tasks.map((task) => [task.id, task.phase]);
        expect(facts(after)).toEqual(facts(before));
        for (const task of after.tasks) {
          const engine = right.tasks.find(({ ID }) => ID === task.id);
          if (task.nodeId !== id || !engine) continue;
          expect(task.stateAt).toBeGreaterThanOrEqual(Math.min(engine.CreatedAt, now));
          expect(task.stateAt).toBeLessThanOrEqual(engine.UpdatedAt);
        }
      }),
    );
  });

  test("of the manager's is taken out of every time when /info has it", () => {
    const { snapshot: right, now } = snapshot();
    const before = buildView(right, OPTIONS, NO_MEMORY, now).view;
    fc.assert(
      fc.property(fc.integer({ min: -1e12, max: 1e12 }), (ms) => {
        fc.pre(Math.abs(ms) >= 5000);
        const { snapshot: skewed } = snapshot();
        const move = (time: number) => (time === 0 ? 0 : time + ms);
        for (const one of [...skewed.tasks, ...skewed.nodes, ...skewed.services]) {
          one.CreatedAt = move(one.CreatedAt);
          one.UpdatedAt = move(one.UpdatedAt);
        }
        for (const task of skewed.tasks) task.Status.Timestamp = move(task.Status.Timestamp);
        skewed.managerAhead = ms;
        const { nodes, ...view } = buildView(skewed, OPTIONS, NO_MEMORY, now).view;
        expect({ ...view, nodes: nodes.map((node) => ({ ...node, clock: null })) }).toEqual(before);
        const saying = nodes.filter(({ clock }) => clock !== null);
        expect(saying.map(({ here }) => here)).toEqual(Math.abs(ms) < 30_000 ? [] : [true]);
        const side = ms < 0 ? 'behind' : 'ahead of';
        for (const { clock } of saying) expect(clock).toContain(`${side} the dashboard's`);
      }),
    );
  });

  test('while the dashboard polls changes no time that was seen', () => {
    const { snapshot: first, now } = snapshot();
    const before = buildView(first, OPTIONS, NO_MEMORY, now);
    const { snapshot: later } = snapshot();
    later.managerAhead = -3 * HOUR;
    const after = buildView(later, OPTIONS, before.memory, now + 1000);
    expect(after.view.tasks).toEqual(before.view.tasks);
  });
});
