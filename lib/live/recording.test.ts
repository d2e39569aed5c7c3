import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { countedEngine, EngineError } from '../engine';
import { updatedEntry } from '../swarm/spec/timeline-entries';
import { Feed } from './feed';
import { zlibCodec } from './zlib-codec';
import {
  anEngineTask,
  anEvent,
  NODE,
  ScriptedEngine,
  SERVICE,
  TIME,
} from '@/tests/factories/engine';

/** Recording without viewers, with a scripted engine and fake timers. */

const MINUTE = 60_000;

let script: ScriptedEngine;
let counted: string[];
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new ScriptedEngine();
  counted = [];
  const engine = countedEngine(script.engine, (call) => counted.push(call));
  feed = new Feed(engine, { hat: ['ctrl'], echoService: 'goweb', codec: zlibCodec });
});
afterEach(() => {
  vi.useRealTimers();
});

const entries = () => feed.encodedView.timeline.since(0).entries;

test.each([
  ['with events', new Set<string>()],
  ['without events', new Set(['events'])],
  ['without the lists of nodes and services', new Set(['nodes', 'services', 'events'])],
])(
  'makes at most 0.2 calls a second while idle, %s',
  async (_, refused) => {
    script.refused = refused;
    feed.record();
    await vi.advanceTimersByTimeAsync(MINUTE);
    script.calls = [];
    counted = [];
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    expect(script.calls.length).toBeLessThanOrEqual(0.2 * 10 * 60);
    expect(counted.length).toBeLessThanOrEqual(script.calls.length);
    expect(script.count('tasks')).toBeGreaterThanOrEqual(58);
    expect(script.count('events')).toBeLessThanOrEqual(refused.size === 0 ? 0 : 5);
    expect(feed.encodedView.timeline.since(0).gaps).toEqual([]);
  },
  180_000,
);

test('with a viewer adds no call to those of the page, and subscribes to no second stream of events', async () => {
  const calls = async (record: boolean) => {
    script = new ScriptedEngine();
    const other = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
    if (record) other.record();
    const leave = other.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10 * MINUTE);
    leave();
    return script.calls;
  };
  const without = await calls(false);
  const recording = await calls(true);
  expect(recording).toEqual(without);
  expect(recording.filter((call) => call === 'events')).toHaveLength(1);
});

test('the page’s feed takes over at once, and leaves without a gap', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(5 * MINUTE + 6000);
  script.calls = [];
  const leave = feed.subscribe(() => {});
  expect(feed.status().state).toBe('connecting');
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.status().state).toBe('live');
  expect(script.calls).toEqual(expect.arrayContaining(['nodes', 'services', 'tasks']));
  await vi.advanceTimersByTimeAsync(MINUTE);
  leave();
  script.calls = [];
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(script.count('tasks')).toBeLessThanOrEqual(8);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(5);
  expect(feed.encodedView.timeline.since(0).gaps).toEqual([]);
});

test('a task that fails between two polls is dated when it failed', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  const failedAt = Date.now() + 3000;
  script.tasks = [
    anEngineTask(1, {
      Version: { Index: 99 },
      UpdatedAt: failedAt,
      Status: { Timestamp: failedAt, State: 'failed', Message: '', Err: 'task: non-zero exit (1)' },
    }),
  ];
  await vi.advanceTimersByTimeAsync(10_000);
  expect(entries()).toMatchObject([{ kind: 'task failed', at: failedAt, after: null }]);
  expect(entries()[0]?.viewAt).toBeGreaterThan(failedAt);
  expect(feed.encodedView.timeline.since(0).spans).toMatchObject([{ to: failedAt }]);
});

test('an event causes a poll and dates its change; a flood of events causes few polls', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  script.calls = [];
  script.nodes = [
    { ...NODE, Version: { Index: 9 }, Spec: { ...NODE.Spec, Availability: 'drain' } },
  ];
  const at = Date.now() - 400;
  script.streams[0]?.event({
    Type: 'node',
    Actor: { ID: NODE.ID, Attributes: { 'availability.new': 'drain' } },
    timeNano: at * 1e6,
  });
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('nodes')).toBe(1);
  expect(entries()).toMatchObject([{ kind: 'drained', at, after: null }]);
  script.calls = [];
  for (let turn = 0; turn < 100; turn++) {
    script.streams[0]?.event();
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(script.count('tasks')).toBeLessThanOrEqual(6);
});

test('polls an engine that does not respond less and less often, and records the gap', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  script.error = new EngineError('engine-stopped', 'The Docker engine is not running.');
  await vi.advanceTimersByTimeAsync(MINUTE);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(script.calls.length / 600).toBeLessThanOrEqual(0.2);
  script.error = null;
  await vi.advanceTimersByTimeAsync(31_000);
  const { gaps } = feed.encodedView.timeline.since(0);
  expect(gaps).toMatchObject([{ why: 'no data from the engine' }]);
  expect((gaps[0]?.to ?? 0) - (gaps[0]?.from ?? 0)).toBeGreaterThan(10 * MINUTE);
});

test.each([
  ['arrive, does not read past ones', new Set<string>(), false],
  ['are refused, reads past ones', new Set(['events']), true],
])('with a slow engine whose events %s', async (_, refused, reads) => {
  script.refused = refused;
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  script.calls = [];
  // More than 15 s from view to view.
  script.latency = 3000;
  await vi.advanceTimersByTimeAsync(10 * MINUTE);
  expect(script.count('tasks')).toBeGreaterThan(20);
  expect(script.count('pastEvents') > 0).toBe(reads);
});

test('rollbacks and a pause are recorded although another change follows before the next look', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  const expected: object[] = [];
  for (let round = 0; round < 3; round++) {
    const kinds = { rollback_started: 'rolled back', paused: 'update paused' };
    for (const [state, kind] of Object.entries(kinds)) {
      const at = Date.now();
      const Actor = { ID: SERVICE.ID, Attributes: { 'updatestate.new': state } };
      script.streams[0]?.event({ Actor, timeNano: at * 1e6 });
      await vi.advanceTimersByTimeAsync(10);
      expected.push({ kind, at, bad: true });
    }
    // A new label, which is in no view and clears the state.
    const UpdatedAt = Date.now();
    script.services = [{ ...SERVICE, UpdatedAt, Version: { Index: 20 + round } }];
    script.streams[0]?.event({ timeNano: UpdatedAt * 1e6 });
    await vi.advanceTimersByTimeAsync(MINUTE);
  }
  const rounded = entries().map(({ at, ...entry }) => ({ ...entry, at: Math.round(at) }));
  expect(rounded).toMatchObject(expected);
});

test.each([
  ['accepts it', 'accepted', 'operator'],
  ['refuses it, because another client made the same change', 'failed', undefined],
] as const)('a view waits for the answer to a change: the engine %s', async (_, answer, by) => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  const before = { ...SERVICE, PreviousSpec: null, json: {} };
  const spec = { ...SERVICE.Spec, Mode: { Replicated: { Replicas: 4 } } };
  const announced = feed.announce({
    ...updatedEntry('goweb', before, spec),
    by: 'operator',
    id: SERVICE.ID,
    version: SERVICE.Version.Index,
  });
  script.services = [{ ...SERVICE, Version: { Index: 3 }, Spec: spec }];
  feed.wake();
  await vi.advanceTimersByTimeAsync(500);
  expect(entries()).toEqual([]);
  announced[answer]();
  await vi.advanceTimersByTimeAsync(0);
  expect(entries().map((entry) => [entry.text, entry.by])).toEqual([
    ['goweb was scaled from 1 to 4', by],
  ]);
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(entries()).toHaveLength(1);
});

test('a view waits at most 1 s for an answer, and then has no name', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  const spec = { ...SERVICE.Spec, Mode: { Replicated: { Replicas: 4 } } };
  const { accepted } = feed.announce({
    ...updatedEntry('goweb', { ...SERVICE, PreviousSpec: null, json: {} }, spec),
    by: 'operator',
    id: SERVICE.ID,
    version: SERVICE.Version.Index,
  });
  script.services = [{ ...SERVICE, Version: { Index: 3 }, Spec: spec }];
  feed.wake();
  await vi.advanceTimersByTimeAsync(1500);
  expect(entries().map(({ by }) => by)).toEqual([undefined]);
  accepted();
  const at = Date.now();
  await vi.advanceTimersByTimeAsync(MINUTE);
  expect(entries()[1]).toMatchObject({ by: 'operator', at });
});

test('an old event does not date a later change', async () => {
  feed.record();
  await vi.advanceTimersByTimeAsync(MINUTE);
  const set = (Availability: 'drain' | 'active', Index: number) =>
    (script.nodes = [{ ...NODE, Version: { Index }, Spec: { ...NODE.Spec, Availability } }]);
  set('drain', 9);
  const Actor = { ID: NODE.ID, Attributes: { 'availability.new': 'drain' } };
  script.streams[0]?.event({ Type: 'node', Actor, timeNano: (Date.now() - 400) * 1e6 });
  await vi.advanceTimersByTimeAsync(MINUTE);
  // Without events of their own.
  for (const [state, index] of [
    ['active', 10],
    ['drain', 11],
  ] as const) {
    set(state, index);
    await vi.advanceTimersByTimeAsync(2 * MINUTE);
  }
  const [first, ...later] = entries();
  expect(first).toMatchObject({ kind: 'drained', after: null });
  expect(later.map(({ kind }) => kind)).toEqual(['activated', 'drained']);
  for (const entry of later) expect(entry.at - (entry.after ?? 0)).toBeLessThan(30_000);
  expect(later.every(({ at, viewAt }) => at === viewAt)).toBe(true);
});

/** Restarts the dashboard: a feed that continues the history of the first one. */
async function restart(afterMs: number): Promise<Feed> {
  const records = feed.encodedView.timeline.records();
  await vi.advanceTimersByTimeAsync(afterMs);
  const next = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb', codec: zlibCodec });
  const last = next.encodedView.timeline.restore(structuredClone(records), Date.now());
  next.encodedView.continueFrom(last);
  return next;
}

test('what happened while the dashboard was off is dated by the engine, and the time is a gap', async () => {
  await feed.fresh();
  const off = Date.now();
  const at = off + 5 * MINUTE;
  script.services = [
    {
      ...SERVICE,
      Version: { Index: 7 },
      Spec: { ...SERVICE.Spec, Mode: { Replicated: { Replicas: 4 } } },
    },
  ];
  script.past = [
    anEvent({ Actor: { ID: SERVICE.ID, Attributes: { 'replicas.new': '4' } }, timeNano: at * 1e6 }),
  ];
  const seenAt = feed.current().view?.tasks[0]?.seenAt;
  const next = await restart(10 * MINUTE);
  const view = await next.fresh();
  const { timeline } = next.encodedView;
  expect(timeline.since(0).gaps).toMatchObject([
    { from: off, to: off + 10 * MINUTE, why: 'not running' },
  ]);
  expect(timeline.since(0).entries).toMatchObject([{ kind: 'scaled', at, unseen: 'not running' }]);
  // A task that runs on is the same bar as before.
  expect(view.tasks[0]?.seenAt).toBe(seenAt);
});

test('the history of another swarm is dropped', async () => {
  await feed.fresh();
  const next = await restart(MINUTE);
  script.nodes = [{ ...NODE, ID: 'id-other' }];
  script.tasks = [];
  await next.fresh();
  expect(next.encodedView.timeline.all(null, 0, null, Date.now())).toMatchObject({
    entries: [],
    gaps: [{ why: 'not watched' }],
  });
});
