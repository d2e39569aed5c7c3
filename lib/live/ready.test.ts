import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError } from '../engine';
import { Feed } from './feed';
import { ScriptedEngine, TIME } from '@/tests/factories/engine';
import { whyNotReady } from './ready';

let script: ScriptedEngine;
let feed: Feed;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new ScriptedEngine();
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
});
afterEach(() => {
  vi.useRealTimers();
});

async function probe(): Promise<string | null> {
  const verdict = whyNotReady(feed);
  await vi.advanceTimersByTimeAsync(2000);
  return await verdict;
}

test('is ready with a view, which a probe polls for', async () => {
  expect(await probe()).toBeNull();
  expect(script.count('tasks')).toBe(1);
});

test('is not ready without an engine, and returns the problem', async () => {
  script.error = new EngineError('socket-missing', 'No /run/secret.sock.');
  expect(await probe()).toBe('socket-missing');
  script.error = null;
  await vi.advanceTimersByTimeAsync(5000);
  expect(await probe()).toBeNull();
});

test('stays ready after a failed poll while the view is younger than 10 s', async () => {
  expect(await probe()).toBeNull();
  script.error = new EngineError('engine-stopped', 'It is stopped.');
  await vi.advanceTimersByTimeAsync(4000);
  expect(await probe()).toBeNull();
  await vi.advanceTimersByTimeAsync(6000);
  expect(await probe()).toBe('engine-stopped');
});

test('is not ready after 2 s of a hanging engine; a hundred probes share one poll', async () => {
  script.latency = Infinity;
  const verdicts = Array.from({ length: 100 }, () => whyNotReady(feed));
  await vi.advanceTimersByTimeAsync(2000);
  expect(new Set(await Promise.all(verdicts))).toEqual(new Set(['engine-timeout']));
  expect(script.count('info')).toBe(1);
});

test('is ready while a proxy refuses some calls, but not when it refuses every list', async () => {
  script.refused = new Set(['info', 'version', 'pingAllowed', 'nodes', 'tasks']);
  expect(await probe()).toBeNull();
  script.refused = new Set(['nodes', 'services', 'tasks']);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await probe()).toBe('engine-refused');
});
