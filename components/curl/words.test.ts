import { expect, test } from 'vitest';
import type { Mark } from '@/lib/curl/run';
import { aMark, aRun } from '@/tests/factories/curl';
import { costWords, cutOffWords, msText, percent, setupWords, skippedWords } from './words';

const mark = (cost: Partial<Mark['cost']> = {}) => aMark('task failed', 'goweb.2 died', cost);

test('formats latencies and shares', () => {
  expect([null, 0.84, 7, 9.96, 12.4, 999, 1234].map(msText)).toEqual([
    '–',
    '0.8 ms',
    '7 ms',
    '10 ms',
    '12 ms',
    '1.0 s',
    '1.2 s',
  ]);
  expect([null, 0, 1 / 3, 1].map(percent)).toEqual(['–', '0%', '33%', '100%']);
});

test('explains why requests were skipped', () => {
  const words = (skipped: number, stalled: number, inFlight = 4) =>
    skippedWords({ skipped, stalled, request: { ...aRun().request, inFlight } });
  expect(words(3, 0)).toBe(
    '3 requests skipped instead of sent late (4 in flight already). Increase In flight to send more.',
  );
  expect(words(1, 1)).toBe('1 request skipped instead of sent late (the dashboard was busy).');
  expect(words(3, 1, 16)).toBe(
    '3 requests skipped instead of sent late (16 in flight already, the dashboard was busy).',
  );
});

test('explains why fewer requests were answered than sent', () => {
  expect([1, 2].map(cutOffWords)).toEqual([
    '1 request cut off at the end of the run, neither answered nor failed.',
    '2 requests cut off at the end of the run, neither answered nor failed.',
  ]);
});

test('describes what a change has cost', () => {
  expect(costWords(mark())).toBe('No request lost.');
  const cost = {
    lost: 3,
    firstLostMs: 0,
    lastLostMs: 800,
    firstAnswerMs: 7200,
    firstAnswerBy: { name: 'goweb.2', nodeId: null },
  };
  expect(costWords(mark(cost))).toBe(
    '3 requests lost, the last one after 0.8 s, goweb.2 answered after 7.2 s.',
  );
  expect(costWords(mark({ lost: 1, lastLostMs: -300 }))).toBe(
    '1 request lost, the last one 0.3 s before swarm noticed.',
  );
});

test('describes the settings of a run', () => {
  const { request } = aRun();
  expect(setupWords(request)).toBe('5/s × 30 s at ctrl');
  expect(
    setupWords({
      ...request,
      mode: 'burst',
      burst: 500,
      entryNode: 'rotate',
      connection: 'keepAlive',
      inFlight: 16,
    }),
  ).toBe('burst of 500 at all nodes in turn, keep alive, 16 in flight');
});
