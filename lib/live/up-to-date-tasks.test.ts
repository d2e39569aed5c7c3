import { beforeEach, expect, test } from 'vitest';
import { EngineError, type Engine } from '@/lib/engine';
import { capturedSnapshot } from '@/tests/fixtures/engine';
import { UpToDateTasks } from './up-to-date-tasks';

let requests = 0;
let answer: () => Promise<string[]>;
let lists = capturedSnapshot();
let upToDate: UpToDateTasks;
beforeEach(() => {
  requests = 0;
  lists = capturedSnapshot();
  answer = async () => lists.tasks.map(({ ID }) => ID);
  const upToDateTasks = () => {
    requests++;
    return answer();
  };
  upToDate = new UpToDateTasks({ upToDateTasks } as Partial<Engine> as Engine);
});
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

test('fails and asks again when the engine fails', async () => {
  answer = () => Promise.reject(new EngineError('engine-error', 'no leader'));
  await expect(look()).rejects.toThrow('no leader');
  answer = async () => ['one'];
  expect(await look()).toEqual(new Set(['one']));
});
