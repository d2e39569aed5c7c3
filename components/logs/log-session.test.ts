import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { LogEvents } from '@/lib/client/log-connection';
import type { LogMessage } from '@/lib/swarm/logs/messages';
import { LogSession } from './log-session';

interface Opened {
  path: string;
  events: LogEvents;
  isClosed: boolean;
}

const opened = vi.hoisted(() => [] as Opened[]);
vi.mock('@/lib/client/log-connection', () => ({
  openLog: (path: string, events: LogEvents) => {
    const one: Opened = { path, events, isClosed: false };
    opened.push(one);
    return { reconnect: () => {}, close: () => void (one.isClosed = true) };
  },
}));

const lines = (from: number, to: number, reset = false): LogMessage => ({
  kind: 'entries',
  reset,
  skipped: 0,
  entries: Array.from({ length: to - from + 1 }, (_, at) => ({
    kind: 'line' as const,
    n: from + at,
    time: `2026-01-01T12:00:00.${String(from + at).padStart(9, '0')}Z`,
    taskId: 'task-1',
    nodeId: 'node-1',
    stream: 'stdout' as const,
    text: `line ${from + at}`,
    cut: false,
  })),
});
const live: LogMessage = { kind: 'state', state: 'live', problem: null, missing: [] };

let session: LogSession;
let leave = () => {};
let changes = 0;
const send = (message: LogMessage) => opened.at(-1)?.events.message(message);

beforeEach(() => {
  vi.useFakeTimers();
  opened.length = 0;
  changes = 0;
  session = new LogSession('api/tasks/1/logs');
  leave = session.subscribe(() => (changes += 1));
});
afterEach(() => {
  leave();
  vi.useRealTimers();
});

test('shows many messages at once', () => {
  send(live);
  send(lines(1, 30, true));
  send(lines(31, 60));
  expect(changes).toBe(0);
  vi.advanceTimersByTime(60);
  expect(changes).toBe(1);
  expect(session.current()).toMatchObject({ count: 60, log: { state: 'live' } });
  const snapshot = session.current();
  expect(session.current()).toBe(snapshot);
});

test('has its history a while after the engine has answered', () => {
  send(lines(1, 3, true));
  vi.advanceTimersByTime(10_000);
  expect(session.current().hasHistory).toBe(false);
  send(live);
  vi.advanceTimersByTime(1000);
  expect(session.current().hasHistory).toBe(false);
  vi.advanceTimersByTime(2000);
  expect(session.current().hasHistory).toBe(true);
});

test('reports why the server refuses it, and keeps the lines', () => {
  send(lines(1, 3, true));
  const problem = { kind: 'too-many-streams', detail: 'Too many.' };
  opened[0]?.events.link('refused', problem as Parameters<LogEvents['link']>[1]);
  vi.advanceTimersByTime(60);
  expect(session.current()).toMatchObject({ link: 'refused', problem, count: 3 });
});

test('is connected while it has a listener; what comes again is left out', () => {
  send(lines(1, 3, true));
  leave();
  expect(opened[0]?.isClosed).toBe(true);
  leave = session.subscribe(() => {});
  expect(opened).toHaveLength(2);
  send(lines(2, 5, true));
  vi.advanceTimersByTime(60);
  expect(session.current().count).toBe(5);
});

test('does not change what is shown while it is paused', () => {
  send(lines(1, 3, true));
  vi.advanceTimersByTime(60);
  session.pause();
  const { blocks } = session.current();
  send(lines(4, 9));
  vi.advanceTimersByTime(60);
  expect(session.current()).toMatchObject({ waiting: 6, following: false });
  expect(session.current().blocks).toBe(blocks);
  session.follow();
  expect(session.current()).toMatchObject({ waiting: 0, count: 9 });
});

test('what the user does is urgent, new lines are not', () => {
  const urgent: boolean[] = [];
  const leaveToo = session.subscribe((isUrgent) => urgent.push(isUrgent));
  send(lines(1, 3, true));
  vi.advanceTimersByTime(60);
  session.pause();
  session.addOlder([]);
  session.follow();
  expect(urgent).toEqual([false, true, true, true]);
  leaveToo();
});
