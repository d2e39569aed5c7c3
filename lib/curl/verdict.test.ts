import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { aMoment, anAnswer, aRun, tallyOptions } from '@/tests/factories/curl';
import { aTask, aView, tasksInSlots } from '@/tests/factories/view';
import type { Entry, Share } from './run';
import { Tally } from './tally';
import { verdictOf, type VerdictFacts } from './verdict';

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

describe('verdictOf', () => {
  const SLOTS = [1, 2, 3];
  const shareOf = (
    slot: number,
    answers: number,
    taskId: string | null = `task-${slot}`,
  ): Share => ({
    taskId,
    name: `goweb.${slot}`,
    slot,
    nodeId: null,
    running: taskId !== null,
    answers,
    share: 0,
    p50: null,
    p95: null,
    p99: null,
  });

  /** Three running tasks of which each gave so many answers, through ctrl. */
  function facts(answers: number[], over: Partial<VerdictFacts> = {}): VerdictFacts {
    const shares = answers.map((count, at) => shareOf(at + 1, count));
    const answered = answers.reduce((sum, count) => sum + count, 0);
    const counts = new Map(shares.map(({ taskId, answers: count }) => [taskId ?? '', count]));
    return {
      ...aRun({ sent: answered, answered, connections: answered, shares }),
      entries: [entry('ctrl')],
      ended: true,
      window: {
        running: new Set(counts.keys()),
        counts,
        answers: answered,
        turns: answered,
        spread: Math.max(...answers) - Math.min(...answers),
        repeats: 0,
        changed: false,
      },
      keepAlive: false,
      hostMode: false,
      unnamed: false,
      sharedHostnames: false,
      ...over,
    };
  }

  const entry = (name: string, over: Partial<Entry> = {}): Entry => ({
    ...(aRun().entries[0] as Entry),
    nodeId: `id-${name}`,
    name,
    sent: 10,
    answered: 10,
    ...over,
  });
  const lost = { answered: 0, failed: 10 };
  const unreachable = { ...lost, unreachable: ['192.168.65.3'] };

  test.each<[string, VerdictFacts, string]>([
    ['stopped early', facts([0, 0, 0], { sent: 2 }), 'No answers: stopped before the first one'],
    [
      'no entry node can be reached',
      facts([0, 0, 0], { sent: 10, failed: 10, entries: [entry('ctrl', unreachable)] }),
      'ctrl cannot be reached from here (192.168.65.3): run the dashboard on the controller, or set DOCKER_HOST to an address of it that this machine reaches',
    ],
    [
      'some failed, none answered yet',
      facts([0, 0, 0], { sent: 12, failed: 10, errors: { refused: 3, 'read timeout': 7 } }),
      'No answers: 10 of 12 requests failed (most: read timeout)',
    ],
    [
      'one entry node out of reach, the other without answers',
      facts([0, 0, 0], {
        sent: 20,
        failed: 20,
        errors: { reset: 20 },
        entries: [entry('ctrl', lost), entry('zero1', unreachable)],
      }),
      'No answers: all 20 requests failed (connection reset); zero1 cannot be reached from here (192.168.65.3)',
    ],
    [
      'two entry nodes out of reach are not counted as failures',
      facts([10, 10, 10], {
        sent: 50,
        failed: 20,
        entries: [entry('ctrl'), entry('zero1', unreachable), entry('zero2', unreachable)],
      }),
      'Round robin: even to within 1 request; zero1 and zero2 cannot be reached from here',
    ],
    [
      'no answers through one of three',
      facts([10, 10, 10], {
        sent: 40,
        failed: 10,
        errors: { 'read timeout': 10 },
        entries: [entry('ctrl'), entry('zero1', lost), entry('zero2')],
      }),
      'Round robin at each of 3 entry nodes: even to within 1 request; 10 of 40 requests failed (read timeout); no answers through zero1',
    ],
    [
      'no answers through five',
      facts([10, 10, 10], {
        entries: [entry('ctrl'), ...['a', 'b', 'c', 'd', 'e'].map((name) => entry(name, lost))],
      }),
      'Round robin at each of 6 entry nodes: even to within 1 request; no answers through a, b, c and 2 more',
    ],
    [
      'failures of unknown kind',
      facts([10, 10, 10], { sent: 31, failed: 1, errors: { 'unknown container': 1 } }),
      'Round robin: even to within 1 request; 1 of 31 requests failed (reason unknown)',
    ],
    [
      'HEAD',
      facts([1, 0, 0], { unnamed: 'HEAD' }),
      '1 answer to HEAD: without a body the answering task is unknown',
    ],
    [
      'a service that prints no hostname',
      facts([10, 0, 0], { unnamed: true }),
      "10 answers without a container's name: the answering task is unknown",
    ],
    [
      'one hostname for all',
      facts([], {
        sent: 9,
        answered: 9,
        shares: [shareOf(1, 9, null)],
        sharedHostnames: true,
      }),
      'The tasks share one hostname, so their answers cannot be distinguished',
    ],
    [
      'no task runs any more',
      facts([5, 5, 5], { ended: false, window: { ...facts([]).window, changed: true } }),
      'No running task',
    ],
    [
      'no task ran at the end',
      facts([5, 5, 5], { window: { ...facts([]).window, changed: true } }),
      'No task was running at the end',
    ],
    [
      'one of those that answered still runs',
      facts([5, 5], { ended: false, window: { ...facts([5]).window, changed: true } }),
      'Only goweb.1 is running now',
    ],
    [
      'one of those that answered ran at the end',
      facts([5, 5], { window: { ...facts([5]).window, changed: true } }),
      'Only goweb.1 was running at the end',
    ],
    [
      'another one runs now',
      facts([5, 5], {
        ended: false,
        window: { ...facts([]).window, running: new Set(['task-9']) },
      }),
      'Only one task is running now',
    ],
    [
      'kept connections that stick',
      facts([30, 0, 0], { keepAlive: true, connections: 1 }),
      'Sticks to goweb.1: 1 kept connection, and the mesh chooses a replica per connection, not per request',
    ],
    [
      'two kept connections to two tasks',
      facts([20, 10, 0], { keepAlive: true, connections: 2 }),
      'No round robin: 2 kept connections, and the mesh chooses a replica per connection, not per request',
    ],
    [
      'connections that the service closes',
      facts([10, 10, 10], { keepAlive: true }),
      'Round robin: even to within 1 request',
    ],
    [
      'host mode, one port',
      facts([30, 0, 0], { hostMode: true }),
      'goweb.1 answered everything: in host mode a port leads to one task, not to the mesh',
    ],
    [
      'host mode, two ports',
      facts([20, 10, 0], { hostMode: true }),
      '2 of 3 running tasks answered, each at its own port: host mode has no mesh',
    ],
    [
      'one task for everything since the tasks changed',
      facts([30, 0, 0], { window: { ...facts([30, 0, 0]).window, changed: true } }),
      'One task answered everything since the tasks changed: goweb.1, though 3 tasks run',
    ],
    [
      'even, but not in turns',
      facts([100, 98, 100], { window: { ...facts([100, 98, 100]).window, repeats: 0.3 } }),
      'Even to within 2 requests',
    ],
  ])('%s', (_name, given, expected) => {
    expect(verdictOf(given)).toBe(expected);
  });

  test('is one sentence without a full stop, whatever the counts', () => {
    const counts = fc.tuple(...SLOTS.map(() => fc.nat(200)));
    fc.assert(
      fc.property(counts, fc.nat(50), fc.boolean(), fc.boolean(), (answers, failed, flag, host) => {
        const base = facts(answers, { keepAlive: flag, hostMode: host });
        const sentence = verdictOf({ ...base, sent: base.sent + failed, failed });
        expect(sentence).toMatch(/^[A-Z\d].*[^.]$|^goweb\.\d.*[^.]$/);
        expect(sentence).not.toMatch(/undefined|null|NaN|\?/);
      }),
    );
  });
});
