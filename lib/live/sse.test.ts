import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import {
  closeStreams,
  encodeMessage,
  sseStream,
  streamsClosed,
  streamsFull,
  type Source,
} from './sse';

/** The encoding of the stream, and its bounded memory. */

const decoder = new TextDecoder();

/** A source that counts its calls and returns the latest number. */
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
      return encodeMessage('view', JSON.stringify(state.latest));
    },
  };
  const change = () => {
    state.latest++;
    for (const notify of notifies) notify();
  };
  return { source, state, change, subscriberCount: () => notifies.size };
}

async function next(reader: ReadableStreamDefaultReader<Uint8Array>): Promise<string | null> {
  const { value, done } = await reader.read();
  return done ? null : decoder.decode(value);
}

afterEach(() => {
  delete (globalThis as Record<symbol, unknown>)[Symbol.for('clusterhat.live.closed')];
});

test('sends a retry interval first, then each message as its event', async () => {
  const { source, change } = aSource();
  const reader = sseStream([source], new AbortController().signal, 'owner-1').getReader();
  expect(await next(reader)).toMatch(/^retry: \d+\n\n$/);
  change();
  expect(await next(reader)).toBe('event: view\ndata: 1\n\n');
  await reader.cancel();
});

test('sends a client that did not read the latest message, not those in between', async () => {
  const { source, state, change } = aSource();
  const reader = sseStream([source], new AbortController().signal, 'owner-1').getReader();
  for (let n = 0; n < 10_000; n++) change();
  expect(state.taken).toBeLessThanOrEqual(1);
  const seen: string[] = [];
  while (!seen.at(-1)?.includes('10000')) seen.push((await next(reader)) ?? 'ended');
  expect(seen.length).toBeLessThanOrEqual(3);
  await reader.cancel();
});

test('a source that always has a message does not starve the others', async () => {
  const [busy, calm] = [aSource(), aSource()];
  const reader = sseStream(
    [busy.source, calm.source],
    new AbortController().signal,
    'owner-1',
  ).getReader();
  expect(await next(reader)).toContain('retry');
  for (let round = 1; round <= 3; round++) {
    calm.change();
    // Like a slow connection: each read makes room for one message, and by then there are more.
    for (let read = 0; read < 3; read++) {
      busy.change();
      await next(reader);
    }
    expect(calm.state.taken).toBe(round);
  }
  await reader.cancel();
});

test('unsubscribes when the request is aborted or the stream is cancelled', async () => {
  const { source, subscriberCount } = aSource();
  const left = new AbortController();
  sseStream([source], left.signal, 'owner-1');
  expect(subscriberCount()).toBe(1);
  left.abort();
  expect(subscriberCount()).toBe(0);
  const reader = sseStream([source], new AbortController().signal, 'owner-1').getReader();
  expect(subscriberCount()).toBe(1);
  await reader.cancel();
  expect(subscriberCount()).toBe(0);
});

test('limits the open streams of each owner and of all together', async () => {
  // One signal each, as requests have: Node warns at the eleventh listener of a signal.
  const clients = Array.from({ length: 299 }, () => new AbortController());
  for (const [at, { signal }] of clients.entries()) sseStream([], signal, at % 6);
  expect(streamsFull(0)).toBe('owner');
  expect(streamsFull(5)).toBeNull();
  const last = sseStream([], new AbortController().signal, 5);
  expect(streamsFull(5)).toBe('owner');
  expect(streamsFull('another')).toBe('server');
  await last.cancel();
  expect(streamsFull('another')).toBeNull();
  for (const client of clients) client.abort();
  expect(streamsFull(0)).toBeNull();
});

test('closes a stream that is not read for 30 s, and no other', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const [left, read] = [aSource(), aSource()];
  sseStream([left.source], new AbortController().signal, 'owner-1');
  const reader = sseStream([read.source], new AbortController().signal, 'owner-1').getReader();
  await next(reader);
  await vi.advanceTimersByTimeAsync(29_000);
  expect([left.subscriberCount(), read.subscriberCount()]).toEqual([1, 1]);
  await vi.advanceTimersByTimeAsync(1000);
  expect([left.subscriberCount(), read.subscriberCount()]).toEqual([0, 1]);
  // A client with nothing to read is not stuck; one that does not read a message is.
  read.change();
  read.change();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(read.subscriberCount()).toBe(0);
});

test('closeStreams sends bye and closes every stream, later ones at once', async () => {
  const { source, subscriberCount } = aSource();
  const readers = [1, 2].map(() =>
    sseStream([source], new AbortController().signal, 'owner-1').getReader(),
  );
  for (const reader of readers) await next(reader);
  expect(streamsClosed()).toBe(false);
  closeStreams();
  const bye = 'event: bye\ndata: {"kind":"bye"}\n\n';
  expect(await Promise.all(readers.map(next))).toEqual([bye, bye]);
  expect(await Promise.all(readers.map(next))).toEqual([null, null]);
  expect(streamsClosed()).toBe(true);
  const late = sseStream([source], new AbortController().signal, 'owner-1').getReader();
  expect(await next(late)).toBe(bye);
  expect(await next(late)).toBeNull();
  expect(subscriberCount()).toBe(0);
});
