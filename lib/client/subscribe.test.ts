import type { ScopedMutator } from 'swr';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Access, LiveMessage } from '@/lib/api';
import { anAnswer } from '@/tests/factories/curl';
import { aRun } from '@/tests/factories/run';
import { aView } from '@/tests/factories/view';
import { KEYS, type LiveRun } from './cache';
import type { StreamEvents } from './stream';
import { addNews, addRun, subscribeLive } from './subscribe';

const hit = vi.hoisted(() => vi.fn<(taskIds: string[]) => void>());
vi.mock('./hits', () => ({ hit }));
vi.mock('@/lib/build', () => ({ BUILD: 'one' }));

let events: StreamEvents;
const reconnect = vi.fn();
vi.mock('./stream', () => ({
  openStream: (_url: string, given: StreamEvents) => {
    events = given;
    return { close: () => {}, reconnect };
  },
}));

/** The SWR cache as far as `subscribeLive` uses it: put by key, from what was there before. */
let cache: Map<string, unknown>;
const mutate = ((key: string, change: (before: unknown) => unknown) => {
  cache.set(key, change(cache.get(key)));
  return Promise.resolve();
}) as unknown as ScopedMutator;
let close: () => void;
const OPEN: Access = {
  mode: 'open',
  signedIn: false,
  role: 'operator',
  operators: false,
  closed: false,
};
/** The page below a proxy's path, and where the token of that page is kept. */
const HREF = 'https://swarm.home/one/';
const TOKEN = 'clusterhat.token/one/';
/** What the browser's storage has, and where its events come. */
let stored: Map<string, string>;
let browser: EventTarget;
const say = (message: LiveMessage) => events.message(JSON.stringify(message));
const hello = (build = 'one') => say({ kind: 'hello', build, access: OPEN });

const answers = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => anAnswer(from + i, 1));
const second = (at: number, failed = 0) => ({ second: at, answers: {}, failed, skipped: 0 });
const news = (more: Partial<Extract<LiveMessage, { kind: 'run' }>> = {}) => ({
  kind: 'run' as const,
  run: aRun(),
  answers: [],
  seconds: [],
  reset: false,
  ...more,
});

beforeEach(() => {
  hit.mockClear();
  reconnect.mockClear();
  vi.useFakeTimers();
  vi.stubGlobal('document', { hidden: true });
  vi.stubGlobal('location', { href: HREF });
  stored = new Map();
  browser = new EventTarget();
  vi.stubGlobal('localStorage', { getItem: (key: string) => stored.get(key) ?? null });
  vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
  vi.stubGlobal('removeEventListener', browser.removeEventListener.bind(browser));
  cache = new Map();
  close = subscribeLive(mutate);
  hello();
});

afterEach(() => {
  close();
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

test('a server that says goodbye is being restarted, until one says otherwise', () => {
  const live = { state: 'live' as const, at: 1, now: 2, problem: null };
  say({ kind: 'status', status: live });
  say({ kind: 'bye' });
  expect(cache.get(KEYS.health)).toMatchObject({
    state: 'stale',
    problem: { detail: 'The dashboard is being restarted.' },
  });
  say({ kind: 'status', status: live });
  expect(cache.get(KEYS.health)).toEqual({ state: 'live', problem: null });
});

test('a status is split into what seldom changes, kept the same object, and the age', () => {
  say({ kind: 'status', status: { state: 'live', at: 1, now: 2, problem: null } });
  const health = cache.get(KEYS.health);
  say({ kind: 'status', status: { state: 'live', at: 3, now: 4, problem: null } });
  expect(cache.get(KEYS.health)).toBe(health);
  expect(cache.get(KEYS.picture)).toEqual({ at: 3, now: 4 });
});

test('ignores messages of a server of another build and asks to reload', () => {
  const status = (at: number) =>
    say({ kind: 'status', status: { state: 'live', at, now: at, problem: null } });
  say({ kind: 'view', rev: 1, view: aView() });
  status(1);
  const shown = cache.get(KEYS.view);
  expect(cache.get(KEYS.upgraded)).toBe(false);
  hello('two');
  events.message('{"kind":"view","rev":2,"view":{"hosts":[]}}');
  events.message('{"kind":"patch","rev":3,"patch":{"tasks":5}}');
  events.message('{"kind":"of a later version"}');
  status(2);
  expect(cache.get(KEYS.upgraded)).toBe(true);
  expect(cache.get(KEYS.health)).toMatchObject({ problem: { kind: 'page-outdated' } });
  expect(cache.get(KEYS.view)).toBe(shown);
  expect(cache.get(KEYS.picture)).toEqual({ at: 1, now: 1 });
  expect(reconnect).not.toHaveBeenCalled();
});

test('is live again when a server of its own build is back', () => {
  hello('two');
  hello('one');
  say({ kind: 'view', rev: 4, view: aView() });
  say({ kind: 'status', status: { state: 'live', at: 5, now: 5, problem: null } });
  expect(cache.get(KEYS.upgraded)).toBe(false);
  expect(cache.get(KEYS.view)).toEqual(aView());
  expect(cache.get(KEYS.health)).toEqual({ state: 'live', problem: null });
});

test('treats a hello without a build as one of another build', () => {
  events.message('{"kind":"hello"}');
  expect(cache.get(KEYS.upgraded)).toBe(true);
});

test('is signed in only with the token that belongs to the cookie', () => {
  const access: Access = { ...OPEN, mode: 'password', signedIn: true, operators: true };
  say({ kind: 'hello', build: 'one', access });
  expect(cache.get(KEYS.access)).toEqual({ ...access, signedIn: false, role: 'reader' });
  // Of another dashboard on the same origin.
  stored.set('clusterhat.token/two/', 'token');
  say({ kind: 'hello', build: 'one', access });
  expect(cache.get(KEYS.access)).toEqual({ ...access, signedIn: false, role: 'reader' });
  stored.set(TOKEN, 'token');
  say({ kind: 'hello', build: 'one', access });
  expect(cache.get(KEYS.access)).toEqual(access);
});

test('where reading is closed, a cookie without its token can be signed out, and does nothing else', () => {
  const closed: Access = { ...OPEN, mode: 'password', signedIn: true, closed: true };
  say({ kind: 'hello', build: 'one', access: closed });
  expect(cache.get(KEYS.access)).toEqual({ ...closed, signedIn: true, role: 'reader' });
});

test('a stream that is refused for want of a sign-in reloads the page, any other reason is shown', () => {
  const reload = vi.fn();
  vi.stubGlobal('location', { href: HREF, reload });
  const problem = { kind: 'too-many-streams', detail: 'Too many.' };
  events.refused(problem);
  expect(cache.get(KEYS.health)).toEqual({ state: 'stale', problem });
  expect(reload).not.toHaveBeenCalled();
  events.refused({ kind: 'sign-in-required', detail: 'Sign in.' });
  expect(reload).toHaveBeenCalledOnce();
});

test('reconnects when another tab signs in or out, and for no other change of the storage', () => {
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

test('a run gathers its answers, the last 600 of them, each the object that it was', () => {
  say(news({ answers: answers(1, 450), reset: true }));
  const early = (cache.get(KEYS.run) as LiveRun).answers.at(-1);
  say(news({ answers: answers(451, 650) }));
  const live = cache.get(KEYS.run) as LiveRun;
  expect(live.answers).toHaveLength(600);
  expect(live.answers.at(0)?.n).toBe(51);
  expect(live.answers.at(-1)?.n).toBe(650);
  expect(live.answers).toContain(early);
});

test('its seconds replace their like, and the last 60 are kept', () => {
  const first = Array.from({ length: 60 }, (_, at) => second(at));
  const before = addRun(undefined, news({ seconds: first, reset: true }));
  const after = addRun(before, news({ seconds: [second(59, 2), second(60, 1)] }));
  expect(after.seconds).toHaveLength(60);
  expect(after.seconds.at(0)?.second).toBe(1);
  expect(after.seconds.slice(-2)).toEqual([second(59, 2), second(60, 1)]);
});

test('a second whose only outcome comes late is not the newest one', () => {
  const before = addRun(undefined, news({ seconds: [second(27), second(29)], reset: true }));
  const after = addRun(before, news({ seconds: [second(28, 1)] }));
  expect(after.seconds.map((one) => one.second)).toEqual([27, 28, 29]);
});

test('another run, or a reset, starts over', () => {
  const before = addRun(undefined, news({ answers: answers(1, 3), seconds: [second(0)] }));
  const other = addRun(before, news({ run: aRun({ id: 'run-2' }) }));
  expect(other).toMatchObject({ answers: [], seconds: [] });
  const again = addRun(before, news({ answers: answers(4, 4), reset: true }));
  expect(again).toMatchObject({ answers: answers(4, 4), seconds: [] });
});

test('a run that a restarted server no longer knows is forgotten; one that it tells stays', () => {
  say(news({ reset: true }));
  hello();
  say(news({ reset: true }));
  vi.advanceTimersByTime(5000);
  expect(cache.get(KEYS.run)).toMatchObject({ run: { id: 'run-1' } });
  hello();
  vi.advanceTimersByTime(5000);
  expect(cache.get(KEYS.run)).toBeNull();
});

test('closed, it writes nothing more', () => {
  close();
  say({ kind: 'view', rev: 1, view: aView() });
  expect(cache.get(KEYS.view)).toBeUndefined();
});

test('a patch changes the picture that it was made for, and only what it names', () => {
  const view = aView();
  say({ kind: 'view', rev: 7, view });
  const before = cache.get(KEYS.view) as typeof view;
  say({ kind: 'patch', rev: 8, patch: { tasks: [{ id: view.tasks[0]!.id, state: 'failed' }] } });
  const after = cache.get(KEYS.view) as typeof view;
  expect(after.tasks[0]?.state).toBe('failed');
  expect(after.tasks[1]).toBe(before.tasks[1]);
  expect(after.nodes).toBe(before.nodes);
  expect(reconnect).not.toHaveBeenCalled();
});

test('a patch for another picture, or for none, fetches the whole one', () => {
  say({ kind: 'patch', rev: 2, patch: {} });
  expect(reconnect).toHaveBeenCalledTimes(1);
  say({ kind: 'view', rev: 7, view: aView() });
  say({ kind: 'patch', rev: 9, patch: {} });
  expect(reconnect).toHaveBeenCalledTimes(2);
  expect(cache.get(KEYS.view)).toEqual(aView());
});

test('a patch that speaks of something unknown fetches the whole picture', () => {
  say({ kind: 'view', rev: 7, view: aView() });
  say({ kind: 'patch', rev: 8, patch: { tasks: [{ id: 'nobody', state: 'failed' }] } });
  expect(reconnect).toHaveBeenCalledTimes(1);
  expect(cache.get(KEYS.view)).toEqual(aView());
});

test('a whole picture that says the same leaves every part the object that it was', () => {
  say({ kind: 'view', rev: 7, view: aView() });
  const before = cache.get(KEYS.view);
  say({ kind: 'view', rev: 9, view: aView() });
  expect(cache.get(KEYS.view)).toBe(before);
  const { id } = aView().tasks[0]!;
  say({ kind: 'patch', rev: 10, patch: { tasks: [{ id, state: 'failed' }] } });
  const after = cache.get(KEYS.view) as ReturnType<typeof aView>;
  expect(after.tasks[0]?.state).toBe('failed');
  expect(after.tasks[1]).toBe((before as typeof after).tasks[1]);
});

const HOUR = 3_600_000;
const aSpan = (taskId: string, from: number, to: number) => {
  const about = { taskId, name: taskId, serviceId: 's', slot: 1, nodeId: 'n' };
  return { ...about, from, to, end: 'stopped' as const };
};
const told = (more: Partial<Extract<LiveMessage, { kind: 'timeline' }>> = {}) => ({
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

test('of the timeline an hour is kept', () => {
  const before = addNews(undefined, told({ reset: true, spans: [aSpan('old', 0, 1)] }));
  const fresh = Array.from({ length: 30 }, (_, at) => aSpan(`new-${at}`, 0, HOUR + 2 + at));
  const after = addNews(before, told({ spans: fresh }));
  expect(after.spans).toEqual(fresh);
});

test('the timeline gathers what is new; a gap that ends takes its own place', () => {
  say(told({ reset: true, gaps: [aGap(1, 2), aGap(5, null)], spans: [aSpan('one', 0, 4)] }));
  say(told({ gaps: [aGap(5, 9)], spans: [aSpan('two', 0, 9)], forgottenUntil: 3 }));
  expect(cache.get(KEYS.timeline)).toEqual({
    entries: [],
    spans: [aSpan('one', 0, 4), aSpan('two', 0, 9)],
    gaps: [aGap(1, 2), aGap(5, 9)],
    forgottenUntil: 3,
  });
  say(told({ reset: true }));
  const nothing = { entries: [], spans: [], gaps: [], forgottenUntil: null };
  expect(cache.get(KEYS.timeline)).toEqual(nothing);
});

test('lights the tasks of a new run whose answers come whole in its first message, and none of an old one', () => {
  hello();
  say(news({ reset: true, answers: answers(1, 3) }));
  expect(hit).not.toHaveBeenCalled();
  say(news({ run: aRun({ id: 'next' }), reset: true, answers: answers(1, 2) }));
  expect(hit.mock.lastCall?.[0]).toHaveLength(2);
  hello();
  say(news({ run: aRun({ id: 'next' }), reset: true, answers: answers(1, 5) }));
  expect(hit).toHaveBeenCalledTimes(1);
  hello();
  vi.advanceTimersByTime(2001);
  say(news({ run: aRun({ id: 'third' }), reset: true, answers: answers(1, 4) }));
  expect(hit.mock.lastCall?.[0]).toHaveLength(4);
});
