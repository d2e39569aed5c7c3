import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError, type Engine } from '@/lib/engine';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { UpToDateTasks } from './up-to-date-tasks';

let requests = 0;
let now = 0;
let answer: (signal: AbortSignal) => Promise<string[]>;
let lists = capturedSnapshot();
let upToDate: UpToDateTasks;
beforeEach(() => {
  requests = 0;
  lists = capturedSnapshot();
  answer = async () => lists.tasks.map(({ ID }) => ID);
  now = 0;
  const upToDateTasks = (signal: AbortSignal) => {
    requests++;
    return answer(signal);
  };
  upToDate = new UpToDateTasks({ upToDateTasks } as Partial<Engine> as Engine, () => now);
});
afterEach(() => vi.useRealTimers());
const look = () => upToDate.of(lists, new AbortController().signal);

test('asks the engine once while nothing changes that the answer depends on', async () => {
  const [first] = lists.tasks;
  expect([...((await look()) ?? [])]).toHaveLength(lists.tasks.length);
  if (first) first.Version.Index++;
  lists.tasks.pop();
  await look();
  expect(requests).toBe(1);
});

test.each(['nodes', 'services'] as const)(
  'asks again when one of the %s has changed',
  async (of) => {
    await look();
    const [entity] = lists[of];
    if (entity) entity.Version.Index++;
    answer = async () => [];
    expect((await look())?.size).toBe(0);
    expect(requests).toBe(2);
  },
);

test('asks again when a task is new, unless the answer had it already', async () => {
  const model = lists.tasks[0]!;
  answer = async () => ['early'];
  await look();
  lists.tasks.push({ ...model, ID: 'early' });
  await look();
  expect(requests).toBe(1);
  lists.tasks.push({ ...model, ID: 'late' });
  await look();
  expect(requests).toBe(2);
});

test.each(['engine-refused', 'not-found', 'not-an-engine'] as const)(
  'returns null on %s, and does not retry',
  async (kind) => {
    answer = () => Promise.reject(new EngineError(kind, 'no answer'));
    expect(await look()).toBeNull();
    expect(await look()).toBeNull();
    expect(requests).toBe(1);
  },
);

test.each(['no-quorum', 'engine-stopped', 'engine-timeout', 'tls', 'ssh'] as const)(
  'fails on %s, which concerns the whole engine, and repeats the query',
  async (kind) => {
    answer = () => Promise.reject(new EngineError(kind, 'away'));
    await expect(look()).rejects.toThrow('away');
    answer = async () => ['one'];
    expect(await look()).toEqual(new Set(['one']));
  },
);

const fail = () => Promise.reject(new EngineError('engine-error', 'status 500'));

test('an error of this query alone is no error of the read; it is repeated after 5 s', async () => {
  answer = fail;
  expect(await look()).toBeNull();
  now = 4999;
  expect(await look()).toBeNull();
  expect(requests).toBe(1);
  now = 5000;
  answer = async () => ['one'];
  expect(await look()).toEqual(new Set(['one']));
});

test('keeps the last answer while the query fails; new tasks count as up to date', async () => {
  const [old, ...others] = lists.tasks;
  answer = async () => others.map(({ ID }) => ID);
  await look();
  lists.tasks.push({ ...old!, ID: 'new' });
  answer = fail;
  expect(await look()).toEqual(new Set([...others.map(({ ID }) => ID), 'new']));
});

test('does not wait for a query that hangs', async () => {
  vi.useFakeTimers();
  answer = (signal) =>
    new Promise((_, reject) => {
      const late = new EngineError('engine-timeout', 'no answer');
      signal.addEventListener('abort', () => reject(late));
    });
  const looked = look();
  await vi.advanceTimersByTimeAsync(2000);
  expect(await looked).toBeNull();
});

test('fails when the whole read was aborted', async () => {
  const read = new AbortController();
  answer = () => {
    read.abort();
    return Promise.reject(new EngineError('engine-timeout', 'aborted'));
  };
  await expect(upToDate.of(lists, read.signal)).rejects.toThrow('aborted');
});
