import fc from 'fast-check';
import { expect, test } from 'vitest';
import { anEntry, aSpan } from '@/tests/factories/timeline';
import { mergedWithin, mergeEntries, mergeSpans } from './timeline-merge';
import type { TimelineEntry } from './timeline-schemas';

const MINUTE = 60_000;

test('merges equal events of a period, and never what users do', () => {
  const scaled = { kind: 'scaled' as const, text: 'goweb was scaled from 3 to 5' };
  const merged = mergeEntries(
    [
      anEntry({ at: 1000 }),
      anEntry({ at: 2000, ...scaled }),
      anEntry({ at: 7000 }),
      anEntry({ at: 8000, ...scaled }),
      anEntry({ at: MINUTE + 1 }),
    ],
    MINUTE,
  );
  expect(merged.map(({ at, kind, count, until }) => [at, kind, count, until])).toEqual([
    [1000, 'task failed', 2, 7000],
    [2000, 'scaled', undefined, undefined],
    [8000, 'scaled', undefined, undefined],
    [MINUTE + 1, 'task failed', undefined, undefined],
  ]);
});

test('merges the runs to a service, those with failed requests apart', () => {
  const started = (at: number, over: Partial<TimelineEntry> = {}) =>
    anEntry({ at, kind: 'run started', bad: false, text: `A run of ${at}/s started`, ...over });
  const ended = (at: number, bad: boolean) =>
    anEntry({ at, kind: 'run ended', bad, text: `A run ended (${at} requests)` });
  const merged = mergeEntries(
    [
      started(1000),
      ended(2000, false),
      started(3000, { serviceId: 'id-other' }),
      started(4000),
      ended(5000, true),
      ended(6000, false),
      anEntry({ at: 7000, kind: 'drill started', text: 'A drill' }),
      anEntry({ at: 8000, kind: 'drill started', text: 'A drill' }),
    ],
    MINUTE,
  );
  expect(merged.map(({ at, kind, bad, count, until }) => [at, kind, bad, count, until])).toEqual([
    [1000, 'run started', false, 2, 4000],
    [2000, 'run ended', false, 2, 6000],
    [3000, 'run started', false, undefined, undefined],
    [5000, 'run ended', true, undefined, undefined],
    [7000, 'drill started', true, undefined, undefined],
    [8000, 'drill started', true, undefined, undefined],
  ]);
});

test('merges short tasks of a slot on a node, as failed if one of them failed', () => {
  const spans = [
    aSpan({ from: 0, to: 1000, end: 'failed' }),
    aSpan({ from: 0, to: 1000, end: 'stopped', slot: 2 }),
    aSpan({ from: 6000, to: 7000, end: 'stopped' }),
    aSpan({ from: 8000, to: 10 * MINUTE, end: 'stopped' }),
  ];
  expect(mergeSpans(spans, MINUTE)).toMatchObject([
    { slot: 1, from: 0, to: 7000, count: 2, end: 'failed' },
    { slot: 2, from: 0, to: 1000 },
    { slot: 1, from: 8000, to: 10 * MINUTE },
  ]);
});

test('property: no event and no task is lost by merging', () => {
  const time = fc.integer({ min: 0, max: 20 * MINUTE });
  const kind = fc.constantFrom(
    'task failed' as const,
    'task running' as const,
    'run started' as const,
    'scaled' as const,
  );
  const entries = fc.array(fc.record({ at: time, kind }), { maxLength: 60 });
  const spans = fc.array(
    fc.record({ from: time, ms: time, slot: fc.integer({ min: 1, max: 3 }) }),
    {
      maxLength: 60,
    },
  );
  const total = (list: readonly { count?: number | undefined }[]) =>
    list.reduce((sum, { count }) => sum + (count ?? 1), 0);
  fc.assert(
    fc.property(entries, spans, (events, tasks) => {
      const sorted = events.toSorted((a, b) => a.at - b.at).map(anEntry);
      const once = mergeEntries(sorted, MINUTE);
      const ended = tasks
        .map(({ from, ms, slot }) => aSpan({ from, to: from + ms, slot }))
        .sort((a, b) => (a.to ?? 0) - (b.to ?? 0));
      return (
        total(once) === events.length &&
        total(mergeEntries(once, 5 * MINUTE)) === events.length &&
        total(mergeSpans(ended, MINUTE)) === tasks.length &&
        mergeSpans(ended, MINUTE).every(
          ({ from, to, count }) => count === undefined || (to ?? 0) - from <= MINUTE,
        )
      );
    }),
  );
});

test('merges no more than needed, and drops the oldest where that is not enough', () => {
  const entries = Array.from({ length: 600 }, (_, second) => anEntry({ at: second * 1000 }));
  expect(mergedWithin(entries, 1000, 1000, mergeEntries).list).toEqual(entries);
  const merged = mergedWithin(entries, 100, 1000, mergeEntries);
  expect(merged.dropped).toBeUndefined();
  expect(merged.list.length).toBeGreaterThan(50);
  expect(merged.list.length).toBeLessThanOrEqual(100);
  const all = entries.map((entry, at) => ({ ...entry, text: `event ${at}` }));
  const dropped = mergedWithin(all, 100, 1000, mergeEntries);
  expect(dropped.list).toEqual(all.slice(-100));
  expect(dropped.dropped).toEqual(all[499]);
});
