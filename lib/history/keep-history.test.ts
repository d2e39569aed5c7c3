import { execFileSync } from 'node:child_process';
import { mkdtempSync, openSync, readFileSync, rmSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { anEngineTask, NODE, ScriptedEngine } from '@/tests/factories/engine';
import { Feed } from '../live';
import { keepHistory } from '.';

/** The feed and the file together. */

let folder: string;
let script: ScriptedEngine;
let lines: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'clusterhat-kept-'));
  script = new ScriptedEngine();
  lines = [];
  vi.spyOn(process.stdout, 'write').mockImplementation((line) => {
    lines.push(String(line));
    return true;
  });
  return () => {
    vi.restoreAllMocks();
    rmSync(folder, { recursive: true, force: true });
  };
});

function aDashboard(clock: () => number) {
  const feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb', now: clock });
  const history = keepHistory(feed, folder);
  feed.prepare(history.ready);
  return { feed, history, timeline: feed.encodedView.timeline };
}

test('a dashboard continues the history of the one before it', async () => {
  const began = Date.now();
  const first = aDashboard(() => began);
  await first.feed.fresh();
  const about = { serviceId: 'id-goweb', nodeId: null, taskId: null, time: null };
  first.feed.addAction({ kind: 'run started', text: 'A run', bad: false, ...about });
  script.tasks = [anEngineTask(1), anEngineTask(2)];
  await first.feed.fresh();
  const { entries } = first.timeline.since(0);
  expect(entries.map(({ kind }) => kind)).toEqual(['run started', 'task running']);
  await first.history.close();

  const later = began + 60_000;
  const second = aDashboard(() => later);
  await second.feed.fresh();
  expect(second.timeline.since(0)).toMatchObject({
    entries,
    gaps: [{ from: began, to: later, why: 'not running' }],
  });
  expect(second.timeline.viewAt(began)?.view.tasks).toHaveLength(2);
  await second.history.close();
  expect(lines).toEqual([]);
});

test('the history of another swarm is put aside, with a line in the log', async () => {
  const began = Date.now();
  const first = aDashboard(() => began);
  await first.feed.fresh();
  await first.history.close();
  script.nodes = [{ ...NODE, ID: 'id-other' }];
  script.tasks = [];
  const second = aDashboard(() => began + 60_000);
  await second.feed.fresh();
  await second.history.close();
  expect(lines.join('')).toContain('the history is of another swarm');
  expect(readFileSync(join(folder, 'history.jsonl.old'), 'utf8')).toContain('id-ctrl');
  expect(readFileSync(join(folder, 'history.jsonl'), 'utf8')).not.toContain('"not running"');
  expect(second.timeline.viewAt(began + 60_000)?.view.nodes[0]?.id).toBe('id-other');
});

test('without a usable folder the dashboard works, with a line in the log', async () => {
  const feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  const history = keepHistory(feed, join(folder, 'no', 'folder'));
  feed.prepare(history.ready);
  expect((await feed.fresh()).tasks).toHaveLength(1);
  await history.close();
  expect(lines.join('')).toContain('the history is kept in memory only');
});

test('waits for a slow disk, but not for one that does not respond', async () => {
  const first = aDashboard(() => Date.now());
  await first.feed.fresh();
  const about = { serviceId: null, nodeId: null, taskId: null, time: null };
  const action = { kind: 'run started' as const, text: 'A run', bad: false, ...about };
  for (let run = 0; run < 3000; run++) first.feed.addAction(action);
  await first.history.close();
  const feed = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  // Each record takes a little time.
  const restored = vi.spyOn(feed.encodedView.timeline, 'restore');
  const parse = JSON.parse.bind(JSON);
  vi.spyOn(JSON, 'parse').mockImplementation((text: string, reviver) => {
    const until = performance.now() + 0.5;
    while (performance.now() < until);
    return parse(text, reviver) as unknown;
  });
  const began = performance.now();
  const history = keepHistory(feed, folder, 1000);
  await history.ready;
  expect(performance.now() - began).toBeGreaterThan(1500);
  expect(restored).toHaveBeenCalled();
  expect(lines).toEqual([]);
  await history.close();

  // Opening a pipe waits for its other end.
  const path = join(folder, 'history.jsonl');
  rmSync(path);
  execFileSync('mkfifo', [path]);
  const other = new Feed(script.engine, { hat: ['ctrl'], echoService: 'goweb' });
  const stuck = keepHistory(other, folder, 200);
  await stuck.ready;
  expect(lines.join('')).toContain(
    `${folder} does not respond: the history is kept in memory only`,
  );
  closeSync(openSync(path, 'r'));
  await stuck.close();
});
