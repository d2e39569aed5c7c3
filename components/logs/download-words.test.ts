import { describe, expect, test } from 'vitest';
import { aNode, aTask } from '@/tests/factories/view';
import {
  allWords,
  countShown,
  downloadLabel,
  fileName,
  leavesOut,
  partName,
  shownText,
} from './download-words';
import { NO_SOURCES, withView } from './line-sources';
import type { EntryBlock, ListEntry } from './log-list';
import { LogSearch, type LogFilter } from './log-search';

const ALL: LogFilter = { query: '', taskId: null, nodeId: null, matchesOnly: false };
const sources = withView(
  NO_SOURCES,
  {
    tasks: [aTask({ id: 'task-2', name: 'goweb.2', slot: 2 })],
    nodes: [aNode({ id: 'node-1', name: 'zero1' })],
    goneNodes: [],
  },
  ({ slot }) => slot,
);
const line = (id: number, text: string, taskId = 'task-2'): ListEntry => ({
  kind: 'line',
  id,
  time: '2026-01-01T12:00:00.000000000Z',
  taskId,
  nodeId: 'node-1',
  stream: 'stdout',
  text,
  cut: false,
});
const note: ListEntry = { kind: 'note', id: 2, text: 'zero3 is down.', taskId: null };
const blocks: EntryBlock[] = [
  { key: 1, entries: [line(1, 'GET /a'), note] },
  { key: 3, entries: [line(3, 'GET /b', 'task-9')] },
];

describe('the lines that are shown', () => {
  test.each([
    [ALL, false, 2, 'goweb'],
    [{ ...ALL, query: '/b' }, false, 2, 'goweb'],
    [{ ...ALL, query: '/b', matchesOnly: true }, true, 1, 'goweb with “/b”'],
    [{ ...ALL, taskId: 'task-2' }, true, 1, 'goweb.2'],
    [{ ...ALL, taskId: 'task-9', nodeId: 'node-1' }, true, 1, 'task-9 on zero1'],
    [{ ...ALL, nodeId: 'node-7-of-old-times' }, true, 0, 'goweb on node-7-of-ol'],
  ])('%j', (filter, isPart, lines, name) => {
    expect(leavesOut(filter)).toBe(isPart);
    expect(countShown(new LogSearch(filter), blocks)).toBe(lines);
    expect(partName('goweb', filter, sources)).toBe(name);
  });

  test('are saved as docker prints them, with notes', () => {
    const search = new LogSearch({ ...ALL, taskId: 'task-2' });
    expect(shownText({ blocks, dropped: 0 }, search, sources)).toBe(
      '2026-01-01T12:00:00.000000000Z goweb.2.task-2@zero1    | GET /a\n# zero3 is down.\n',
    );
    expect(shownText({ blocks, dropped: 5 }, search, sources)).toMatch(
      /^# Older lines are not in this file\.\n2026/,
    );
  });
});

test('a download has its number of lines and its part in its label and its name', () => {
  expect(downloadLabel(312, 'goweb.2')).toBe('Download 312 lines of goweb.2');
  expect(downloadLabel(1, 'goweb')).toBe('Download 1 line of goweb');
  expect(downloadLabel(5000, 'goweb')).toBe('Download 5,000 lines of goweb');
  expect(fileName('goweb.2 on zero1 with “/b c…”', Date.UTC(2026, 0, 2))).toBe(
    'goweb.2-on-zero1-with-b-c-2026-01-02.log',
  );
});

test('the download of the engine’s lines says that those of removed tasks are not in it', () => {
  expect(allWords(null)).toMatch(/still has.*lines of removed tasks are not in it/);
  expect(allWords('task-2')).not.toContain('removed');
});
