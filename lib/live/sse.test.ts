import { afterEach, expect, test } from 'vitest';
import { closeStreams, sseStream, streamsClosed, type Source } from './sse';

/** The encoding of the stream and its promise of bounded memory. */

const decoder = new TextDecoder();

/** A source that says how often it was asked; it always has the latest number to tell. */
function aSource() {
  const notifies = new Set<() => void>();
  const state = { taken: 0, latest: 0, sent: 0 };
  const source: Source = {
    subscribe(notify) {
      notifies.add(notify);
      return () => notifies.delete(notify);
    },
    take() {
      if (state.sent === state.latest) return null;
      state.taken++;
      state.sent = state.latest;
      return { event: 'view', json: JSON.stringify(state.latest) };
    },
  };
  const change = () => {
    state.latest++;
    for (const notify of notifies) notify();
  };
  return { source, state, change, watchers: () => notifies.size };
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | null> {
  const { value, done } = await reader.read();
  return done ? null : decoder.decode(value);
}

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('clusterhat.live.closed')];
});

test('a retry hint first, then each message as its event', async () => {
  const { source, change } = aSource();
  const reader = sseStream([source], new AbortController().signal).getReader();
  expect(await next(reader)).toMatch(/^retry: \d+\n\n$/);
  change();
  expect(await next(reader)).toBe('event: view\ndata: 1\n\n');
  await reader.cancel();
});

test('a viewer that reads nothing is sent the latest later, not everything in between', async () => {
  const { source, state, change } = aSource();
  const reader = sseStream([source], new AbortController().signal).getReader();
  for (let n = 0; n < 10_000; n++) change();
  expect(state.taken).toBeLessThanOrEqual(1);
  const seen: string[] = [];
  while (!seen.at(-1)?.includes('10000')) seen.push((await next(reader)) ?? 'ended');
  expect(seen.length).toBeLessThanOrEqual(3);
  await reader.cancel();
});

test('two sources share the connection; one does not starve the other', async () => {
  const [first, second] = [aSource(), aSource()];
  const reader = sseStream([first.source, second.source], new AbortController().signal).getReader();
  expect(await next(reader)).toContain('retry');
  first.change();
  second.change();
  await next(reader);
  await next(reader);
  expect([first.state.taken, second.state.taken]).toEqual([1, 1]);
  await reader.cancel();
});

test('a viewer that leaves is forgotten, by either sign', async () => {
  const { source, watchers } = aSource();
  const left = new AbortController();
  sseStream([source], left.signal);
  expect(watchers()).toBe(1);
  left.abort();
  expect(watchers()).toBe(0);
  const reader = sseStream([source], new AbortController().signal).getReader();
  expect(watchers()).toBe(1);
  await reader.cancel();
  expect(watchers()).toBe(0);
});

test('closeStreams ends every stream, and one that is opened afterwards at once', async () => {
  const { source, watchers } = aSource();
  const readers = [1, 2].map(() => sseStream([source], new AbortController().signal).getReader());
  for (const reader of readers) await next(reader);
  expect(streamsClosed()).toBe(false);
  closeStreams();
  expect(await Promise.all(readers.map(next))).toEqual([null, null]);
  expect(streamsClosed()).toBe(true);
  const late = sseStream([source], new AbortController().signal).getReader();
  expect(await next(late)).toBeNull();
  expect(watchers()).toBe(0);
});
