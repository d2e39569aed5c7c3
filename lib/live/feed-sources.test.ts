import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveMessageSchema } from '../api';
import { Feed } from './feed';
import { anEngineTask, ScriptedEngine, TIME } from '@/tests/factories/engine';
import { statusOf, timelineSource, viewSource } from './feed-sources';

/** What one stream is sent, and when. */

let script: ScriptedEngine;
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new ScriptedEngine();
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
});

afterEach(() => vi.useRealTimers());

/** A message as the browser parses it. */
function read(message: Uint8Array | null) {
  if (message === null) return null;
  const [, json = ''] = /\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(message)) ?? [];
  return liveMessageSchema.parse(JSON.parse(json));
}

test('sends a new stream the timeline even if it is empty', async () => {
  script.tasks = [];
  const source = timelineSource(feed);
  const leave = source.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(1000);
  expect(read(source.take())).toMatchObject({ kind: 'timeline', reset: true, entries: [] });
  expect(source.take()).toBeNull();
  leave();
});

test('a view from before the last subscriber left is not live', async () => {
  await feed.fresh();
  await vi.advanceTimersByTimeAsync(3000);
  expect(statusOf(feed, 'public').state).toBe('live');
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(statusOf(feed, 'public')).toMatchObject({ state: 'connecting', at: TIME });
});

test('several streams share the same bytes', async () => {
  const streams = [viewSource(feed), viewSource(feed), timelineSource(feed), timelineSource(feed)];
  const unsubscribes = streams.map((source) => source.subscribe(() => {}));
  await vi.advanceTimersByTimeAsync(0);
  const take = () => streams.map((source) => source.take());
  const same = ([a, b, c, d]: (Uint8Array | null)[]) => a !== null && a === b && c === d;
  const first = take();
  expect(same(first)).toBe(true);
  expect(first.map((message) => read(message)?.kind)).toEqual([
    'view',
    'view',
    'timeline',
    'timeline',
  ]);
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  await vi.advanceTimersByTimeAsync(1000);
  const second = take();
  expect(same(second)).toBe(true);
  expect(read(second[0] ?? null)).toMatchObject({ kind: 'patch', rev: 2 });
  expect(read(second[2] ?? null)).toMatchObject({ kind: 'timeline', reset: false });
  for (const stop of unsubscribes) stop();
});
