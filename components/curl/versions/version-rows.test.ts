import { expect, test } from 'vitest';
import type { RunRollout, RunVersion } from '@/lib/curl/run';
import { aRollout } from '@/tests/factories/curl';
import { rolloutWords } from './rollout-words';
import { secondsByVersion, versionRows } from './version-rows';

const at = (hours: number, minutes: number) => new Date(2026, 0, 1, hours, minutes, 7).getTime();

const version = (image: string, since: number | null): RunVersion => ({
  image,
  since,
  current: since !== null,
  running: 1,
  failed: 0,
  answers: 1,
  share: 1,
  p50: 1,
  p95: 1,
  p99: null,
  firstAnswerMs: 0,
  lastAnswerMs: 0,
});
const names = (...versions: RunVersion[]) => versionRows(versions).map(({ name }) => name);

test('names versions by their image, and those with one image by the time of their spec', () => {
  expect(names(version('goweb:1.0', null), version('goweb:1.1', at(14, 3)))).toEqual([
    'goweb:1.0',
    'goweb:1.1',
  ]);
  expect(
    names(
      version('goweb:1.0', null),
      version('goweb:1.0', at(14, 3)),
      version('goweb:2', at(14, 5)),
      version('goweb:1.0', at(14, 9)),
    ),
  ).toEqual([
    'goweb:1.0, spec before 14:03',
    'goweb:1.0, spec of 14:03',
    'goweb:2',
    'goweb:1.0, spec of 14:09',
  ]);
});

test('counts each second’s answers by the version of the task, and failures apart', () => {
  const seconds = [
    { second: 4, answers: { old: 9 }, failed: 0, skipped: 0 },
    { second: 5, answers: { old: 2, new: 1, '': 3 }, failed: 1, skipped: 2 },
    { second: 7, answers: { new: 4, unknown: 1 }, failed: 0, skipped: 0 },
  ];
  const shares = [
    { taskId: 'old', version: 0 },
    { taskId: 'new', version: 1 },
    { taskId: 'unknown', version: null },
  ];
  const versions = [version('goweb:1.0', null), version('goweb:1.1', at(14, 3))];
  const range = { first: 5, count: 10, past: 3 };
  expect(secondsByVersion(seconds, shares, versions, range)).toEqual([
    [2, 0, 0],
    [1, 0, 4],
    [1, 0, 0],
  ]);
});

test('describes a run’s only rollout in one phrase, and counts the versions of several', () => {
  const versions = [version('goweb:1.0', null), version('goweb:1.1', at(14, 3))];
  const words = (...rollouts: RunRollout[]) => rolloutWords({ versions, rollouts });
  expect(words(aRollout({ state: 'rolled back' }))).toBe('update to goweb:1.1: rolled back');
  expect(words(aRollout({ kind: 'rollback', from: 1, to: 1 }))).toBe('rollback: completed');
  expect(words(aRollout({ state: 'updating' }))).toBe('update to goweb:1.1: unfinished');
  expect(words(aRollout(), aRollout())).toBe('2 versions');
});
