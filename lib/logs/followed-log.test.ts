import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { eventually } from '@/tests/support/eventually';
import { ScriptedEngine } from '@/tests/factories/engine';
import { aLogLine } from '@/tests/factories/logs';
import { EngineError } from '../engine';
import type { SwarmView } from '../swarm/view';
import { FollowedLog } from './followed-log';
import { FollowedLogs } from './followed-logs';
import { entriesOf } from './log-buffer';
import { logSource } from './log-source';
import { followedText, wholeText } from './text-source';

const TARGET = { kind: 'service', id: 'id-goweb' } as const;
const START = { tail: 100, since: null, duration: null };
const TIMES = { gather: 5, quiet: 5, retry: 20, return: 20 };

let engine: ScriptedEngine;
let feed: ScriptedFeed;
let log: FollowedLog;

/** A feed with the two nodes ctrl and zero1, each with a task. */
class ScriptedFeed {
  nodes = ['ctrl', 'zero1'].map((name) => ({
    id: `id-${name}`,
    name,
    state: 'ready',
    stateSince: 7,
    version: 1,
  }));
  readonly #notify = new Set<() => void>();
  isRemoved = false;

  current() {
    const tasks = [
      { id: 'task-1', name: 'goweb.1', serviceId: 'id-goweb', nodeId: 'id-ctrl' },
      { id: 'task-2', name: 'goweb.2', serviceId: 'id-goweb', nodeId: 'id-zero1' },
    ];
    const services = this.isRemoved ? [] : [{ id: 'id-goweb' }];
    const nodes = structuredClone(this.nodes);
    const view = { services, nodes, tasks: this.isRemoved ? [] : tasks, goneNodes: [] };
    return { view: view as unknown as SwarmView, rev: 1 };
  }

  subscribe(notify: () => void) {
    this.#notify.add(notify);
    return () => void this.#notify.delete(notify);
  }

  get subscribers(): number {
    return this.#notify.size;
  }

  /** Changes zero1 and polls. */
  set(change: Partial<(typeof this.nodes)[number]>): void {
    Object.assign(this.nodes[1] ?? {}, change);
    for (const notify of this.#notify) notify();
  }
}

beforeEach(() => {
  engine = new ScriptedEngine();
  feed = new ScriptedFeed();
});
afterEach(() => log?.close());

function follow(start = START): void {
  log = new FollowedLog(engine.engine, feed, TARGET, start, { times: TIMES });
}

const entries = () => entriesOf(log.buffer.read(0, 1e9));
const texts = () => entries().map(({ text }) => text);
const zero1 = { taskId: 'task-2', nodeId: 'id-zero1' };

const streams = (count: number) =>
  eventually(() => expect(engine.logs.streams).toHaveLength(count));

test('puts lines of several nodes into order of time, history and later ones', async () => {
  follow();
  expect(log.status.state).toBe('opening');
  await streams(1);
  expect(engine.logs.last).toMatchObject({
    target: TARGET,
    options: { follow: true, tail: 100, since: null },
  });
  engine.logs.last.send(aLogLine(1), aLogLine(4));
  engine.logs.last.send(aLogLine(2, zero1), aLogLine(3, zero1));
  await eventually(() => expect(texts()).toEqual(['line 1', 'line 2', 'line 3', 'line 4']));
  expect(log.status).toEqual({ state: 'live', error: null, missing: [] });
  engine.logs.last.send(aLogLine(6, zero1), aLogLine(5));
  await eventually(() => expect(texts().slice(4)).toEqual(['line 5', 'line 6']));
});

describe('is opened again', () => {
  test('when it ends, by its last lines, and leaves out what comes again', async () => {
    follow();
    await streams(1);
    engine.logs.last.send(aLogLine(5), aLogLine(3, zero1));
    await eventually(() => expect(texts()).toHaveLength(2));
    engine.logs.last.end();
    await streams(2);
    // Not since a time: a node's clock may be behind.
    expect(engine.logs.last.options).toEqual({ follow: true, tail: 1000, since: null });
    engine.logs.last.send(aLogLine(5), aLogLine(6), aLogLine(3, zero1), aLogLine(4, zero1));
    await eventually(() => expect(texts().slice(2)).toEqual(['line 4', 'line 6']));
  });

  test('after an error of the engine, which is its problem meanwhile', async () => {
    follow();
    await streams(1);
    engine.logs.error = new EngineError('engine-stopped', 'The engine is stopped.');
    engine.logs.last.end(engine.logs.error);
    await eventually(() => expect(log.status.state).toBe('retrying'));
    expect(log.status.error?.message).toBe('The engine is stopped.');
    await streams(3);
    engine.logs.error = null;
    await eventually(() => expect(log.status).toMatchObject({ state: 'live', error: null }));
  });

  test.each([
    ['listed as down', { state: 'down' }, { state: 'ready', version: 3 }],
    ['never listed as down, but registered anew', {}, { version: 2 }],
  ])('when a node is back that was %s', async (_, away, back) => {
    follow();
    await streams(1);
    engine.logs.last.send(aLogLine(1), aLogLine(2, zero1));
    await eventually(() => expect(texts()).toHaveLength(2));
    feed.set(away);
    const { signal } = engine.logs.last;
    feed.set(back);
    await streams(2);
    expect(signal.aborted).toBe(true);
    // What the node wrote while it was cut off.
    engine.logs.last.send(aLogLine(1), aLogLine(2, zero1), aLogLine(3, zero1));
    await eventually(() => expect(texts()).toEqual(['line 1', 'line 2', 'line 3']));
    expect(log.status.state).toBe('live');
  });

  test('not when another node is back', async () => {
    feed.nodes.push({ id: 'id-x', name: 'x', state: 'down', stateSince: 1, version: 1 });
    follow();
    await streams(1);
    const x = feed.nodes[2];
    if (x) x.state = 'ready';
    feed.set({});
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(engine.logs.streams).toHaveLength(1);
  });

  test('with the history of a node that was down from the start', async () => {
    feed.set({ state: 'down' });
    follow();
    await streams(1);
    engine.logs.last.send(aLogLine(5));
    await eventually(() => expect(texts()).toHaveLength(1));
    feed.set({ state: 'ready', version: 2 });
    await streams(2);
    engine.logs.last.send(aLogLine(1, zero1), aLogLine(5), aLogLine(6));
    await eventually(() => expect(texts()).toEqual(['line 5', 'line 1', 'line 6']));
  });

  test('and tells where lines are lost', async () => {
    follow();
    await streams(1);
    engine.logs.last.send(aLogLine(1));
    await eventually(() => expect(texts()).toHaveLength(1));
    engine.logs.last.end();
    await streams(2);
    engine.logs.last.send(aLogLine(9));
    await eventually(() => expect(entries()).toHaveLength(3));
    expect(entries()[1]).toMatchObject({ kind: 'note', taskId: 'task-1' });
    expect(texts()[1]).toMatch(/missing here/);
  });
});

test('ends when its service is gone', async () => {
  follow();
  await streams(1);
  engine.logs.last.end(new EngineError('not-found', 'service goweb not found'));
  await eventually(() => expect(log.status.state).toBe('ended'));
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(engine.logs.streams).toHaveLength(1);
});

test('ends with its last lines when its service was removed, which the engine does not tell', async () => {
  follow();
  await streams(1);
  feed.isRemoved = true;
  feed.set({});
  engine.logs.last.send(aLogLine(1));
  await eventually(() => expect(log.status.state).toBe('ended'));
  expect(texts()).toEqual(['line 1']);
  expect(engine.logs.last.signal.aborted).toBe(true);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(engine.logs.streams).toHaveLength(1);
});

test('names the nodes whose lines are missing', () => {
  follow();
  const notified = vi.fn<() => void>();
  log.subscribe(notified);
  feed.set({ state: 'down' });
  expect(log.status.missing).toEqual([
    { nodeId: 'id-zero1', name: 'zero1', state: 'down', since: 7 },
  ]);
  feed.set({});
  expect(notified).toHaveBeenCalledTimes(1);
});

test('the engine’s own errors are notes', async () => {
  follow();
  await streams(1);
  engine.logs.last.send({ kind: 'failure', text: 'Error grabbing logs: no' });
  await eventually(() =>
    expect(entries()).toEqual([
      { kind: 'note', n: 0, text: 'Error grabbing logs: no', taskId: null },
    ]),
  );
});

test('of a long history it has the latest lines, whichever task sends them first', async () => {
  follow();
  await streams(1);
  engine.logs.last.send(...Array.from({ length: 8000 }, (_, n) => aLogLine(10_000 + n)));
  engine.logs.last.send(...Array.from({ length: 8000 }, (_, n) => aLogLine(n, zero1)));
  await eventually(() => expect(log.buffer.next).toBeGreaterThan(5000));
  expect([texts()[0], texts().at(-1)]).toEqual(['line 13000', 'line 17999']);
});

test('leaves out what comes faster than it passes on, and tells how much', async () => {
  follow();
  await streams(1);
  const push = vi.spyOn(log.buffer, 'push');
  engine.logs.last.send(...Array.from({ length: 30_000 }, (_, n) => aLogLine(n)));
  await eventually(() => expect(entries().at(-1)?.kind).toBe('note'));
  const all = push.mock.calls.map(([entry]) => entry);
  // At the end what was too fast, at the begin what was too much.
  const counts = all.map(({ text }) => Number(/^(\d+) lines were left out/.exec(text)?.[1] ?? 0));
  expect(counts.at(-1)).toBeGreaterThan(5000);
  const lines = all.filter(({ kind }) => kind === 'line').length;
  expect(counts.reduce((sum, count) => sum + count, lines)).toBe(30_000);
});

test('with a smaller share it holds the latest lines of a history, in order', async () => {
  follow();
  await streams(1);
  log.buffer.limitTo(100_000);
  const push = vi.spyOn(log.buffer, 'push');
  engine.logs.last.send(...Array.from({ length: 3000 }, (_, n) => aLogLine(10_000 + n)));
  engine.logs.last.send(...Array.from({ length: 3000 }, (_, n) => aLogLine(n, zero1)));
  await eventually(() => expect(log.buffer.next).toBeGreaterThan(0));
  expect(push.mock.calls.length).toBeLessThanOrEqual(801);
  expect(push.mock.calls[0]?.[0].text).toMatch(/^5\d{3} lines were left out here/);
  expect(texts().at(-1)).toBe('line 12999');
  expect(texts().length).toBeGreaterThan(390);
});

test('holds no more characters than the buffer, however long the lines of a history are', async () => {
  follow();
  await streams(1);
  const long = 'x'.repeat(16_000);
  const aLongLine = (n: number, of = {}) => ({ ...aLogLine(n, of), text: `${n} ${long}` });
  const hold = vi.spyOn(log.buffer, 'push');
  engine.logs.last.send(...Array.from({ length: 600 }, (_, n) => aLongLine(10_000 + n)));
  engine.logs.last.send(...Array.from({ length: 600 }, (_, n) => aLongLine(n, zero1)));
  await eventually(() => expect(entries().length).toBeGreaterThan(0));
  // The latest ones, by their times.
  const numbers = entries().map(({ text }) => Number.parseInt(text, 10));
  expect(numbers.at(-1)).toBe(10_599);
  expect(numbers).toEqual(numbers.map((_, at) => 10_600 - numbers.length + at));
  const pushed = hold.mock.calls.reduce((sum, [{ text }]) => sum + text.length, 0);
  expect(pushed).toBeLessThan(2 * 1_500_000);
  const [note] = hold.mock.calls.map(([entry]) => entry).filter(({ kind }) => kind === 'note');
  const lines = hold.mock.calls.length - 1;
  expect(note?.text).toMatch(new RegExp(`^${1200 - lines} lines were left out here`));
});

test('closing it closes the engine’s stream and leaves the feed', async () => {
  follow();
  await streams(1);
  const { signal } = engine.logs.last;
  log.close();
  expect([signal.aborted, feed.subscribers]).toEqual([true, 0]);
});

const decode = (bytes: Uint8Array | null) => (bytes ? new TextDecoder().decode(bytes) : null);

describe('viewers', () => {
  const names = () => ({
    tasks: new Map([['task-1', 'goweb.1']]),
    nodes: new Map([['id-ctrl', 'ctrl']]),
  });

  test('share one stream of the engine, which is closed after the last has left', async () => {
    vi.useFakeTimers();
    const logs = new FollowedLogs(engine.engine, feed);
    const first = logs.open(TARGET, START);
    expect(logs.open(TARGET, { ...START })).toBe(first);
    expect(logs.open(TARGET, { ...START, tail: 5 })).not.toBe(first);
    const leave = first?.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(25_000);
    expect(logs.size).toBe(1);
    leave?.();
    await vi.advanceTimersByTimeAsync(25_000);
    expect(logs.size).toBe(0);
    expect(engine.logs.streams.every(({ signal }) => signal.aborted)).toBe(true);
    vi.useRealTimers();
  });

  test('who open it by the same duration later share it, each from their own time on', async () => {
    const logs = new FollowedLogs(engine.engine, feed);
    const since = (second: number) => `2026-01-01T12:00:0${second}.000Z`;
    const start = (second: number) => ({ tail: 5, since: since(second), duration: '5m' });
    const opened = logs.open(TARGET, start(0));
    if (!opened) throw new Error('no log');
    log = opened;
    await streams(1);
    engine.logs.last.send(aLogLine(1000), aLogLine(3000), aLogLine(4000));
    await eventually(() => expect(texts()).toHaveLength(3));
    for (let second = 1; second < 9; second++) {
      expect(logs.open(TARGET, start(second))).toBe(opened);
    }
    expect(logs.open(TARGET, { ...start(1), duration: '1h' })).not.toBe(opened);
    expect(logs.open(TARGET, { ...start(1), duration: null })).not.toBe(opened);
    const source = logSource(opened, null, since(3));
    source.take();
    const message = decode(source.take()) ?? '';
    expect([...message.matchAll(/"text":"(.*?)"/g)].map(([, text]) => text)).toEqual([
      'line 3000',
      'line 4000',
    ]);
    expect(decode(followedText(opened, names, { since: since(4) }).take())).toMatch(
      /^\S+04\.0+Z .*line 4000\n$/,
    );
    expect(logSource(opened, null, since(9)).take()).not.toBeNull();
    logs.close();
  });

  test('share one budget: of many logs each holds less, and more again when others are closed', async () => {
    vi.useFakeTimers();
    const logs = new FollowedLogs(engine.engine, feed);
    const opened = Array.from({ length: 12 }, (_, tail) => logs.open(TARGET, { ...START, tail }));
    const held = () => opened.map((one) => one?.buffer.limits.bytes ?? 0);
    expect(held().reduce((sum, bytes) => sum + bytes, 0)).toBeLessThanOrEqual(8_000_000);
    expect(new Set(held()).size).toBe(1);
    const leave = opened[0]?.subscribe(() => {});
    await vi.advanceTimersByTimeAsync(25_000);
    expect([logs.size, held()[0]]).toEqual([1, 1_500_000]);
    leave?.();
    logs.close();
    vi.useRealTimers();
  });

  test('follow a limited number of logs; one without a viewer makes room', () => {
    const logs = new FollowedLogs(engine.engine, feed);
    const opened = Array.from({ length: 12 }, (_, tail) => logs.open(TARGET, { ...START, tail }));
    const [leave] = opened.map((one) => one?.subscribe(() => {}));
    expect(logs.open(TARGET, { ...START, tail: 50 })).toBeNull();
    leave?.();
    expect(logs.open(TARGET, { ...START, tail: 50 })).not.toBeNull();
    expect(logs.size).toBe(12);
    logs.close();
  });

  test('read few whole logs at once', () => {
    const logs = new FollowedLogs(engine.engine, feed);
    const [first, ...others] = Array.from({ length: 4 }, () => logs.takePlace());
    expect(logs.takePlace()).toBeNull();
    // Freed twice it is still one place.
    first?.();
    first?.();
    expect(logs.takePlace()).not.toBeNull();
    expect(logs.takePlace()).toBeNull();
    for (const free of others) free?.();
  });

  test('receive state and entries, then what is new', async () => {
    follow();
    const source = logSource(log, null);
    expect(decode(source.take())).toBe(
      'event: state\ndata: {"kind":"state","state":"opening","problem":null,"missing":[]}\n\n',
    );
    expect(decode(source.take())).toMatch(/"reset":true,"skipped":0,"entries":\[\]/);
    expect(source.take()).toBeNull();
    await streams(1);
    engine.logs.last.send(aLogLine(1));
    await eventually(() => expect(texts()).toHaveLength(1));
    expect(decode(source.take())).toContain('"state":"live"');
    expect(decode(source.take())).toMatch(
      /^event: entries\nid: [0-9a-f]{12}-1\ndata: \{"kind":"entries","reset":false,"skipped":0,"entries":\[\{"n":0,"kind":"line",/,
    );
  });

  test('that reconnect continue where they were; with an id of another log they start anew', async () => {
    follow();
    await streams(1);
    engine.logs.last.send(aLogLine(1), aLogLine(2));
    await eventually(() => expect(texts()).toHaveLength(2));
    const first = logSource(log, null);
    first.take();
    const [, id = ''] = /id: (\S+)/.exec(decode(first.take()) ?? '') ?? [];
    engine.logs.last.send(aLogLine(3));
    await eventually(() => expect(texts()).toHaveLength(3));
    for (const [given, reset, count] of [
      [id, false, 1],
      ['000000000000-1', true, 3],
      ['nonsense', true, 3],
    ] as const) {
      const source = logSource(log, given);
      source.take();
      const message = decode(source.take()) ?? '';
      expect(message).toContain(`"reset":${reset}`);
      expect(message.match(/"kind":"line"/g)).toHaveLength(count);
    }
  });

  test('a stuck one costs nothing, and is told what it has missed', async () => {
    log = new FollowedLog(engine.engine, feed, TARGET, START, {
      times: TIMES,
      limits: { entries: 10, bytes: 1e6 },
    });
    await streams(1);
    const source = logSource(log, null);
    source.take();
    source.take();
    const all = Array.from({ length: 25 }, (_, n) => aLogLine(n));
    engine.logs.last.send(...all.slice(0, 15));
    await eventually(() => expect(log.buffer.next).toBe(15));
    engine.logs.last.send(...all.slice(15));
    await eventually(() => expect(log.buffer.next).toBe(25));
    const message = decode(source.take()) ?? '';
    expect(message).toContain('"skipped":15');
    expect(message.match(/"kind":"line"/g)).toHaveLength(10);
  });

  test('read it as text', async () => {
    follow();
    const source = followedText(log, names);
    expect(source.take()).toBeNull();
    await streams(1);
    engine.logs.last.send(aLogLine(1), aLogLine(2, zero1));
    await eventually(() => expect(texts()).toHaveLength(2));
    expect(decode(source.take())).toBe(
      `${aLogLine(1).time} goweb.1.task-1@ctrl    | line 1\n${aLogLine(2).time} task-2@id-zero1    | line 2\n`,
    );
    feed.set({ state: 'down' });
    expect(decode(source.take())).toBe('# zero1 is down: its lines are missing.\n');
    feed.set({ state: 'ready' });
    expect(decode(source.take())).toBe('# zero1 is back.\n');
    expect(source.isOver?.()).toBe(false);
  });

  test('read a part of it as text, however many other lines stand before it, also once it has ended', async () => {
    follow();
    await streams(1);
    const part = {
      nodeId: null,
      includes: (entry: { kind: string; text?: string }) => entry.text === 'line 3000',
    };
    const source = followedText(log, names, { part });
    expect(source.take()).toBeNull();
    // More than several pieces.
    engine.logs.last.send(...Array.from({ length: 3001 }, (_, n) => aLogLine(n)));
    await eventually(() => expect(texts().at(-1)).toBe('line 3000'));
    feed.isRemoved = true;
    feed.set({});
    engine.logs.last.end();
    await eventually(() => expect(source.isOver?.()).toBe(true));
    expect(decode(source.take())).toMatch(/^\S+ goweb\.1\S+ +\| line 3000\n$/);
    expect(source.take()).toBeNull();
  });

  test('read a whole log as text, as fast as they take it', async () => {
    let pulled = 0;
    async function* pieces() {
      for (const n of [3, 1, 2]) {
        pulled += 1;
        yield [aLogLine(n, { taskId: `task-${n}` })];
      }
      yield [{ kind: 'failure' as const, text: 'zero1 is not available' }];
    }
    const stop = vi.fn<() => void>();
    const missing = [{ nodeId: 'x', name: 'zero3', state: 'down' as const, since: 1 }];
    const source = wholeText(pieces(), { missing, names: names() }, stop);
    const notified = vi.fn<() => void>();
    const leave = source.subscribe(notified);
    expect(decode(source.take())).toBe('# zero3 is down: its lines are missing.\n');
    expect(pulled).toBe(0);
    expect(source.take()).toBeNull();
    await eventually(() => expect(notified).toHaveBeenCalled());
    expect(decode(source.take())?.split('\n')).toEqual([
      expect.stringContaining('goweb.1.task-1@ctrl    | line 1'),
      expect.stringContaining('| line 2'),
      expect.stringContaining('| line 3'),
      '# zero1 is not available',
      '',
    ]);
    expect(source.isOver?.()).toBe(true);
    leave();
    expect(stop).toHaveBeenCalled();
  });

  test('learn why a whole log broke off', async () => {
    async function* pieces() {
      yield [aLogLine(1)];
      throw new EngineError('engine-error', 'The answer broke off.');
    }
    const source = wholeText(pieces(), { missing: [], names: names() }, () => {});
    source.take();
    await eventually(() => expect(source.isOver?.() || source.take()).toBeTruthy());
    const rest: (string | null)[] = [];
    rest.push(decode(source.take()));
    expect(source.isOver?.()).toBe(true);
  });
});
