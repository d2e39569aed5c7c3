import { expect, test } from 'vitest';
import { engineGaps, needsVersion } from './engine-gaps';

const OLD = { Version: '19.03.15', ApiVersion: '1.40' };

test.each(['replicated-job', 'global-job'] as const)('an engine without jobs: %s', (mode) => {
  expect(engineGaps({ mode }, OLD)).toEqual([
    { field: 'mode', message: 'Docker 19.03 has no jobs; they need Docker 20.10.' },
  ]);
  expect(needsVersion({ mode })).toBe(true);
});

test('an engine without limits of processes', () => {
  expect(engineGaps({ limits: { pids: 9 } }, OLD)).toEqual([
    {
      field: 'limits.pids',
      message: 'Docker 19.03 has no limit of processes; it needs Docker 20.10.',
    },
  ]);
  // None: what such an engine does.
  expect(engineGaps({ limits: { pids: 0 } }, OLD)).toEqual([]);
});

test('an engine whose release is not known is named by its API', () => {
  const messages = (engine: object) =>
    engineGaps({ mode: 'global-job' }, engine).map(({ message }) => message);
  const text = 'This engine (API 1.39) has no jobs; they need Docker 20.10.';
  expect(messages({ ApiVersion: '1.39' })).toEqual([text]);
  expect(messages({ Version: 'odd', ApiVersion: '1.39' })).toEqual([text]);
});

test('a newer engine, one of an unknown version, and services without such parts', () => {
  const form = { mode: 'replicated-job', limits: { pids: 9 } } as const;
  for (const ApiVersion of ['1.41', '1.55', '', 'odd', '1.4x']) {
    expect(engineGaps(form, { Version: '19.03.1', ApiVersion })).toEqual([]);
  }
  expect(engineGaps(form, null)).toEqual([]);
  for (const others of [{}, { mode: 'replicated' }, { mode: 'global', limits: {} }] as const) {
    expect(engineGaps(others, OLD)).toEqual([]);
    expect(needsVersion(others)).toBe(false);
  }
});
