import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, expect, test, vi } from 'vitest';
import { EntityQueue } from './entity-queue';

afterEach(() => void vi.useRealTimers());

test('runs the changes of one entity one after the other, those of another meanwhile', async () => {
  const queue = new EntityQueue();
  const steps: string[] = [];
  const change = (name: string, ms: number) => async () => {
    steps.push(`${name} starts`);
    await new Promise((next) => setTimeout(next, ms));
    steps.push(`${name} ends`);
  };
  await Promise.all([
    queue.run('goweb', change('a', 30)),
    queue.run('goweb', change('b', 1)),
    queue.run('other', change('c', 1)),
  ]);
  const of = (names: string[]) => steps.filter((step) => names.includes(step.split(' ')[0] ?? ''));
  expect(of(['a', 'b'])).toEqual(['a starts', 'a ends', 'b starts', 'b ends']);
  expect(steps.indexOf('c ends')).toBeLessThan(steps.indexOf('a ends'));
});

test('a failed change does not stop the next one', async () => {
  const queue = new EntityQueue();
  const failed = queue.run('goweb', () => Promise.reject(new Error('no')));
  const next = queue.run('goweb', () => Promise.resolve('done'));
  await expect(failed).rejects.toThrow('no');
  await expect(next).resolves.toBe('done');
});

test('a change that waits too long is rejected and never runs; the next ones still wait for the first', async () => {
  vi.useFakeTimers();
  const queue = new EntityQueue();
  let finish = () => {};
  const first = queue.run('goweb', () => new Promise<void>((done) => (finish = done)));
  const second = vi.fn(() => Promise.resolve());
  const waits = queue.run('goweb', second).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(25_000);
  expect(await waits).toMatchObject({ kind: 'engine-timeout' });
  const third = vi.fn(() => Promise.resolve('third'));
  const last = queue.run('goweb', third);
  await vi.advanceTimersByTimeAsync(1000);
  expect(third).not.toHaveBeenCalled();
  finish();
  await first;
  await expect(last).resolves.toBe('third');
  expect(second).not.toHaveBeenCalled();
});

test('results of earlier changes are not kept while later ones wait', async () => {
  const queue = new EntityQueue();
  let ends = () => {};
  const made: WeakRef<object>[] = [];
  const change = () => {
    const result = { spec: 'x'.repeat(1000) };
    made.push(new WeakRef(result));
    return Promise.resolve(result);
  };
  const running = [0, 1, 2, 3].map(() => queue.run('goweb', change).then(() => {}));
  const last = queue.run('goweb', () => new Promise<void>((done) => (ends = done)));
  await Promise.all(running);
  setFlagsFromString('--expose-gc');
  // A reference is held until the current task has ended.
  await new Promise((next) => setTimeout(next));
  (runInNewContext('gc') as () => void)();
  expect(made.map((result) => result.deref())).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
  ends();
  await last;
});
