import { expect, test } from 'vitest';
import { pauseAfter } from './poll-interval';

const idle = { requested: false, failed: false, changing: false, took: 0 };

test.each([
  ['polls every second while idle', {}, 1000],
  ['subtracts the duration of the poll', { took: 300 }, 700],
  ['polls every 250 ms while something changes', { changing: true, took: 10 }, 240],
  ['retries 500 ms after a failure', { failed: true, changing: true, took: 3000 }, 500],
  ['polls after the minimum when requested', { requested: true, failed: true, took: 9000 }, 50],
  ['never waits less than the minimum', { changing: true, took: 249 }, 50],
  ['waits for the duration of a slow poll', { changing: true, took: 1800 }, 1800],
  ['never waits more than the maximum', { took: 60_000 }, 2500],
])('%s', (_, over, ms) => expect(pauseAfter({ ...idle, ...over })).toBe(ms));
