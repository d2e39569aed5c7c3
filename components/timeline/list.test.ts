import { describe, expect, test } from 'vitest';
import { aGap, anEntry, aSpan } from '@/tests/factories/timeline';
import { knownSince, listItems, neighbour, NO_FILTER } from './list';

const told = (items: ReturnType<typeof listItems>) =>
  items.map((item) => (item.kind === 'gap' ? `gap ${item.gap.from}` : item.entry.text));

describe('the list', () => {
  const entries = [
    anEntry({ at: 500, text: 'before' }),
    anEntry({ at: 2000, text: 'first told', unseen: 'nobody watched' }),
    anEntry({ at: 2000, text: 'then told', unseen: 'nobody watched', bad: false }),
    anEntry({ at: 3000, text: 'after', nodeId: 'id-zero2', serviceId: 'id-web' }),
  ];

  test('is newest first; what was found out after a gap stands above it', () => {
    expect(told(listItems({ entries, gaps: [aGap()] }, NO_FILTER))).toEqual([
      'after',
      'then told',
      'first told',
      'gap 1000',
      'before',
    ]);
  });

  test('a gap that lasts is the newest', () => {
    const gaps = [aGap({ from: 4000, to: null, why: 'the engine gave no picture' })];
    expect(told(listItems({ entries, gaps }, NO_FILTER))[0]).toBe('gap 4000');
  });

  test('is filtered by node, service and kind of news; gaps concern everybody', () => {
    const of = (filter: Partial<typeof NO_FILTER>) =>
      told(listItems({ entries, gaps: [aGap()] }, { ...NO_FILTER, ...filter }));
    expect(of({ nodeId: 'id-zero2' })).toEqual(['after', 'gap 1000']);
    expect(of({ serviceId: 'id-web' })).toEqual(['after', 'gap 1000']);
    expect(of({ bad: true })).toEqual(['after', 'first told', 'gap 1000', 'before']);
  });
});

test('known is since the first thing that was seen', () => {
  const nothing = { entries: [], spans: [], gaps: [], forgottenUntil: null };
  const timeline = { ...nothing, entries: [anEntry()], spans: [aSpan({ from: 700 })] };
  expect(knownSince({ ...timeline, gaps: [aGap()] })).toBe(700);
  expect(knownSince({ ...timeline, forgottenUntil: 900 })).toBe(900);
  expect(knownSince(nothing)).toBeNull();
});

test('a step leads to the next moment at which something happened, in either direction', () => {
  const entries = [anEntry({ at: 1 }), anEntry({ at: 5 }), anEntry({ at: 5 }), anEntry({ at: 9 })];
  expect(neighbour(entries, null, 'before')).toBe(9);
  expect(neighbour(entries, 9, 'before')).toBe(5);
  expect(neighbour(entries, 5, 'before')).toBe(1);
  expect(neighbour(entries, 1, 'before')).toBeNull();
  expect(neighbour(entries, 5, 'after')).toBe(9);
  expect(neighbour(entries, 9, 'after')).toBeNull();
  expect(neighbour(entries, null, 'after')).toBeNull();
});
