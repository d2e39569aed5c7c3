import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { liveMessageSchema } from '../api';
import { Feed } from './feed';
import { Scripted, TIME } from './fixtures';
import { timelineSource } from './sources';

/** What one viewer is told, and when. */

let script: Scripted;
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new Scripted();
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
});

afterEach(() => vi.useRealTimers());

/** A message as the browser reads it. */
function read(message: Uint8Array | null) {
  if (message === null) return null;
  const [, json = ''] = /\ndata: (.*)\n\n$/.exec(new TextDecoder().decode(message)) ?? [];
  return liveMessageSchema.parse(JSON.parse(json));
}

test('a newcomer is told the hour even when nothing has happened in it', async () => {
  script.tasks = [];
  const source = timelineSource(feed);
  const leave = source.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(1000);
  expect(read(source.take())).toMatchObject({ kind: 'timeline', reset: true, entries: [] });
  expect(source.take()).toBeNull();
  leave();
});
