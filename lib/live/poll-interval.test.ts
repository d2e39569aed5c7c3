import { expect, test } from 'vitest';
import { pauseAfter } from './poll-interval';

const calm = { woken: false, failed: false, moving: false, spent: 0 };

test.each([
  ['at rest a second from look to look', {}, 1000],
  ['the look’s own time is part of it', { spent: 300 }, 700],
  ['while something moves a quarter of one', { moving: true, spent: 10 }, 240],
  ['after a failure half a second', { failed: true, moving: true, spent: 3000 }, 500],
  ['woken: at once, but for a breath', { woken: true, failed: true, spent: 9000 }, 50],
  ['never without a breath', { moving: true, spent: 249 }, 50],
  ['a slow engine rests as long as it worked', { moving: true, spent: 1800 }, 1800],
  ['but not for ever', { spent: 60_000 }, 2500],
])('%s', (_, over, ms) => expect(pauseAfter({ ...calm, ...over })).toBe(ms));
