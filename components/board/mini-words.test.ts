import { expect, test } from 'vitest';
import { aMark, aRun } from '@/tests/factories/curl';
import { aTask } from '@/tests/factories/view';
import type { BoardTask } from './board-tasks';
import { miniRunWords, NEWS_MS, tasksWithLetter } from './mini-words';

const mark = aMark('node down', 'zero3 went down', {
  lost: 2,
  firstLostMs: -3000,
  lastLostMs: -1800,
});
const run = aRun({ verdict: 'Round robin', marks: [mark] });
const services = [{ id: run.request.serviceId }];

test('a change stands in place of the verdict for a while', () => {
  expect(miniRunWords(run, services, mark.time)).toBe('zero3 went down: 2 requests lost');
  expect(miniRunWords(run, services, mark.time + NEWS_MS - 1)).toBe(
    'zero3 went down: 2 requests lost',
  );
  expect(miniRunWords(run, services, mark.time + NEWS_MS)).toBe('Round robin');
});

test('the last of several changes counts', () => {
  const later = aMark('node up', 'zero3 came back', {});
  expect(miniRunWords({ ...run, marks: [mark, later] }, services, later.time)).toBe(
    'zero3 came back: no request lost',
  );
});

test('without changes, and once the run has ended, it is the verdict', () => {
  expect(miniRunWords({ ...run, marks: [] }, services, mark.time)).toBe('Round robin');
  expect(miniRunWords({ ...run, state: 'ended' }, services, mark.time)).toBe('Round robin');
  expect(miniRunWords({ ...run, state: 'ended' }, [], mark.time)).toMatch(
    /^Earlier run of goweb: /,
  );
});

test('badges that do not fit a place are left out', () => {
  const task = (badge: BoardTask['badge']): BoardTask => ({
    id: String(badge),
    task: aTask(),
    service: 'goweb',
    earlierFailures: 0,
    lostAt: null,
    badge,
  });
  const shown = tasksWithLetter([1, 27, 'W', 'W2', 'W2.1', null].map(task));
  expect(shown.map(({ badge }) => badge)).toEqual([1, 27, 'W', 'W2', null]);
});
