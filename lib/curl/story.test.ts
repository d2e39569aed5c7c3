import { expect, test } from 'vitest';
import { aMark, aRollout } from '@/tests/factories/curl';
import type { Drill, Mark } from './run';
import { briefStory, storyOf } from './story';

const clock = (time: number) => new Date(time).toISOString().slice(11, 19);
const tell = (
  marks: Mark[],
  sent = 150,
  drill: Drill | null = null,
  entries: { name: string; unreachable: string[] }[] = [],
) => storyOf({ marks, sent, drill, entries }, clock);
const lost = (count: number, firstLostMs: number, lastLostMs: number) => ({
  lost: count,
  firstLostMs,
  lastLostMs,
});
const answered = (firstAnswerMs: number) => ({
  firstAnswerMs,
  firstAnswerBy: { name: 'goweb.2', nodeId: null },
});

test('is empty without marks', () => {
  expect(tell([])).toBe('');
  expect(tell([], 150, null, [{ name: 'zero1', unreachable: ['10.0.0.1'] }])).toBe('');
});

test('describes an update that failed by its outcome', () => {
  const update = aMark('update', 'goweb was updated to goweb:1.1', { ...lost(3, 0, 800) });
  const summary = 'The update to goweb:1.1 failed.';
  const run = { marks: [update], sent: 150, drill: null, entries: [] };
  const told = 'goweb was updated to goweb:1.1 at 12:04:31. The update to goweb:1.1 failed.';
  expect(
    storyOf({ ...run, rollouts: [aRollout({ at: update.at, state: 'paused', summary })] }, clock),
  ).toBe(told);
  const good = aRollout({ at: update.at, summary });
  expect(storyOf({ ...run, rollouts: [good] }, clock)).toContain('3 of 150');
  expect(
    storyOf({ ...run, rollouts: [aRollout({ at: 0, state: 'paused', summary })] }, clock),
  ).toContain('3 of 150');
});

test('names entry nodes that could not be reached, without counting their failures as lost requests', () => {
  const entries = [
    { name: 'ctrl', unreachable: [] },
    { name: 'zero1', unreachable: ['10.0.0.1'] },
  ];
  expect(tell([aMark('drain', 'zero3 was drained', {})], 150, null, entries)).toBe(
    'zero3 was drained at 12:04:31. No request failed. zero1 could not be reached from here: failures there are not counted as lost.',
  );
});

test.each<[string, Mark, string]>([
  [
    'a death and its replacement',
    aMark('task failed', 'goweb.2 on zero3 died', { ...lost(3, 0, 800), ...answered(7200) }),
    'goweb.2 on zero3 died at 12:04:31. 3 of 150 requests failed, the last one 0.8 s later; the replacement answered after 7.2 s.',
  ],
  [
    'a death without one',
    aMark('task failed', 'goweb.2 on zero3 died', {}),
    'goweb.2 on zero3 died at 12:04:31. No request failed; no replacement has answered.',
  ],
  [
    'some that were lost just before',
    aMark('task failed', 'goweb.2 on zero3 died', { ...lost(3, -240, 180), ...answered(7400) }),
    'goweb.2 on zero3 died at 12:04:31. 3 of 150 requests failed, the last one 0.2 s later; the replacement answered after 7.4 s.',
  ],
  [
    'one that was lost just then',
    aMark('task failed', 'goweb.2 on zero3 died', { ...lost(1, -20, -20), ...answered(12_000) }),
    'goweb.2 on zero3 died at 12:04:31. 1 of 150 requests failed, at that moment; the replacement answered after 12 s.',
  ],
  [
    'a Zero unplugged',
    aMark('node down', 'zero3 went down', { ...lost(20, -14_200, 900), ...answered(2100) }),
    'zero3 went down at 12:04:31. 20 of 150 requests failed, the first 14 s before swarm noticed, the last one 0.9 s later; the first new task answered after 2.1 s.',
  ],
  [
    'one whose losses were over before',
    aMark('node down', 'zero3 went down', lost(20, -14_200, -3000)),
    'zero3 went down at 12:04:31. 20 of 150 requests failed, 3–14 s before swarm noticed.',
  ],
  [
    'a drain that cost nothing',
    aMark('drain', 'zero3 was drained', answered(1300)),
    'zero3 was drained at 12:04:31. No request failed; the first new task answered after 1.3 s.',
  ],
  [
    'a return',
    aMark('activate', 'zero3 was made active', {}),
    'zero3 was made active at 12:04:31.',
  ],
])('%s', (_name, mark, expected) => {
  expect(tell([mark])).toBe(expected);
});

test('lists marks in order and shortens a long list', () => {
  const marks = Array.from({ length: 10 }, () => aMark('node up', 'zero3 came back', {}));
  const story = tell(marks);
  expect(story.match(/zero3 came back at 12:04:31\./g)).toHaveLength(8);
  expect(story).toMatch(/ 2 more changes followed\.$/);
});

test('has the reason of a refused drill', () => {
  const drill: Drill = {
    kind: 'drain',
    nodeId: 'n',
    node: 'zero3',
    taskId: null,
    task: null,
    state: 'failed',
    startedAt: 0,
    until: null,
    problem: 'The swarm has no leader.',
  };
  expect(tell([], 1, drill)).toBe('The drill failed: The swarm has no leader.');
});

test.each<[string, Mark, string]>([
  ['no cost', aMark('drain', 'zero3 was drained', {}), 'zero3 was drained: no request lost'],
  [
    'one lost request',
    aMark('node down', 'zero3 went down', lost(1, -2000, -2000)),
    'zero3 went down: 1 request lost',
  ],
  [
    'lost requests and a replacement',
    aMark('node down', 'zero3 went down', { ...lost(2, -3000, -1800), ...answered(2200) }),
    'zero3 went down: 2 requests lost, goweb.2 answered after 2.2 s',
  ],
  [
    'an answer in the same instant',
    aMark('task failed', 'goweb.2 on zero3 died', answered(-30)),
    'goweb.2 on zero3 died: no request lost, goweb.2 answered after 0.0 s',
  ],
])('the short form of %s', (_, mark, text) => {
  expect(briefStory(mark)).toBe(text);
});
