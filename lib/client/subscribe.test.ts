import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Access, LiveMessage } from '@/lib/api';
import { anAnswer, aRun } from '@/tests/factories/curl';
import { aView } from '@/tests/factories/view';
import { createLiveCache, type LiveCache, type LiveRun } from './cache';
import type { StreamEvents } from './stream';
import { subscribeLive } from './subscribe';

const lightAnswered = vi.hoisted(() => vi.fn<(taskIds: string[]) => void>());
vi.mock('./lit-tasks', () => ({ lightAnswered }));
vi.mock('@/lib/build', () => ({ BUILD: 'one', BUILD_HEADER: 'x-clusterhat-build' }));

let events: StreamEvents;
let isRunActive: () => boolean;
const reconnect = vi.fn();
vi.mock('./live-stream', () => ({
  openLiveStream: (given: StreamEvents, isBusy: () => boolean) => {
    events = given;
    isRunActive = isBusy;
    return { close: () => {}, reconnect };
  },
}));

let cache: LiveCache;
let close: () => void;
const OPEN: Access = {
  mode: 'open',
  signedIn: false,
  role: 'operator',
  operators: false,
  closed: false,
};
/** The page below a proxy's path, and the storage key of its token. */
const HREF = 'https://swarm.home/one/';
const TOKEN = 'clusterhat.token/one/';
/** The browser's storage, and the target of its events. */
let stored: Map<string, string>;
let browser: EventTarget;
const receive = (message: LiveMessage) => events.message(JSON.stringify(message));
const hello = (build = 'one') => receive({ kind: 'hello', build, access: OPEN });

const answers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => anAnswer(from + i, 1));
const runMessage = (more: Partial<Extract<LiveMessage, { kind: 'run' }>> = {}) => ({
  kind: 'run' as const,
  run: aRun(),
  answers: [],
  seconds: [],
  reset: false,
  ...more,
});

beforeEach(() => {
  lightAnswered.mockClear();
  reconnect.mockClear();
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: true });
  vi.stubGlobal('location', { href: HREF });
  stored = new Map();
  browser = new EventTarget();
  vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null });
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  cache = createLiveCache();
  close = subscribeLive(cache);
  hello();
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('shows a restart after bye until the next status', () => {
  const live = { state: 'live' as const, at: 1, now: 2, problem: null };
  receive({ kind: 'status', status: live });
  receive({ kind: 'bye' });
  expect(cache.get('health')).toMatchObject({
    state: 'stale',
    problem: { detail: 'The dashboard is being restarted.' },
  });
  receive({ kind: 'status', status: live });
  expect(cache.get('health')).toEqual({ state: 'live', problem: null });
});

test('splits a status into health, which keeps its identity, and age', () => {
  receive({ kind: 'status', status: { state: 'live', at: 1, now: 2, problem: null } });
  const health = cache.get('health');
  receive({ kind: 'status', status: { state: 'live', at: 3, now: 4, problem: null } });
  expect(cache.get('health')).toBe(health);
  expect(cache.get('viewAge')).toEqual({ at: 3, now: 4 });
});

test('ignores messages of a server of another build and asks to reload', () => {
  const status = (at: number) =>
    receive({ kind: 'status', status: { state: 'live', at, now: at, problem: null } });
  receive({ kind: 'view', rev: 1, view: aView() });
  status(1);
  const shown = cache.get('view');
  expect(cache.get('upgraded')).toBe(false);
  hello('two');
  events.message('{"kind":"view","rev":2,"view":{"hosts":[]}}');
  events.message('{"kind":"patch","rev":3,"patch":{"tasks":5}}');
  events.message('{"kind":"of a later version"}');
  status(2);
  expect(cache.get('upgraded')).toBe(true);
  expect(cache.get('health')).toMatchObject({ problem: { kind: 'page-outdated' } });
  expect(cache.get('view')).toBe(shown);
  expect(cache.get('viewAge')).toEqual({ at: 1, now: 1 });
  expect(reconnect).not.toHaveBeenCalled();
});

test('is live again when a server of the page’s build is back', () => {
  hello('two');
  hello('one');
  receive({ kind: 'view', rev: 4, view: aView() });
  receive({ kind: 'status', status: { state: 'live', at: 5, now: 5, problem: null } });
  expect(cache.get('upgraded')).toBe(false);
  expect(cache.get('view')).toEqual(aView());
  expect(cache.get('health')).toEqual({ state: 'live', problem: null });
});

test('treats a hello without a build as one of another build', () => {
  events.message('{"kind":"hello"}');
  expect(cache.get('upgraded')).toBe(true);
});

test('is signed in only with the token of the cookie', () => {
  const access: Access = { ...OPEN, mode: 'password', signedIn: true, operators: true };
  receive({ kind: 'hello', build: 'one', access });
  expect(cache.get('access')).toEqual({ ...access, signedIn: false, role: 'reader' });
  // Of another dashboard on the same origin.
  stored.set('clusterhat.token/two/', 'token');
  receive({ kind: 'hello', build: 'one', access });
  expect(cache.get('access')).toEqual({ ...access, signedIn: false, role: 'reader' });
  stored.set(TOKEN, 'token');
  receive({ kind: 'hello', build: 'one', access });
  expect(cache.get('access')).toEqual(access);
});

test('with a cookie but no token it can only sign out where reading is closed', () => {
  const closed: Access = { ...OPEN, mode: 'password', signedIn: true, closed: true };
  receive({ kind: 'hello', build: 'one', access: closed });
  expect(cache.get('access')).toEqual({ ...closed, signedIn: true, role: 'reader' });
});

test('reloads when the stream needs a sign-in and shows any other refusal', () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { href: HREF, reload });
  const problem = { kind: 'too-many-streams', detail: 'Too many.' };
  events.refused(problem);
  expect(cache.get('health')).toEqual({ state: 'stale', problem });
  expect(reload).not.toHaveBeenCalled();
  events.refused({ kind: 'sign-in-required', detail: 'Sign in.' });
  expect(reload).toHaveBeenCalledOnce();
});

test('reconnects when another tab signs in or out, not on other storage changes', () => {
  const change = (key: string | null) =>
    browser.dispatchEvent(Object.assign(new Event('storage'), { key }));
  change('curl.rate');
  expect(reconnect).not.toHaveBeenCalled();
  change(TOKEN);
  expect(reconnect).toHaveBeenCalledTimes(1);
  // The whole storage was cleared.
  change(null);
  expect(reconnect).toHaveBeenCalledTimes(2);
  close();
  change(TOKEN);
  expect(reconnect).toHaveBeenCalledTimes(2);
});

test('keeps the last 600 answers of a run and their identity', () => {
  receive(runMessage({ answers: answers(1, 450), reset: true }));
  const early = (cache.get('run') as LiveRun).answers.at(-1);
  receive(runMessage({ answers: answers(451, 650) }));
  const live = cache.get('run') as LiveRun;
  expect(live.answers).toHaveLength(600);
  expect(live.answers.at(0)?.n).toBe(51);
  expect(live.answers.at(-1)?.n).toBe(650);
  expect(live.answers).toContain(early);
});

test('a connection is kept for a hidden page while a run is active', () => {
  expect(isRunActive()).toBe(false);
  receive(runMessage({ run: aRun({ state: 'running' }), reset: true }));
  expect(isRunActive()).toBe(true);
  receive(runMessage({ run: aRun({ state: 'ended' }) }));
  expect(isRunActive()).toBe(false);
});

test('removes a run that a restarted server does not send', () => {
  receive(runMessage({ reset: true }));
  hello();
  receive(runMessage({ reset: true }));
  vi.advanceTimersByTime(5000);
  expect(cache.get('run')).toMatchObject({ run: { id: 'run-1' } });
  hello();
  vi.advanceTimersByTime(5000);
  expect(cache.get('run')).toBeNull();
});

test.each(['', '{"kind":"view","rev":', '<p>no</p>', 'null', '5', '{}'])(
  'shows that a message %j cannot be read, keeps the view and reconnects',
  (text) => {
    receive({ kind: 'view', rev: 1, view: aView() });
    events.message(text);
    expect(cache.get('health')).toMatchObject({ problem: { kind: 'altered-answer' } });
    expect(cache.get('view')).toEqual(aView());
    expect(reconnect).toHaveBeenCalledOnce();
    receive({ kind: 'status', status: { state: 'live', at: 1, now: 2, problem: null } });
    expect(cache.get('health')).toEqual({ state: 'live', problem: null });
  },
);

test('writes nothing after it was closed', () => {
  close();
  receive({ kind: 'view', rev: 1, view: aView() });
  expect(cache.get('view')).toBeUndefined();
});

test('applies a patch of the next revision; what it does not name keeps its identity', () => {
  const view = aView();
  receive({ kind: 'view', rev: 7, view });
  const before = cache.get('view') as typeof view;
  receive({
    kind: 'patch',
    rev: 8,
    patch: { tasks: [{ id: view.tasks[0]!.id, state: 'failed' }] },
  });
  const after = cache.get('view') as typeof view;
  expect(after.tasks[0]?.state).toBe('failed');
  expect(after.tasks[1]).toBe(before.tasks[1]);
  expect(after.nodes).toBe(before.nodes);
  expect(reconnect).not.toHaveBeenCalled();
});

test('reconnects on a patch of another revision or without a view', () => {
  receive({ kind: 'patch', rev: 2, patch: {} });
  expect(reconnect).toHaveBeenCalledTimes(1);
  receive({ kind: 'view', rev: 7, view: aView() });
  receive({ kind: 'patch', rev: 9, patch: {} });
  expect(reconnect).toHaveBeenCalledTimes(2);
  expect(cache.get('view')).toEqual(aView());
});

test('reconnects on a patch of an unknown entity', () => {
  receive({ kind: 'view', rev: 7, view: aView() });
  receive({ kind: 'patch', rev: 8, patch: { tasks: [{ id: 'unknown', state: 'failed' }] } });
  expect(reconnect).toHaveBeenCalledTimes(1);
  expect(cache.get('view')).toEqual(aView());
});

test('an equal view keeps its identity', () => {
  receive({ kind: 'view', rev: 7, view: aView() });
  const before = cache.get('view');
  receive({ kind: 'view', rev: 9, view: aView() });
  expect(cache.get('view')).toBe(before);
  const { id } = aView().tasks[0]!;
  receive({ kind: 'patch', rev: 10, patch: { tasks: [{ id, state: 'failed' }] } });
  const after = cache.get('view') as ReturnType<typeof aView>;
  expect(after.tasks[0]?.state).toBe('failed');
  expect(after.tasks[1]).toBe((before as typeof after).tasks[1]);
});

const aSpan = (taskId: string, from: number, to: number) => {
  const about = { taskId, name: taskId, serviceId: 's', slot: 1, nodeId: 'n', node: 'n' };
  return { ...about, from, to, end: 'stopped' as const };
};
const timelineMessage = (more: Partial<Extract<LiveMessage, { kind: 'timeline' }>> = {}) => ({
  kind: 'timeline' as const,
  reset: false,
  entries: [],
  spans: [],
  gaps: [],
  forgottenUntil: null,
  ...more,
});
const aGap = (from: number, to: number | null) => ({
  seq: 1,
  from,
  to,
  why: 'no data from the engine' as const,
});

test('adds to the timeline; a gap replaces the one with the same start', () => {
  receive(
    timelineMessage({
      reset: true,
      gaps: [aGap(1, 2), aGap(5, null)],
      spans: [aSpan('one', 0, 4)],
    }),
  );
  receive(timelineMessage({ gaps: [aGap(5, 9)], spans: [aSpan('two', 0, 9)], forgottenUntil: 3 }));
  expect(cache.get('timeline')).toEqual({
    entries: [],
    spans: [aSpan('one', 0, 4), aSpan('two', 0, 9)],
    gaps: [aGap(1, 2), aGap(5, 9)],
    forgottenUntil: 3,
  });
  receive(timelineMessage({ reset: true }));
  const nothing = { entries: [], spans: [], gaps: [], forgottenUntil: null };
  expect(cache.get('timeline')).toEqual(nothing);
});

test('lights tasks of answers in the first message of a new run, not of one that it knows', () => {
  hello();
  receive(runMessage({ reset: true, answers: answers(1, 3) }));
  expect(lightAnswered).not.toHaveBeenCalled();
  receive(runMessage({ run: aRun({ id: 'next' }), reset: true, answers: answers(1, 2) }));
  expect(lightAnswered.mock.lastCall?.[0]).toHaveLength(2);
  hello();
  receive(runMessage({ run: aRun({ id: 'next' }), reset: true, answers: answers(1, 5) }));
  expect(lightAnswered).toHaveBeenCalledTimes(1);
  hello();
  vi.advanceTimersByTime(2001);
  receive(runMessage({ run: aRun({ id: 'third' }), reset: true, answers: answers(1, 4) }));
  expect(lightAnswered.mock.lastCall?.[0]).toHaveLength(4);
});
