import { expect, test } from 'vitest';
import { anEntry } from '@/tests/factories/timeline';
import { amountWords, nodeEvents } from './details-words';

test.each([
  [{ resource: 'CPU', unit: 'cpus', amount: 0.25 }, '0.25 CPU'],
  [{ resource: 'CPU', unit: 'cpus', amount: 0.1 + 0.2 }, '0.3 CPU'],
  [{ resource: 'CPU', unit: 'cpus', amount: -0.5 }, '−0.5 CPU'],
  [{ resource: 'CPU', unit: 'cpus', amount: -0.0001 }, '0 CPU'],
  [{ resource: 'memory', unit: 'bytes', amount: 64 * 2 ** 20 }, '64 MiB memory'],
  [{ resource: 'memory', unit: 'bytes', amount: -(2 ** 21) }, '−2 MiB memory'],
  [{ resource: 'gpu', unit: 'pieces', amount: 2 }, '2 gpu'],
] as const)('writes %j', (amount, words) => {
  expect(amountWords(amount)).toBe(words);
});

test('a node’s last events are newest first, up to the time of the past view', () => {
  const entries = Array.from({ length: 20 }, (_, at) =>
    anEntry({ seq: at, at, nodeId: at % 2 === 0 ? 'id-zero1' : 'id-zero2' }),
  );
  const times = (until?: number) => nodeEvents(entries, 'id-zero1', until).map(({ at }) => at);
  expect(times()).toEqual([18, 16, 14, 12, 10, 8, 6, 4]);
  expect(times(5)).toEqual([4, 2, 0]);
  expect(nodeEvents(entries, 'id-other')).toEqual([]);
});
