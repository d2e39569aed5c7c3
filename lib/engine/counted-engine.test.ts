import { expect, test, vi } from 'vitest';
import { countedEngine } from './counted-engine';
import type { Engine } from './engine';
import { EngineError } from './errors';

const counted = (engine: Partial<Engine>) => {
  const calls: [call: string, failure: string | null][] = [];
  const onCall = vi.fn((call: string, seconds: number, failure: string | null) => {
    expect(seconds).toBeGreaterThanOrEqual(0);
    calls.push([call, failure]);
  });
  return { calls, engine: countedEngine(engine as Engine, onCall) };
};

test('counts calls, returns their results, and reports the kind of a failure', async () => {
  const { calls, engine } = counted({
    tasks: () => Promise.resolve([]),
    nodes: () => Promise.reject(new EngineError('no-quorum', 'No leader.')),
    info: () => Promise.reject(new TypeError('ours')),
    ping: () => Promise.resolve(false),
    scale: (_service, to) => Promise.resolve({ from: 1, to }),
  });
  expect(await engine.tasks()).toEqual([]);
  expect(await engine.scale('goweb', 5)).toEqual({ from: 1, to: 5 });
  expect(await engine.ping(10)).toBe(false);
  await expect(engine.nodes()).rejects.toThrow('No leader.');
  await expect(engine.info()).rejects.toThrow(TypeError);
  expect(calls).toEqual([
    ['tasks', null],
    ['scale', null],
    ['ping', 'engine-timeout'],
    ['nodes', 'no-quorum'],
    ['info', 'engine-error'],
  ]);
});

test('does not count a call that its caller aborted', async () => {
  const ends = new AbortController();
  const { calls, engine } = counted({
    tasks: () => Promise.reject(new EngineError('engine-timeout', 'Aborted.')),
  });
  ends.abort();
  await expect(engine.tasks(ends.signal)).rejects.toThrow('Aborted.');
  expect(calls).toEqual([]);
});
