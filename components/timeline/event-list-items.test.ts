import { describe, expect, test } from 'vitest';
import { aGap, anEntry, aSpan } from '@/tests/factories/timeline';
import { adjacentEntryTime, eventListItems, recordedSince } from './event-list-items';
import { NO_FILTER } from './timeline-filter';

const summaries = (items: ReturnType<typeof eventListItems>) =>
  items.map((item) => (item.kind === 'gap' ? `gap ${item.gap.from}` : item.entry.text));

describe('event list items', () => {
  const entries = [
    anEntry({ at: 500, text: 'before' }),
    anEntry({ at: 2000, text: 'first detected', unseen: 'not watched' }),
    anEntry({ at: 2000, text: 'then detected', unseen: 'not watched', bad: false }),
    anEntry({ at: 3000, text: 'after', nodeId: 'id-zero2', serviceId: 'id-web' }),
  ];

  test('are newest first, with changes detected after a gap above it', () => {
    expect(summaries(eventListItems({ entries, gaps: [aGap()] }, NO_FILTER))).toEqual([
      'after',
      'then detected',
      'first detected',
      'gap 1000',
      'before',
    ]);
  });

  test('start with a gap that has not ended', () => {
    const gaps = [aGap({ from: 4000, to: null, why: 'no data from the engine' })];
    expect(summaries(eventListItems({ entries, gaps }, NO_FILTER))[0]).toBe('gap 4000');
  });

  test('are filtered by node, service and problems; gaps always remain', () => {
    const filtered = (filter: Partial<typeof NO_FILTER>) =>
      summaries(eventListItems({ entries, gaps: [aGap()] }, { ...NO_FILTER, ...filter }));
    expect(filtered({ nodeId: 'id-zero2' })).toEqual(['after', 'gap 1000']);
    expect(filtered({ serviceId: 'id-web' })).toEqual(['after', 'gap 1000']);
    expect(filtered({ problemsOnly: true })).toEqual([
      'after',
      'first detected',
      'gap 1000',
      'before',
    ]);
  });
});

test('the record starts with the earliest entry, span or gap, or where older data was dropped', () => {
  const empty = { entries: [], spans: [], gaps: [], forgottenUntil: null };
  const timeline = { ...empty, entries: [anEntry()], spans: [aSpan({ from: 700 })] };
  expect(recordedSince({ ...timeline, gaps: [aGap()] })).toBe(700);
  expect(recordedSince({ ...timeline, forgottenUntil: 900 })).toBe(900);
  expect(recordedSince(empty)).toBeNull();
});

test('steps to the previous and the next entry with another time', () => {
  const entries = [anEntry({ at: 1 }), anEntry({ at: 5 }), anEntry({ at: 5 }), anEntry({ at: 9 })];
  expect(adjacentEntryTime(entries, null, 'previous')).toBe(9);
  expect(adjacentEntryTime(entries, 9, 'previous')).toBe(5);
  expect(adjacentEntryTime(entries, 5, 'previous')).toBe(1);
  expect(adjacentEntryTime(entries, 1, 'previous')).toBeNull();
  expect(adjacentEntryTime(entries, 5, 'next')).toBe(9);
  expect(adjacentEntryTime(entries, 9, 'next')).toBeNull();
  expect(adjacentEntryTime(entries, null, 'next')).toBeNull();
});
