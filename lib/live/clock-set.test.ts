import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { anEngineTask, ScriptedEngine, TIME } from '@/tests/factories/engine';
import { liveMessageSchema } from '../api';
import { EngineError } from '../engine';
import { Feed } from './feed';
import { timelineSource, viewSource } from './feed-sources';

/** A Pi gets the time from the network while the dashboard runs. */

const HOUR = 3_600_000;
let script: ScriptedEngine;
let feed: Feed;
let leave: () => void;

beforeEach(async () => {
  vi.useFakeTimers({ now: TIME });
  script = new ScriptedEngine();
  const steadyClocks = [() => performance.now()];
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb', steadyClocks });
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(60_000);
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  await vi.advanceTimersByTimeAsync(60_000);
});

afterEach(() => {
  leave();
  vi.useRealTimers();
});

function read(message: Uint8Array | null) {
  const [, json = 'null'] =
    /\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(message ?? undefined)) ?? [];
  return liveMessageSchema.parse(JSON.parse(json));
}

/** Every age that a page shows, in seconds. */
function ages() {
  const now = Date.now();
  const ago = (time: number | null) => (time === null ? null : Math.round((now - time) / 1000));
  const { view, timeline } = feed.encodedView;
  return {
    tasks: view?.tasks.map((t) => [t.stateAt, t.createdAt, t.seenAt, t.ranAt].map(ago)),
    nodes: view?.nodes.map(({ stateSince }) => ago(stateSince)),
    entries: timeline.since(0).entries.map(({ at, text }) => [ago(at), text]),
    seen: ago(feed.status().at),
  };
}

test.each([
  ['forward', 5 * HOUR],
  ['back', -5 * HOUR],
])('no age changes and no entry is lost when the clock is set %s', async (_, jump) => {
  const before = ages();
  expect(before.entries).toHaveLength(1);
  vi.setSystemTime(Date.now() + jump);
  await vi.advanceTimersByTimeAsync(1000);
  const after = ages();
  const older = (age: number | null) => (age === null ? null : age + 1);
  expect(after).toEqual({
    tasks: before.tasks?.map((times) => times.map(older)),
    nodes: before.nodes?.map(older),
    entries: before.entries.map(([age, text]) => [older(age as number), text]),
    seen: before.seen,
  });
});

test('past views move with the clock', async () => {
  const { timeline } = feed.encodedView;
  const [entry] = timeline.since(0).entries;
  const before = timeline.viewAt((entry?.at ?? 0) - 1);
  vi.setSystemTime(Date.now() + HOUR);
  await vi.advanceTimersByTimeAsync(1000);
  const after = timeline.viewAt((entry?.at ?? 0) - 1 + HOUR);
  expect(after?.view.tasks).toHaveLength(1);
  expect(after?.at).toBe((before?.at ?? 0) + HOUR);
  expect(after?.view.tasks[0]?.stateAt).toBe((before?.view.tasks[0]?.stateAt ?? 0) + HOUR);
});

test('streams receive the view and the timeline again', async () => {
  const [view, timeline] = [viewSource(feed), timelineSource(feed)];
  for (const source of [view, timeline]) expect(source.take()).not.toBeNull();
  vi.setSystemTime(Date.now() + HOUR);
  await vi.advanceTimersByTimeAsync(1000);
  expect(read(view.take())).toMatchObject({ kind: 'view' });
  const message = read(timeline.take());
  expect(message).toMatchObject({ kind: 'timeline', reset: true });
  for (const source of [view, timeline]) expect(source.take()).toBeNull();
});

test('a stale view has the right age after the clock was set', async () => {
  script.error = new EngineError('engine-stopped', 'It is stopped.');
  await vi.advanceTimersByTimeAsync(10_000);
  const { at } = feed.status();
  vi.setSystemTime(Date.now() + HOUR);
  await vi.advanceTimersByTimeAsync(2000);
  expect(feed.status()).toMatchObject({ state: 'stale', at: (at ?? 0) + HOUR });
});

test.each([
  ['forward', 5 * HOUR],
  ['back', -5 * HOUR],
])(
  'after a restart only what this process has seen moves when the clock is set %s',
  async (_, jump) => {
    leave();
    const steadyClocks = [() => performance.now()];
    const options = { hat: ['ctrl'], echoService: 'goweb', steadyClocks };
    const earlier = feed.encodedView;
    feed = new Feed(script.engine, options);
    const records = structuredClone(earlier.timeline.records());
    feed.encodedView.continueFrom(feed.encodedView.timeline.restore(records, Date.now()));
    await vi.advanceTimersByTimeAsync(60_000);
    leave = feed.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10_000);
    script.tasks = [anEngineTask(1), anEngineTask(2), anEngineTask(3)];
    await vi.advanceTimersByTimeAsync(10_000);
    const before = feed.encodedView.view;
    expect(before?.tasks.slice(0, 2)).toEqual(earlier.view?.tasks);
    expect(before?.tasks).toHaveLength(3);
    const times = (view: typeof before) =>
      view?.tasks.map(({ stateAt, createdAt, seenAt, ranAt }) => [
        stateAt,
        createdAt,
        seenAt,
        ranAt,
      ]);
    const seen = (view: typeof before) => view?.tasks[2]?.seenAt ?? 0;

    vi.setSystemTime(Date.now() + jump);
    await vi.advanceTimersByTimeAsync(10_000);
    const { view, timeline } = feed.encodedView;
    expect(times(view)?.slice(0, 2)).toEqual(times(before)?.slice(0, 2));
    expect(view?.nodes.map(({ stateSince }) => stateSince)).toEqual(
      earlier.view?.nodes.map(({ stateSince }) => stateSince),
    );
    expect(seen(view)).toBe(seen(before) + jump);
    expect(timeline.viewAt(Date.now())?.view).toEqual(view);

    // Its bar began before the restart.
    script.tasks = [anEngineTask(2), anEngineTask(3)];
    await vi.advanceTimersByTimeAsync(10_000);
    const from = earlier.view?.tasks[0]?.seenAt;
    expect(timeline.since(0).spans).toMatchObject([{ from }]);
    vi.setSystemTime(Date.now() + HOUR);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(timeline.since(0).spans).toMatchObject([{ from }]);
    expect(times(feed.encodedView.view)?.[0]).toEqual(times(before)?.[1]);
  },
);

test('streams receive everything again when wrong times of an earlier process are dropped', async () => {
  leave();
  const records = structuredClone(feed.encodedView.timeline.records());
  vi.setSystemTime(Date.now() - 72 * HOUR);
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  const { encodedView } = feed;
  encodedView.continueFrom(encodedView.timeline.restore(records, Date.now()));
  feed.record();
  leave = () => {};
  await vi.advanceTimersByTimeAsync(10_000);
  const source = timelineSource(feed);
  expect(read(source.take())).toMatchObject({ entries: [{ kind: 'task running' }] });
  await vi.advanceTimersByTimeAsync(HOUR);
  expect(read(source.take())).toMatchObject({ kind: 'timeline', reset: true, entries: [] });
});
