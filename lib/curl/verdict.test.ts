import { expect, test } from 'vitest';
import { tallyOptions, aMoment, anAnswer } from '@/tests/factories/curl';
import { aTask, aView, tasksInSlots } from '@/tests/factories/view';
import { Tally } from './tally';

const A = [1, 2, 3];
const rounds = (n: number, round: (number | null)[] = A) =>
  Array.from({ length: n }, () => round).flat();

function verdict(slots: (number | null)[], { ended = true, tasks = A } = {}): string {
  const tally = new Tally(tallyOptions());
  tally.applyView(aView({ tasks: tasks.map((slot) => aTask({ slot })) }), aMoment(0));
  for (const slot of slots) tally.add(anAnswer(tally.send(), slot));
  return tally.summary(ended).verdict;
}

test.each<[string, (number | null)[], string]>([
  ['nothing yet', [], 'Nothing was sent'],
  ['one request', [2], 'goweb.2 answered'],
  ['two of three', [1, 2], 'Too few answers for a verdict: 2 from 3 running tasks'],
  ['turns', rounds(10), 'Round robin: even to within 1 request'],
  ['turns, one over', [...rounds(10), 1], 'Round robin: even to within 1 request'],
  ['even but not in turns', [1, 1, 2, 2, 3, 3], 'Even to within 1 request'],
  ['sticky', rounds(10, [2]), 'One task answered everything: goweb.2, though 3 tasks run'],
  ['one silent', rounds(10, [1, 2]), 'Uneven: no answer from goweb.3'],
  [
    'one twice as often',
    rounds(10, [1, 1, 2, 3]),
    'Uneven by 10 requests: goweb.1 answered most, goweb.3 least',
  ],
  ['all refused', [null, null], 'No answers: all 2 requests failed (connection refused)'],
  ['one refused', [null], 'No answers: the request failed (connection refused)'],
  [
    'some refused',
    rounds(10, [1, 2, 3, null]),
    'Round robin: even to within 1 request; 10 of 40 requests failed (connection refused)',
  ],
])('%s', (_name, slots, expected) => {
  const sentence = verdict(slots);
  expect(sentence).toBe(expected);
});

test.each([
  ['3xx', 'Answered with a redirect (3xx)'],
  ['4xx', 'Answered with an error (4xx)'],
  ['5xx', 'Answered with an error (5xx)'],
  ['bad body', 'No answers: the request failed (not the echo text)'],
] as const)('a single request with %s', (error, expected) => {
  const tally = new Tally(tallyOptions());
  tally.applyView(aView(), aMoment(0));
  tally.add(anAnswer(tally.send(), null, { error }));
  expect(tally.summary(true).verdict).toBe(expected);
});

test('waits while there are no answers', () => {
  expect(verdict([], { ended: false })).toBe('Waiting for the first answer');
});

test('one running task answers everything', () => {
  expect(verdict([1, 1, 1], { tasks: [1] })).toBe(
    'One task answered everything: only goweb.1 runs',
  );
});

test('mentions a change and counts from zero', () => {
  const tally = new Tally(tallyOptions());
  tally.applyView(aView(), aMoment(0));
  for (const slot of rounds(5)) tally.add(anAnswer(tally.send(), slot));
  tally.applyView(aView({ tasks: tasksInSlots(1, 2) }), aMoment(3000));
  expect(tally.summary(false).verdict).toBe('Tasks changed; count restarted (0 answers)');
  for (const slot of rounds(5, [1, 2])) tally.add(anAnswer(tally.send(), slot));
  expect(tally.summary(false).verdict).toBe(
    'Round robin since the tasks changed: even to within 1 request',
  );
});

test('does not count unknown containers as the service', () => {
  const tally = new Tally(tallyOptions());
  tally.applyView(aView(), aMoment(0));
  for (let i = 0; i < 5; i++) {
    const over = { error: 'unknown container' as const, container: 'feedfacecafe' };
    tally.add(anAnswer(tally.send(), null, over));
  }
  expect(tally.summary(false).verdict).toBe(
    'The answers come from containers that are no task of this service',
  );
});
