import { expect, test } from 'vitest';
import { keepSame } from './keep-same';

const copy = <T>(value: T): T => structuredClone(value);

test('an equal value keeps its identity', () => {
  const prev = { nodes: [{ id: 'a', tags: ['x'] }], engine: null };
  expect(keepSame(prev, copy(prev))).toBe(prev);
});

test('only changed parts are new objects', () => {
  const prev = {
    nodes: [
      { id: 'a', state: 'ready' },
      { id: 'b', state: 'ready' },
    ],
    tasks: [{ id: 't' }],
  };
  const next = copy(prev);
  next.nodes[1]!.state = 'down';
  const kept = keepSame(prev, next);
  expect(kept).toEqual(next);
  expect(kept.nodes[0]).toBe(prev.nodes[0]);
  expect(kept.nodes[1]).not.toBe(prev.nodes[1]);
  expect(kept.tasks).toBe(prev.tasks);
});

test('matches list items by id', () => {
  const prev = [
    { id: 'a', n: 1 },
    { id: 'b', n: 2 },
  ];
  const kept = keepSame(prev, [{ id: 'new', n: 0 }, ...copy(prev)]);
  expect(kept.map(({ id }) => id)).toEqual(['new', 'a', 'b']);
  expect(kept[1]).toBe(prev[0]);
  expect(kept[2]).toBe(prev[1]);
});

test('a removed item, a removed key and another type are changes', () => {
  expect(keepSame([{ id: 'a' }, { id: 'b' }], [{ id: 'a' }])).toEqual([{ id: 'a' }]);
  expect(keepSame({ a: 1, b: 2 }, { a: 1 })).toEqual({ a: 1 });
  expect(keepSame({ a: [1] }, { a: null })).toEqual({ a: null });
  expect(keepSame({ a: null }, { a: { b: 1 } })).toEqual({ a: { b: 1 } });
  expect(keepSame({ a: [] }, { a: {} })).toEqual({ a: {} });
});

test('two swapped items make a new list of the same items', () => {
  const prev = [{ id: 'a' }, { id: 'b' }];
  const kept = keepSame(prev, [{ id: 'b' }, { id: 'a' }]);
  expect(kept).toEqual([{ id: 'b' }, { id: 'a' }]);
  expect(kept[0]).toBe(prev[1]);
});
