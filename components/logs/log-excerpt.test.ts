import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { logNames, textLine } from '@/lib/swarm/logs/text';
import { entryOfText, ExcerptSearch } from './log-excerpt';

const text = (count: number) =>
  Array.from({ length: count }, (_, n) => `line ${n + 1} id=3f2a9c1e-${n + 1}.\n`).join('');
const search = (wanted: string) => new ExcerptSearch((line) => line.includes(`-${wanted}.`));

describe('the search in a log’s text', () => {
  test('returns the line with those around it, and ends then', () => {
    const one = search('50');
    expect(one.push(text(100))).toBe(true);
    const { excerpt, hasIds } = one.result;
    expect(excerpt?.lines).toHaveLength(41);
    expect(excerpt?.lines[excerpt.at]).toContain('-50.');
    expect(hasIds).toBe(true);
  });

  test('returns fewer at the begin and the end of the log', () => {
    const first = search('1');
    expect(first.push(text(3))).toBe(false);
    expect(first.result.excerpt).toMatchObject({ at: 0 });
    expect(first.result.excerpt?.lines).toHaveLength(3);
  });

  test('counts the lines and keeps the remarks where it finds nothing', () => {
    const one = search('7');
    one.push('# zero3 is down: its lines are missing.\nGET / 200\nGET /a 200\n');
    expect(one.result).toEqual({
      excerpt: null,
      lines: 2,
      hasIds: false,
      notes: ['zero3 is down: its lines are missing.'],
    });
  });

  test('finds the same however the text is cut into pieces', () => {
    const all = text(60);
    fc.assert(
      fc.property(fc.array(fc.nat(all.length)), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), all.length];
        const one = search('31');
        for (let at = 1; at < places.length; at += 1) {
          if (one.push(all.slice(places[at - 1], places[at]))) break;
        }
        expect(one.result.excerpt?.lines[20]).toContain('-31.');
        expect(one.result.excerpt?.lines).toHaveLength(41);
      }),
    );
  });
});

test('reads the lines that the server writes', () => {
  const names = logNames({
    tasks: [{ id: 'abc', name: 'my.web.2' }],
    nodes: [
      { id: 'id-1', name: 'zero1' },
      { id: 'id-2', name: 'zero2 (P2)' },
      { id: 'id-3', name: 'we@rd | name' },
    ],
    goneNodes: [],
  });
  const line = {
    time: '2026-01-01T12:00:00.000000001Z',
    taskId: 'abc',
    nodeId: 'id-1',
    text: 'a @ b | c',
    cut: false,
  };
  const read = (one: typeof line) => entryOfText(textLine(one, names).slice(0, -1));
  const expected = { ...line, kind: 'line', stream: 'stdout' };
  expect(read(line)).toEqual({ ...expected, nodeId: 'zero1' });
  expect(read({ ...line, nodeId: 'id-2' })).toEqual({ ...expected, nodeId: 'zero2 (P2)' });
  expect(read({ ...line, nodeId: 'id-3' })).toEqual({ ...expected, nodeId: 'we@rd | name' });
  // Tasks and nodes that have no name any more.
  expect(read({ ...line, taskId: 'old', nodeId: 'gone' })).toEqual({
    ...expected,
    taskId: 'old',
    nodeId: 'gone',
  });
  expect(entryOfText('anything')).toEqual({ kind: 'note', text: 'anything', taskId: null });
});
