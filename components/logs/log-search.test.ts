import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { EntryBlock, ListEntry } from './log-list';
import {
  countMatches,
  LogSearch,
  placeOf,
  stepLine,
  stepMatch,
  type LogFilter,
} from './log-search';

const ALL: LogFilter = { query: '', taskId: null, nodeId: null, matchesOnly: false };
const line = (id: number, text: string, task = 1, node = 1): ListEntry => ({
  kind: 'line',
  id,
  time: '2026-01-01T12:00:00.000000000Z',
  taskId: `task-${task}`,
  nodeId: `node-${node}`,
  stream: 'stdout',
  text,
  cut: false,
});
const note = (id: number, taskId: string | null = null): ListEntry => ({
  kind: 'note',
  id,
  text: 'zero3 is down',
  taskId,
});
const BLOCKS: EntryBlock[] = [
  { key: 1, entries: [line(1, 'GET /a 200'), line(2, 'GET /b 404', 2, 2), note(3)] },
  { key: 4, entries: [line(4, 'get /c'), line(5, 'other', 2, 3), note(6, 'task-2')] },
];
const ids = (search: LogSearch) =>
  BLOCKS.flatMap((block) => search.rows(block).map(({ id }) => id));

describe('filter', () => {
  test('shows the lines of a task or a node, and the notes that concern it', () => {
    expect(ids(new LogSearch(ALL))).toEqual([1, 2, 3, 4, 5, 6]);
    expect(ids(new LogSearch({ ...ALL, taskId: 'task-1' }))).toEqual([1, 3, 4]);
    expect(ids(new LogSearch({ ...ALL, taskId: 'task-2' }))).toEqual([2, 3, 5, 6]);
    expect(ids(new LogSearch({ ...ALL, nodeId: 'node-3' }))).toEqual([3, 5, 6]);
  });

  test('knows whether a line is shown, hidden or not held', () => {
    const search = new LogSearch({ ...ALL, taskId: 'task-1' });
    const places = [0, 1, 2, 3, 5, 7].map((id) => placeOf(search, BLOCKS, id));
    expect(places).toEqual(['gone', 'shown', 'hidden', 'shown', 'hidden', 'gone']);
  });

  test('shows only matches on request, and notes between them', () => {
    expect(ids(new LogSearch({ ...ALL, query: 'get', matchesOnly: true }))).toEqual([
      1, 2, 3, 4, 6,
    ]);
    expect(ids(new LogSearch({ ...ALL, matchesOnly: true }))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

describe('search', () => {
  test('counts lines with the text, whatever its case, and steps through them', () => {
    const search = new LogSearch({ ...ALL, query: 'GET /' });
    expect(countMatches(search, BLOCKS, null)).toEqual({ all: 3, at: 0 });
    expect(countMatches(search, BLOCKS, 4)).toEqual({ all: 3, at: 3 });
    expect(stepMatch(search, BLOCKS, null, -1)).toBe(4);
    expect(stepMatch(search, BLOCKS, 4, -1)).toBe(2);
    expect(stepMatch(search, BLOCKS, 1, -1)).toBe(4);
    expect(stepMatch(search, BLOCKS, 4, 1)).toBe(1);
    // From a line that does not match.
    expect(stepMatch(search, BLOCKS, 3, 1)).toBe(4);
    expect(stepMatch(new LogSearch({ ...ALL, query: 'nothing' }), BLOCKS, 3, 1)).toBeNull();
  });

  test('takes no character of the text for a pattern', () => {
    const parts = new LogSearch({ ...ALL, query: '[a-z]+.*(' }).parts('x [a-z]+.*( y');
    expect(parts.map(({ text }) => text)).toEqual(['x ', '[a-z]+.*(', ' y']);
    expect(parts.map(({ isMatch }) => isMatch)).toEqual([false, true, false]);
  });

  test('finds a request’s id as a whole', () => {
    const search = new LogSearch({ ...ALL, query: '3f2a9c1e-1' });
    const count = (text: string) => search.parts(text).filter(({ isMatch }) => isMatch).length;
    expect(count('GET / 200 id=3f2a9c1e-1 from=10.0.0.2')).toBe(1);
    expect(count('{"id":"3f2a9c1e-1"}')).toBe(1);
    expect(count('GET / 200 id=3f2a9c1e-17 from=10.0.0.2')).toBe(0);
    expect(count('id=b3f2a9c1e-1')).toBe(0);
    expect(new LogSearch({ ...ALL, query: 'id=3f2a9c1e-1' }).parts('id=3f2a9c1e-12')).toHaveLength(
      1,
    );
  });

  test('the parts of a text are the text', () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 3 }), (text, query) => {
        const parts = new LogSearch({ ...ALL, query }).parts(text);
        expect(parts.map((part) => part.text).join('')).toBe(text);
        const marked = parts.filter(({ isMatch }) => isMatch);
        expect(marked.filter((part) => part.text.length !== query.length)).toEqual([]);
      }),
    );
  });

  test('marks a bounded number of matches of one line', () => {
    const parts = new LogSearch({ ...ALL, query: 'a' }).parts('a'.repeat(16_384));
    expect(parts.length).toBeLessThan(500);
    expect(parts.map(({ text }) => text).join('')).toHaveLength(16_384);
  });
});

test('steps through the shown lines', () => {
  const search = new LogSearch({ ...ALL, taskId: 'task-1' });
  expect(stepLine(search, BLOCKS, null, -1)).toBe(4);
  expect(stepLine(search, BLOCKS, 4, -1)).toBe(3);
  expect(stepLine(search, BLOCKS, 1, -10)).toBe(1);
  expect(stepLine(search, BLOCKS, 1, 10)).toBe(4);
  // From a line that is not shown any more.
  expect(stepLine(search, BLOCKS, 2, 1)).toBe(4);
  expect(stepLine(search, [], 2, 1)).toBeNull();
});
