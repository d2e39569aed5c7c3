import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EngineError } from '../engine';
import { counters, resetCounters } from '../observe/counters';
import { Feed } from './feed';
import { aTask, NODE, Scripted, TIME } from '@/tests/factories/live';

/** The poller's rules, on a scripted engine and a clock that moves when told to. */

let script: Scripted;
let feed: Feed;
let leave: () => void;

beforeEach(() => {
  vi.useFakeTimers({ now: TIME });
  script = new Scripted();
  feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  leave = () => {};
});

afterEach(() => {
  leave();
  vi.useRealTimers();
});

/** A viewer comes; the feed's first moving time passes, so that it is at rest. */
async function watchAtRest(): Promise<void> {
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(8000);
  script.calls = [];
}

test('nobody watches: the engine is not asked anything', async () => {
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.calls).toEqual([]);
});

test('at rest the tasks are looked at once a second, nodes and services every ten, info every thirty', async () => {
  await watchAtRest();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(58);
  expect(script.count('tasks')).toBeLessThanOrEqual(62);
  expect(script.count('nodes')).toBe(6);
  expect(script.count('services')).toBe(6);
  expect(script.count('info')).toBe(2);
  expect(script.calls.length / 60).toBeLessThan(1.5);
});

test('a hundred watchers cost what one does', async () => {
  await watchAtRest();
  const others = Array.from({ length: 99 }, () => feed.subscribe(() => {}));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
  for (const other of others) other();
});

test('while something moves every 250 ms, and at rest again 6.5 s after the last change', async () => {
  await watchAtRest();
  script.tasks = [aTask(1), aTask(2)];
  await vi.advanceTimersByTimeAsync(1000);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(5000);
  expect(script.count('tasks')).toBe(20);
  await vi.advanceTimersByTimeAsync(2000);
  script.calls = [];
  await vi.advanceTimersByTimeAsync(5000);
  expect(script.count('tasks')).toBe(5);
});

test('the last watcher leaves: the looking ends, the event stream too; the next one starts it again', async () => {
  await watchAtRest();
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

/** Half an hour after the last one left somebody comes, and a task has been made meanwhile. */
async function comeBackLater() {
  await vi.advanceTimersByTimeAsync(30 * 60_000);
  script.latency = 0;
  script.tasks = [aTask(1), aTask(2)];
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  return feed.picture.timeline.since(0);
}

test('records a gap when the last viewer leaves during a poll', async () => {
  await watchAtRest();
  script.latency = 300;
  feed.wake();
  await vi.advanceTimersByTimeAsync(100);
  leave();
  const { gaps, entries } = await comeBackLater();
  expect(gaps).toMatchObject([{ why: 'not watched', to: Date.now() }]);
  expect(entries).toMatchObject([{ unseen: 'not watched' }]);
});

test('a single read through the API splits the gap', async () => {
  await watchAtRest();
  leave();
  await vi.advanceTimersByTimeAsync(60_000);
  await feed.fresh();
  const looked = Date.now();
  const { gaps, entries } = await comeBackLater();
  expect(gaps).toMatchObject([{ to: looked }, { from: looked, to: Date.now() }]);
  expect(entries).toMatchObject([{ unseen: 'not watched' }]);
});

test('a watcher who comes right after fresh() goes on with its picture', async () => {
  await feed.fresh();
  await vi.advanceTimersByTimeAsync(3000);
  leave = feed.subscribe(() => {});
  expect(feed.status().state).toBe('live');
  script.calls = [];
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toContain('tasks');
});

test('an event or a wake looks at once, at the lists too', async () => {
  await watchAtRest();
  script.streams[0]?.event();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toEqual(['nodes', 'services', 'tasks']);
  await vi.advanceTimersByTimeAsync(100);
  script.calls = [];
  feed.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.calls).toEqual(['nodes', 'services', 'tasks']);
});

test('never two looks at once; a wake during a look is not lost', async () => {
  await watchAtRest();
  script.latency = 400;
  feed.wake();
  await vi.advanceTimersByTimeAsync(500);
  script.calls = [];
  for (let n = 0; n < 20; n++) feed.wake();
  script.streams[0]?.event();
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.mostOpen).toBe(1);
  // The look that was going, then one that began after the wakes and reads the lists again.
  expect(script.calls).toContain('nodes');
});

test('a slow engine is asked less often, never on top of itself', async () => {
  await watchAtRest();
  script.latency = 1500;
  await vi.advanceTimersByTimeAsync(30_000);
  expect(script.mostOpen).toBe(1);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
});

test('fresh() gives what was read after it was asked, with nobody watching, and looks once', async () => {
  const view = await feed.fresh();
  expect(view.tasks).toHaveLength(1);
  script.tasks = [aTask(1), aTask(2)];
  expect((await feed.fresh()).tasks).toHaveLength(2);
  expect(script.count('tasks')).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBe(2);
});

test('fresh() during a look waits for one that began later', async () => {
  script.latency = 300;
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(700);
  script.tasks = [aTask(1), aTask(2)];
  const fresh = feed.fresh();
  await vi.advanceTimersByTimeAsync(3000);
  expect((await fresh).tasks).toHaveLength(2);
});

test('fresh() says why there is no picture', async () => {
  script.error = new EngineError('no-swarm', 'This engine is in no swarm.');
  await expect(feed.fresh()).rejects.toMatchObject({ kind: 'no-swarm' });
});

test('a failed look is told, the picture kept, and everything read anew within 500 ms of the return', async () => {
  await watchAtRest();
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
  expect(script.calls.slice(0, 5)).toEqual(['info', 'version', 'nodes', 'services', 'tasks']);
});

test('silence: stale after 3 s, not before', async () => {
  await watchAtRest();
  script.latency = Infinity;
  feed.wake();
  await vi.advanceTimersByTimeAsync(2999);
  expect(feed.status().state).toBe('live');
  await vi.advanceTimersByTimeAsync(1);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { kind: 'engine-timeout' } });
});

test('while the engine is silent, or slow, viewers still hear from the server every two seconds', async () => {
  await watchAtRest();
  let told = 0;
  const other = feed.subscribe(() => void told++);
  for (const latency of [2500, Infinity]) {
    script.latency = latency;
    await vi.advanceTimersByTimeAsync(5000);
    told = 0;
    await vi.advanceTimersByTimeAsync(20_000);
    expect(told).toBeGreaterThanOrEqual(9);
  }
  other();
});

test('silence that ends: what hangs is dropped, and the picture is live within 2 s', async () => {
  await watchAtRest();
  script.latency = Infinity;
  for (const after of [60_000, 60_333, 60_777]) {
    script.latency = Infinity;
    await vi.advanceTimersByTimeAsync(after);
    expect(feed.status().state).toBe('stale');
    expect(script.open).toBeLessThanOrEqual(1);
    script.latency = 0;
    await vi.advanceTimersByTimeAsync(1500);
    expect(feed.status().state).toBe('live');
  }
  expect(script.mostOpen).toBe(1);
});

test('an engine that answers pings but not the swarm’s calls is heard out', async () => {
  await watchAtRest();
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

test('calls that hang beside one that fails do not pile up', async () => {
  await watchAtRest();
  vi.spyOn(script.engine, 'nodes').mockRejectedValue(new EngineError('engine-error', 'unwell'));
  script.stuck = ['services'];
  feed.wake();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(feed.status()).toMatchObject({ state: 'stale', error: { message: 'unwell' } });
  expect(script.waiting).toBeLessThanOrEqual(2);
});

test('a look does not outlive those for whom it is made, and is nobody’s failure', async () => {
  await watchAtRest();
  script.latency = Infinity;
  feed.wake();
  await vi.advanceTimersByTimeAsync(100);
  expect(script.waiting).toBe(2);
  leave();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.waiting).toBe(0);
  expect(feed.status().error).toBeNull();
  script.latency = 0;
  leave = feed.subscribe(() => {});
  await vi.advanceTimersByTimeAsync(0);
  expect(feed.status()).toMatchObject({ state: 'live', at: Date.now() });
});

test('but who asked for a fresh one still gets it', async () => {
  await watchAtRest();
  script.latency = 400;
  script.tasks = [aTask(1), aTask(2)];
  const fresh = feed.fresh();
  await vi.advanceTimersByTimeAsync(100);
  leave();
  await vi.advanceTimersByTimeAsync(2000);
  expect((await fresh).tasks).toHaveLength(2);
});

test('a viewer who cannot be told does not end the looking for the others', async () => {
  await watchAtRest();
  const complaint = vi.spyOn(console, 'error').mockImplementation(() => {});
  const bad = feed.subscribe(() => {
    throw new Error('a defect');
  });
  let told = 0;
  const good = feed.subscribe(() => void told++);
  await vi.advanceTimersByTimeAsync(5000);
  expect(told).toBeGreaterThanOrEqual(5);
  expect(complaint).toHaveBeenCalled();
  bad();
  good();
  complaint.mockRestore();
});

test('a swarm that hung while its engine answered pings is seen within 2 s of its return', async () => {
  await watchAtRest();
  script.stuck = ['nodes', 'services', 'tasks'];
  feed.wake();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(feed.status().state).toBe('stale');
  script.stuck = [];
  await vi.advanceTimersByTimeAsync(2000);
  expect(feed.status().state).toBe('live');
});

test('one slow call is waited for, however quick the small ones are', async () => {
  await watchAtRest();
  script.stuck = ['tasks'];
  feed.wake();
  await vi.advanceTimersByTimeAsync(15_000);
  expect(feed.status().state).toBe('stale');
  // Its one look goes on: no other has begun.
  expect(script.count('services')).toBe(1);
});

test('an event stream that ends wakes the feed and is opened again', async () => {
  await watchAtRest();
  script.streams[0]?.end();
  await vi.advanceTimersByTimeAsync(0);
  // It may be another engine by now.
  expect(script.calls.slice(0, 5)).toEqual(['info', 'version', 'nodes', 'services', 'tasks']);
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('events')).toBe(1);
  script.calls = [];
  script.streams[1]?.event();
  await vi.advanceTimersByTimeAsync(0);
  expect(script.count('nodes')).toBe(1);
});

test('without events the lists are read with the tasks, and the engine is not hurried', async () => {
  script.noEvents = true;
  await watchAtRest();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(script.count('tasks')).toBeLessThanOrEqual(11);
  expect(script.count('nodes')).toBeGreaterThanOrEqual(9);
});

test('a task on a node that is not known has the nodes read at the next look', async () => {
  await watchAtRest();
  script.nodes = [NODE, { ...NODE, ID: 'id-new', Version: { Index: 30 } }];
  script.tasks = [aTask(1), aTask(2, { NodeID: 'id-new' })];
  await vi.advanceTimersByTimeAsync(1300);
  expect(feed.current().view?.nodes.map(({ id }) => id)).toContain('id-new');
});

test('tasks on a node that was removed have the nodes read once and not for ever', async () => {
  await watchAtRest();
  for (let round = 0; round < 5; round++) {
    script.tasks = [aTask(1, { Version: { Index: 50 + round } }), aTask(2, { NodeID: 'id-gone' })];
    await vi.advanceTimersByTimeAsync(1000);
  }
  expect(script.count('nodes')).toBe(1);
});

test('a task of a service that is not known has the services read', async () => {
  await watchAtRest();
  script.tasks = [aTask(1), aTask(2, { ServiceID: 'id-new' })];
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('services')).toBe(1);
});

test('a clock that is set back an hour does not put off anything', async () => {
  await watchAtRest();
  vi.setSystemTime(Date.now() - 3_600_000);
  await vi.advanceTimersByTimeAsync(2000);
  expect(script.count('nodes')).toBeGreaterThan(0);
  expect(script.count('tasks')).toBeGreaterThanOrEqual(2);
});

test('the revision rises by one with each change and only then', async () => {
  await watchAtRest();
  const { rev } = feed.current();
  await vi.advanceTimersByTimeAsync(5000);
  expect(feed.current().rev).toBe(rev);
  script.tasks = [aTask(1), aTask(2)];
  await vi.advanceTimersByTimeAsync(2000);
  expect(feed.current().rev).toBe(rev + 1);
  expect(feed.picture.patchMessage()).not.toBeNull();
});

test('a hundred scrapes a second make one look every five seconds, and keep none going', async () => {
  for (let n = 0; n < 1000; n++) {
    void feed.lookIfOlder(5000, 1000);
    await vi.advanceTimersByTimeAsync(10);
  }
  expect(script.count('tasks')).toBe(2);
  expect(script.count('nodes')).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(script.count('tasks')).toBe(2);
});

test('with an engine that fails, too, scrapes make one look every five seconds', async () => {
  script.error = new EngineError('engine-stopped', 'It is stopped.');
  for (let n = 0; n < 100; n++) {
    await feed.lookIfOlder(5000, 1000);
    expect(feed.status().state).toBe('stale');
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(script.count('info')).toBe(2);
});

test('while somebody watches a scrape looks at nothing', async () => {
  await watchAtRest();
  await feed.lookIfOlder(0, 1000);
  expect(script.calls).toEqual([]);
});

test('scrapes of an engine that hangs share one look and wait no longer than they may', async () => {
  script.latency = Infinity;
  const scrapes = Array.from({ length: 20 }, () => feed.lookIfOlder(5000, 1000));
  await vi.advanceTimersByTimeAsync(1000);
  await Promise.all(scrapes);
  expect(script.count('info')).toBe(1);
  script.latency = 0;
});

test('a task that fails while it is looked at is counted by its service', async () => {
  resetCounters();
  script.tasks = [aTask(1), aTask(2, { Status: { ...aTask(2).Status, State: 'failed' } })];
  await feed.fresh();
  const Version = { Index: 99 };
  script.tasks = [aTask(1, { Version, Status: { ...aTask(1).Status, State: 'failed' } })];
  await feed.fresh();
  await feed.fresh();
  expect([...counters().taskFailures.values()]).toEqual([
    { labels: { service: 'goweb' }, value: 1 },
  ]);
});
