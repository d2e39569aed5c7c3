import { expect, test } from 'vitest';
import { PollInterval, type PollOutcome } from './poll-interval';

const idle: PollOutcome = {
  requested: false,
  failed: false,
  changing: false,
  hasEvents: true,
  took: 0,
};

test.each<[string, Partial<PollOutcome>, number]>([
  ['polls every second while idle', {}, 1000],
  ['subtracts the duration of the poll', { took: 40 }, 960],
  ['polls every 250 ms while something changes', { changing: true, took: 10 }, 240],
  ['retries 500 ms after a failure', { failed: true, changing: true, took: 3000 }, 500],
  ['polls after the minimum when requested', { requested: true, failed: true, took: 9000 }, 50],
  ['leaves a slow engine alone for 19 times as long while idle', { took: 300 }, 5700],
  [
    'waits twice as long as a slow poll while something changes',
    { changing: true, took: 900 },
    1800,
  ],
  ['polls at least every 8 s', { took: 3000 }, 5000],
  ['never waits more than 2.5 s after a poll of more than that', { took: 60_000 }, 2500],
  ['never waits more than 2.5 s without events', { took: 60_000, hasEvents: false }, 2500],
  ['never waits more than 2.5 s while something changes', { changing: true, took: 60_000 }, 2500],
])('%s', (_, over, ms) => expect(new PollInterval().after({ ...idle, ...over })).toBe(ms));

test('uses the fastest of the last four polls, until one fails', () => {
  const interval = new PollInterval();
  const after = (took: number) => interval.after({ ...idle, took });
  expect(after(100)).toBe(1900);
  expect([after(400), after(400), after(400)]).toEqual([1900, 1900, 1900]);
  expect(after(400)).toBe(7600);
  expect(after(20)).toBe(980);
  interval.after({ ...idle, failed: true, took: 9 });
  expect(after(200)).toBe(3800);
});
