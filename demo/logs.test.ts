import { mkdtempSync, rmSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { eventually } from '@/tests/support/eventually';
import { requestOverSocket } from '@/tests/support/unix-socket';
import { type RunningDemo, startDemo } from './demo';
import type { TaskRecord } from './store';

let folder: string;
let demo: RunningDemo;

async function start(api?: string): Promise<void> {
  folder = mkdtempSync(join(tmpdir(), 'demo-logs-'));
  const socketPath = join(folder, 'd.sock');
  demo = await startDemo({ socketPath, seed: 3, speed: 50, replicas: 3, ...(api ? { api } : {}) });
}

afterEach(async () => {
  await demo.close();
  rmSync(folder, { recursive: true, force: true });
});

const control = async (path: string, body: unknown) => {
  const { status, body: text } = await requestOverSocket(demo.controlSocket, 'POST', path, body);
  if (status !== 200) throw new Error(text);
  return JSON.parse(text) as { chatter: unknown[]; calm: boolean };
};

/** Reads a log; what arrived grows, and `ended` tells whether the engine ended it. */
function open(query: string) {
  const log = { text: '', ended: false, close: () => {} };
  const path = `/services/goweb/logs?stdout=1&stderr=1&details=1&${query}`;
  const request = get({ socketPath: join(folder, 'd.sock'), path }, (response) => {
    response.setEncoding('utf8').on('data', (text: string) => (log.text += text));
    response.on('end', () => (log.ended = true)).on('error', () => {});
  }).on('error', () => {});
  log.close = () => request.destroy();
  return log;
}

/** A task of goweb on a Zero, and another one. */
function twoTasks(): [onZero: TaskRecord, other: TaskRecord, zero: string] {
  const { store } = demo.swarm;
  const [goweb] = store.services.values();
  const tasks = store.tasksOfService(goweb?.api.ID ?? '');
  const nameOf = (task: TaskRecord) =>
    store.nodes.get(task.api.NodeID ?? '')?.api.Description.Hostname ?? '';
  const onZero = tasks.find((task) => nameOf(task).startsWith('zero'));
  const other = tasks.find((task) => task !== onZero);
  if (!onZero || !other) throw new Error('no task on a Zero');
  return [onZero, other, nameOf(onZero)];
}

const say = (task: TaskRecord, text: string) => demo.swarm.logs.write(task, 'stdout', text);

test('a node without power falls silent; the log goes on, and has its old lines when it is back', async () => {
  await start();
  const [onZero, other, zero] = twoTasks();
  say(onZero, 'before');
  const log = open('follow=1');
  await eventually(() => expect(log.text).toContain('before'));
  await control('/node', { node: zero, power: false });
  say(other, 'elsewhere');
  await eventually(() => expect(log.text).toContain('elsewhere'));
  await later(600);
  expect(log.ended).toBe(false);
  await control('/node', { node: zero, power: true });
  await eventually(() => expect(['failed', 'shutdown']).toContain(onZero.api.Status.State));
  await later(100);
  expect(log.text.match(/before/g)).toHaveLength(1);
  const again = open('follow=0');
  await eventually(() => expect(again.ended).toBe(true));
  expect(again.text).toContain('before');
  log.close();
});

test('what is written during a cut of the network is in the next log', async () => {
  await start();
  const [onZero, , zero] = twoTasks();
  const log = open('follow=1&tail=0');
  await later(50);
  await control('/node', { node: zero, link: false });
  say(onZero, 'unheard');
  await later(100);
  expect(log.text).not.toContain('unheard');
  await control('/node', { node: zero, link: true });
  const again = open('follow=0');
  await eventually(async () => {
    const next = open('follow=0');
    await later(200);
    next.close();
    expect(next.text).toContain('unheard');
  });
  again.close();
  log.close();
});

const UNAVAILABLE =
  /Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream\. some logs could not be retrieved for the following reasons: node \w{25} is not available\n$/;

test('a log that is not followed ends after a while without the lines of a node that was cut off', async () => {
  await start();
  const [, , zero] = twoTasks();
  await control('/node', { node: zero, power: false });
  const log = open('follow=0');
  await eventually(() => expect(log.text).toContain('listens on'));
  expect(log.ended).toBe(false);
  await eventually(() => expect(log.ended).toBe(true));
  expect(log.text).toMatch(UNAVAILABLE);
});

test('on Docker 20.10 it never ends', async () => {
  await start('1.41');
  const [, , zero] = twoTasks();
  await control('/node', { node: zero, power: false });
  const log = open('follow=0');
  await later(1500);
  expect([log.ended, log.text.includes('listens on')]).toEqual([false, true]);
  log.close();
});

test('a node’s clock is that of its lines', async () => {
  await start();
  const [onZero, , zero] = twoTasks();
  await control('/node', { node: zero, clockSkewMs: 3_600_000 });
  say(onZero, 'late');
  const at = Date.parse(demo.swarm.logs.of(onZero).at(-1)?.time ?? '');
  expect(at - Date.now()).toBeGreaterThan(3_500_000);
});

test('a node keeps a limited number of lines, until swarm deletes the task', async () => {
  await start();
  const [onZero] = twoTasks();
  for (let n = 0; n < 10_000; n += 1) say(onZero, `line ${n}`);
  const kept = demo.swarm.logs.of(onZero);
  expect(kept.length).toBeLessThanOrEqual(2500);
  expect(kept.at(-1)?.text).toBe('line 9999');
  demo.swarm.store.remove(onZero);
  await demo.swarm.store.settled();
  expect(demo.swarm.logs.of(onZero)).toEqual([]);
});

test('a talkative service writes the lines that were requested, of all its tasks, until it is told to stop', async () => {
  await start();
  const state = await control('/chatter', { service: 'goweb', linesPerSecond: 1000 });
  expect(state).toMatchObject({ chatter: [{ linesPerSecond: 1000 }], calm: false });
  const began = Date.now();
  const log = open('follow=1&tail=0');
  await later(600);
  const count = () => log.text.match(/GET \/chatter 200/g)?.length ?? 0;
  expect(count() / (Date.now() - began)).toBeGreaterThan(0.5);
  expect(new Set(log.text.match(/task\.id=\w+/g)).size).toBe(3);
  expect(await control('/reset', {})).toMatchObject({ chatter: [], calm: true });
  await later(150);
  const before = count();
  await later(200);
  expect(count()).toBe(before);
  log.close();
});
