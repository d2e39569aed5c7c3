import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LogMessage, LogStreamEntry, MissingNode } from '@/lib/swarm/logs/messages';
import { LogIntake } from './log-intake';
import type { NewListEntry } from './log-list';

const timeOf = (n: number) =>
  `${new Date(Date.UTC(2026, 0, 1, 12) + n).toISOString().slice(0, -1)}000000Z`;
const line = (n: number, taskId = 'task-1'): LogStreamEntry => ({
  kind: 'line',
  n,
  time: timeOf(n),
  taskId,
  nodeId: 'node-1',
  stream: 'stdout',
  text: `line ${n}`,
  cut: false,
});
const note = (n: number, text: string): LogStreamEntry => ({ kind: 'note', n, text, taskId: null });
const entries = (list: LogStreamEntry[], { reset = false, skipped = 0 } = {}): LogMessage => ({
  kind: 'entries',
  reset,
  skipped,
  entries: list,
});
const state = (...missing: MissingNode[]): LogMessage => ({
  kind: 'state',
  state: 'live',
  problem: null,
  missing,
});
const zero3: MissingNode = {
  nodeId: 'id-3',
  name: 'zero3',
  state: 'down',
  since: Date.UTC(2026, 0, 1, 12) + 2,
};
const texts = (added: NewListEntry[]) => added.map(({ text }) => text);

describe('a log that begins anew', () => {
  test('has no line twice, and a note where lines are missing', () => {
    const intake = new LogIntake();
    intake.take(entries([line(1), line(2), line(3)], { reset: true }), 0);
    const again = [line(2), line(3), line(4)];
    expect(texts(intake.take(entries(again, { reset: true }), 1000))).toEqual(['line 4']);
    expect(texts(intake.take(entries([line(9)], { reset: true }), 2000))).toEqual([
      'Some lines of this task are missing here.',
      'line 9',
    ]);
  });

  test('has no note twice, but each that comes later', () => {
    const intake = new LogIntake();
    const left = '3 lines were left out here.';
    intake.take(entries([line(1), note(2, left)], { reset: true }), 0);
    const again = entries([line(1), note(2, left), note(3, 'Another.')], { reset: true });
    expect(texts(intake.take(again, 1000))).toEqual(['Another.']);
    expect(texts(intake.take(entries([note(4, left)]), 60_000))).toEqual([left]);
  });

  test('a line of an earlier time is shown once the log has settled, as its clock was set back', () => {
    const intake = new LogIntake();
    intake.take(entries([line(1)], { reset: true }), 0);
    intake.take(entries([line(1)], { reset: true }), 1000);
    const earlier = { ...line(0), text: 'written later' };
    expect(texts(intake.take(entries([earlier]), 2000))).toEqual([]);
    const another = { ...line(0), text: 'written later still' };
    expect(texts(intake.take(entries([another]), 40_000))).toEqual(['written later still']);
  });

  test('shows each task’s lines once and in order, however often it begins anew', () => {
    const stream = fc
      .array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 60 })
      .map((tasks) => tasks.map((task, at) => line(at + 1, `task-${task}`)));
    const restarts = fc.array(fc.tuple(fc.nat(60), fc.nat(30)), { maxLength: 5 });
    fc.assert(
      fc.property(stream, restarts, (all, places) => {
        const intake = new LogIntake();
        const shown: NewListEntry[] = intake.take(entries([], { reset: true }), 0);
        const sorted = places
          .map(([at, back]) => [Math.min(at, all.length), back] as const)
          .toSorted(([a], [b]) => a - b);
        let sent = 0;
        for (const [at, back] of sorted) {
          shown.push(...intake.take(entries(all.slice(sent, at)), 0));
          // The server sends again what it holds.
          shown.push(
            ...intake.take(entries(all.slice(Math.max(0, at - back), at), { reset: true }), 0),
          );
          sent = at;
        }
        shown.push(...intake.take(entries(all.slice(sent)), 0));
        // Where the server's lines do not reach back to the last one, a note stands between.
        const lines = shown.filter(({ kind }) => kind === 'line');
        expect(texts(lines)).toEqual(all.map(({ text }) => text));
      }),
    );
  });
});

describe('nodes whose lines are missing', () => {
  test('are named when they go and when they are back', () => {
    const intake = new LogIntake();
    expect(intake.take(state(), 0)).toEqual([]);
    expect(texts(intake.take(state(zero3), 1))).toEqual(['zero3 is down: its lines are missing.']);
    // A new connection sends the same state.
    expect(intake.take(state({ ...zero3, since: 5 }), 2)).toEqual([]);
    expect(texts(intake.take(state(), 3))).toEqual(['zero3 is back.']);
  });

  test('a node that was down before is named where its lines end', () => {
    const intake = new LogIntake();
    expect(intake.take(state(zero3), 0)).toEqual([]);
    const first = intake.take(entries([line(1), line(2), line(3)], { reset: true }), 1);
    expect(texts(first)).toEqual([
      'line 1',
      'line 2',
      'zero3 is down: its lines are missing.',
      'line 3',
    ]);
  });

  test('without a later line it is named after a moment', () => {
    const intake = new LogIntake();
    intake.take(state(zero3), 0);
    expect(texts(intake.take(entries([line(1)], { reset: true }), 1))).toEqual(['line 1']);
    expect(intake.due(500)).toEqual([]);
    expect(texts(intake.due(1000))).toEqual(['zero3 is down: its lines are missing.']);
    expect(intake.due(2000)).toEqual([]);
  });
});

test('says how many lines this page was too slow for', () => {
  const intake = new LogIntake();
  intake.take(entries([], { reset: true }), 0);
  expect(texts(intake.take(entries([line(7)], { skipped: 6 }), 1))).toEqual([
    '6 lines are missing here: they came faster than this page could receive them.',
    'line 7',
  ]);
  expect(texts(intake.take(entries([], { skipped: 1 }), 1))[0]).toMatch(/^1 line is missing/);
});
