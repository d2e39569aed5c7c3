import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError } from '../engine';
import { counters, resetCounters } from '../observe/counters';
import { Feed } from './feed';
import { anEngineTask, NODE, ScriptedEngine, TIME } from '@/tests/factories/engine';

/** The calls of a read that keeps nothing of the one before. */
const WHOLE_READ = ['info', 'version', 'pingAllowed', 'nodes', 'services', 'tasks'];

/** Polling, with a scripted engine and fake timers. */

let script: ScriptedEngine;
let feed: Feed;
let leave: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new ScriptedEngine();
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  leave = () => {};
});

afterEach(() => {
  leave();
  vi.useRealTimers();
});

/** Subscribes and waits until the fast polling after the first view has ended. */
async function subscribeUntilIdle(): Promise<void> {
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(8000);
  script.calls = [];
}

test('does not poll without subscribers', async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.calls).toEqual([]);
});

test('reads tasks every second while idle, nodes and services every ten, info every thirty', async () => {
  await subscribeUntilIdle();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(58);
  expect(script.count('tasks')).toBeLessThanOrEqual(62);
  expect(script.count('nodes')).toBe(6);
  expect(script.count('services')).toBe(6);
  expect(script.count('info')).toBe(2);
  expect(script.calls.length / 60).toBeLessThan(1.5);
});

test('polls no more often for a hundred subscribers than for one', async () => {
  await subscribeUntilIdle();
  const others = Array.from({ length: 99 }, () => feed.subscribe(() => {}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
  for (const other of others) other();
});

test('polls every 250 ms while something changes, and is idle again 6.5 s after the last change', async () => {
  await subscribeUntilIdle();
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  await vi.advanceTimersByTimeAsync(1000);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(5000);
  expect(script.count('tasks')).toBe(20);
  await vi.advanceTimersByTimeAsync(2000);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(5000);
  expect(script.count('tasks')).toBe(5);
});

test('stops polling and the event stream when the last subscriber leaves; the next one restarts both', async () => {
  await subscribeUntilIdle();
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.calls).toEqual([]);
  expect(feed.status().state).toBe('live');
  leave = feed.subscribe(() => {});
  expect(feed.status().state).toBe('connecting');
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.status().state).toBe('live');
  expect(script.count('nodes')).toBe(1);
});

/** Subscribes half an hour later; a task was created meanwhile. */
async function subscribeLater() {
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  script.latency = 0;
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  return feed.encodedView.timeline.since(0);
}

test('records a gap when the last subscriber left during a poll', async () => {
  await subscribeUntilIdle();
  script.latency = 300;
  feed.wake();
  await vi.advanceTimersByTimeAsync(100);
  leave();
  const { gaps, entries } = await subscribeLater();
  expect(gaps).toMatchObject([{ why: 'not watched', to: Date.now() }]);
  expect(entries).toMatchObject([{ unseen: 'not watched' }]);
});

test('a single fresh() splits the gap without subscribers', async () => {
  await subscribeUntilIdle();
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  await feed.fresh();
  const polledAt = Date.now();
  const { gaps, entries } = await subscribeLater();
  expect(gaps).toMatchObject([{ to: polledAt }, { from: polledAt, to: Date.now() }]);
  expect(entries).toMatchObject([{ unseen: 'not watched' }]);
});

test('a subscriber right after fresh() starts with its view as live', async () => {
  await feed.fresh();
  await vi.advanceTimersByTimeAsync(3000);
  leave = feed.subscribe(() => {});
  expect(feed.status().state).toBe('live');
  script.calls = [];
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toContain('tasks');
});

test('an event or wake() polls at once, lists included', async () => {
  await subscribeUntilIdle();
  script.streams[0]?.event();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toEqual(['nodes', 'services', 'tasks']);
  await vi.advanceTimersByTimeAsync(100);
  script.calls = [];
  feed.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toEqual(['nodes', 'services', 'tasks']);
});

test('never polls twice at once; wake() during a poll causes another one', async () => {
  await subscribeUntilIdle();
  script.latency = 400;
  feed.wake();
  await vi.advanceTimersByTimeAsync(500);
  script.calls = [];
  for (let n = 0; n < 20; n++) feed.wake();
  script.streams[0]?.event();
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.maxPendingTasks).toBe(1);
  // The pending poll, then one that started after wake() and reads the lists again.
  expect(script.calls).toContain('nodes');
});

test('polls a slow engine less often, and never twice at once', async () => {
  await subscribeUntilIdle();
  script.latency = 1500;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(script.maxPendingTasks).toBe(1);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
});

test('fresh() returns what was read after the call, polling once without subscribers', async () => {
  const view = await feed.fresh();
  expect(view.tasks).toHaveLength(1);
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  expect((await feed.fresh()).tasks).toHaveLength(2);
  expect(script.count('tasks')).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBe(2);
});

test('fresh() during a poll waits for one that started later', async () => {
  script.latency = 300;
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(700);
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  const fresh = feed.fresh();
  await vi.advanceTimersByTimeAsync(3000);
  expect((await fresh).tasks).toHaveLength(2);
});

test('fresh() rejects with the reason when there is no view', async () => {
  script.error = new EngineError('no-swarm', 'This engine is in no swarm.');
  await expect(feed.fresh()).rejects.toMatchObject({ kind: 'no-swarm' });
});

test('a failed poll makes the status stale and keeps the view; everything is read again 500 ms after the engine is back', async () => {
  await subscribeUntilIdle();
  const { view } = feed.current();
  script.error = new EngineError('engine-stopped', 'The Docker engine is not running.');
  await vi.advanceTimersByTimeAsync(1000);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { kind: 'engine-stopped' } });
  expect(feed.current().view).toBe(view);
  await vi.advanceTimersByTimeAsync(10_000);
  script.error = null;
  script.calls = [];
  await vi.advanceTimersByTimeAsync(500);
  expect(feed.status().state).toBe('live');
  expect(script.calls.slice(0, WHOLE_READ.length)).toEqual(WHOLE_READ);
});

test('is stale after 3 s without a response, not before', async () => {
  await subscribeUntilIdle();
  script.latency = Infinity;
  feed.wake();
  await vi.advanceTimersByTimeAsync(2999);
  expect(feed.status().state).toBe('live');
  await vi.advanceTimersByTimeAsync(1);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { kind: 'engine-timeout' } });
});

test('notifies subscribers every two seconds while the engine does not respond or is slow', async () => {
  await subscribeUntilIdle();
  let notified = 0;
  const other = feed.subscribe(() => void notified++);
  for (const latency of [2500, Infinity]) {
    script.latency = latency;
    await vi.advanceTimersByTimeAsync(5000);
    notified = 0;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(notified).toBeGreaterThanOrEqual(9);
  }
  other();
});

test('aborts pending calls when the engine responds again, and is live within 2 s', async () => {
  await subscribeUntilIdle();
  script.latency = Infinity;
  for (const after of [60_000, 60_333, 60_777]) {
    script.latency = Infinity;
    await vi.advanceTimersByTimeAsync(after);
    expect(feed.status().state).toBe('stale');
    expect(script.pendingTasks).toBeLessThanOrEqual(1);
    script.latency = 0;
    await vi.advanceTimersByTimeAsync(1500);
    expect(feed.status().state).toBe('live');
  }
  expect(script.maxPendingTasks).toBe(1);
});

test('waits for the error of an engine that answers pings but no swarm calls', async () => {
  await subscribeUntilIdle();
  let refuse: (reason: EngineError) => void = () => {};
  vi.spyOn(script.engine, 'tasks').mockImplementation(
    (signal) =>
      new Promise((_, reject) => {
        refuse = reject;
        signal?.addEventListener('abort', () => reject(new Error('not heard out')));
      }),
  );
  await vi.advanceTimersByTimeAsync(20_000);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { kind: 'engine-timeout' } });
  refuse(new EngineError('no-quorum', 'The swarm has no leader.'));
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { kind: 'no-quorum' } });
});

test('calls that hang beside a failed one do not pile up', async () => {
  await subscribeUntilIdle();
  vi.spyOn(script.engine, 'nodes').mockRejectedValue(new EngineError('engine-error', 'unwell'));
  script.stuck = ['services'];
  feed.wake();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { message: 'unwell' } });
  expect(script.pending).toBeLessThanOrEqual(2);
});

test('a poll is aborted when its last subscriber leaves, and is no failure', async () => {
  await subscribeUntilIdle();
  script.latency = Infinity;
  feed.wake();
  await vi.advanceTimersByTimeAsync(100);
  expect(script.pending).toBe(2);
  leave();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.pending).toBe(0);
  expect(feed.status().error).toBeNull();
  script.latency = 0;
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.status()).toMatchObject({ state: 'live', at: Date.now() });
});

test('fresh() gets its view although the last subscriber left', async () => {
  await subscribeUntilIdle();
  script.latency = 400;
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  const fresh = feed.fresh();
  await vi.advanceTimersByTimeAsync(100);
  leave();
  await vi.advanceTimersByTimeAsync(2000);
  expect((await fresh).tasks).toHaveLength(2);
});

test('a subscriber that throws does not end polling for the others', async () => {
  await subscribeUntilIdle();
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
  const bad = feed.subscribe(() => {
    throw new Error('a defect');
  });
  let notified = 0;
  const good = feed.subscribe(() => void notified++);
  await vi.advanceTimersByTimeAsync(5000);
  expect(notified).toBeGreaterThanOrEqual(5);
  expect(complaint).toHaveBeenCalled();
  bad();
  good();
  complaint.mockRestore();
});

/** Lets these calls hang for 15 s: the feed is stale, and live 2 s after they respond. */
async function hangThenRespond(calls: typeof script.stuck) {
  script.stuck = calls;
  feed.wake();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(feed.status().state).toBe('stale');
  script.stuck = [];
  await vi.advanceTimersByTimeAsync(2000);
  expect(feed.status().state).toBe('live');
}

test('a swarm that hung while its engine answered pings is live 2 s after it responds', async () => {
  await subscribeUntilIdle();
  await hangThenRespond(['nodes', 'services', 'tasks']);
});

test('waits for one slow call even if small requests are fast', async () => {
  await subscribeUntilIdle();
  script.stuck = ['tasks'];
  feed.wake();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(feed.status().state).toBe('stale');
  // Its one poll is still pending.
  expect(script.count('services')).toBe(1);
});

test('polls when the event stream ends, and subscribes again', async () => {
  await subscribeUntilIdle();
  script.streams[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  // It may be another engine now.
  expect(script.calls.slice(0, WHOLE_READ.length)).toEqual(WHOLE_READ);
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('events')).toBe(1);
  script.calls = [];
  script.streams[1]?.event();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.count('nodes')).toBe(1);
});

test('reads the lists with the tasks when events are refused, at the usual interval', async () => {
  script.rejectEvents = true;
  await subscribeUntilIdle();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
  expect(script.count('nodes')).toBeGreaterThanOrEqual(9);
});

test('tries refused calls again every ten seconds, and the others as before', async () => {
  script.refused = new Set(['events', 'nodes', 'info']);
  await subscribeUntilIdle();
  await vi.advanceTimersByTimeAsync(60_000);
  for (const refused of ['events', 'nodes']) {
    expect(script.count(refused)).toBeGreaterThanOrEqual(5);
    expect(script.count(refused)).toBeLessThanOrEqual(7);
  }
  expect(script.count('info')).toBe(2);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(58);
  expect(feed.status()).toMatchObject({ state: 'live', error: null });
  expect(feed.current().view?.refused.reads).toEqual(['NODES', 'INFO', 'EVENTS']);
});

test('notices within ten seconds that a list is allowed again, or refused', async () => {
  await subscribeUntilIdle();
  script.refused = new Set(['services']);
  await vi.advanceTimersByTimeAsync(10_500);
  expect(feed.current().view?.services).toMatchObject([{ id: 'id-goweb', listed: false }]);
  script.refused = new Set();
  await vi.advanceTimersByTimeAsync(10_500);
  expect(feed.current().view?.services).toMatchObject([{ name: 'goweb', listed: true }]);
});

test('an engine that hangs behind a proxy is live again although the proxy refuses the nodes', async () => {
  script.refused = new Set(['nodes']);
  await subscribeUntilIdle();
  await hangThenRespond(['services', 'tasks']);
});

test('counts no failures of tasks whose list was refused', async () => {
  resetCounters();
  script.refused = new Set(['tasks']);
  await feed.fresh();
  script.refused = new Set();
  script.tasks = [anEngineTask(1, { Status: { ...anEngineTask(1).Status, State: 'failed' } })];
  await feed.fresh();
  expect([...counters().taskFailures.values()]).toEqual([]);
});

test('a task seen before its list was refused keeps the time since it runs', async () => {
  await feed.fresh();
  const before = feed.current().view?.tasks[0];
  script.refused = new Set(['tasks']);
  await vi.advanceTimersByTimeAsync(60_000);
  await feed.fresh();
  expect(feed.current().view?.tasks).toEqual([]);
  script.refused = new Set();
  await feed.fresh();
  expect(feed.current().view?.tasks[0]).toEqual(before);
});

test('reads the nodes at the next poll when a task is on an unknown node', async () => {
  await subscribeUntilIdle();
  script.nodes = [NODE, { ...NODE, ID: 'id-new', Version: { Index: 30 } }];
  script.tasks = [anEngineTask(1), anEngineTask(2, { NodeID: 'id-new' })];
  await vi.advanceTimersByTimeAsync(1300);
  expect(feed.current().view?.nodes.map(({ id }) => id)).toContain('id-new');
});

test('reads the nodes only once for tasks on a removed node', async () => {
  await subscribeUntilIdle();
  for (let round = 0; round < 5; round++) {
    script.tasks = [
      anEngineTask(1, { Version: { Index: 50 + round } }),
      anEngineTask(2, { NodeID: 'id-gone' }),
    ];
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(script.count('nodes')).toBe(1);
});

test('reads the services when a task is of an unknown service', async () => {
  await subscribeUntilIdle();
  script.tasks = [anEngineTask(1), anEngineTask(2, { ServiceID: 'id-new' })];
  await vi.advanceTimersByTimeAsync(2000);
  // As the tasks have moved, and then once with the nodes.
  expect(script.count('services')).toBe(2);
  expect(script.count('nodes')).toBe(1);
});

test.each([
  ['is new', () => [anEngineTask(1), anEngineTask(2)]],
  ['is to stop', () => [anEngineTask(1, { DesiredState: 'shutdown' })]],
])('reads the services after the tasks when a task %s', async (_, tasks) => {
  await subscribeUntilIdle();
  script.tasks = tasks();
  await vi.advanceTimersByTimeAsync(2000);
  const calls = script.calls.filter((call) => call !== 'pingAllowed');
  // Its service may have changed since it was read: its next spec's tasks would look like failed ones.
  const at = calls.indexOf('services');
  expect(calls[at - 1]).toBe('tasks');
  expect(script.count('services')).toBe(1);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(8000);
  // With the nodes, every ten seconds.
  expect(script.count('services')).toBe(script.count('nodes'));
});

test('keeps polling when the clock is set back an hour', async () => {
  await subscribeUntilIdle();
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('nodes')).toBeGreaterThan(0);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(2);
});

test('raises the revision by one with each change and only then', async () => {
  await subscribeUntilIdle();
  const { rev } = feed.current();
  await vi.advanceTimersByTimeAsync(5000);
  expect(feed.current().rev).toBe(rev);
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  await vi.advanceTimersByTimeAsync(2000);
  expect(feed.current().rev).toBe(rev + 1);
  expect(feed.encodedView.patchMessage()).not.toBeNull();
});

test('a hundred scrapes a second cause one poll every five seconds', async () => {
  for (let n = 0; n < 1000; n++) {
    void feed.pollIfOlder(5000, 1000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(script.count('tasks')).toBe(2);
  expect(script.count('nodes')).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBe(2);
});

test('scrapes of a failing engine cause one poll every five seconds', async () => {
  script.error = new EngineError('engine-stopped', 'It is stopped.');
  for (let n = 0; n < 100; n++) {
    await feed.pollIfOlder(5000, 1000);
    expect(feed.status().state).toBe('stale');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(script.count('info')).toBe(2);
});

test('a scrape causes no poll while there is a subscriber', async () => {
  await subscribeUntilIdle();
  await feed.pollIfOlder(0, 1000);
  expect(script.calls).toEqual([]);
});

test('scrapes of a hanging engine share one poll and wait no longer than their limit', async () => {
  script.latency = Infinity;
  const scrapes = Array.from({ length: 20 }, () => feed.pollIfOlder(5000, 1000));
  await vi.advanceTimersByTimeAsync(1000);
  await Promise.all(scrapes);
  expect(script.count('info')).toBe(1);
  script.latency = 0;
});

test('counts a task that fails while the feed polls, by service', async () => {
  resetCounters();
  script.tasks = [
    anEngineTask(1),
    anEngineTask(2, { Status: { ...anEngineTask(2).Status, State: 'failed' } }),
  ];
  await feed.fresh();
  const Version = { Index: 99 };
  script.tasks = [
    anEngineTask(1, { Version, Status: { ...anEngineTask(1).Status, State: 'failed' } }),
  ];
  await feed.fresh();
  await feed.fresh();
  expect([...counters().taskFailures.values()]).toEqual([
    { labels: { service: 'goweb' }, value: 1 },
  ]);
});

test('is up to date once a view was read after the last change that was requested', async () => {
  await feed.fresh();
  expect(feed.isUpToDate).toBe(true);
  feed.wake();
  expect(feed.isUpToDate).toBe(false);
  // Requested while a read is on its way, which may not have the change.
  const nodes = vi.spyOn(script.engine, 'nodes');
  nodes.mockImplementationOnce(() => {
    feed.wake();
    return Promise.resolve([NODE]);
  });
  await feed.fresh();
  expect(feed.isUpToDate).toBe(false);
  await feed.fresh();
  expect(feed.isUpToDate).toBe(true);
});
