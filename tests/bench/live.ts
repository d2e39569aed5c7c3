import { setTimeout as later } from 'node:timers/promises';
import type { Browser } from '@playwright/test';
import * as z from 'zod/mini';
import { taskSchema } from '@/lib/swarm/engine-json';
import { dockerOutput } from '../../lab/docker';
import { isNodeName, socketOf, type NodeName } from '../../lab/layout';
import { startDashboard, type DashboardProcess } from '../e2e/support/dashboard';
import { seedState, slotsOf } from '../e2e/support/lab';
import { jsonOverSocket } from '../support/unix-socket';
import { launchBrowser } from './browser';
import { countingProxy } from './counting-proxy';
import { fixed, printTable } from './table';

/**
 * Freshness and cost of the feed on the lab's real engines (`npm run -s lab -- up` first), and in the same run those
 * of dockersamples/visualizer's method: each tab reads nodes, services and tasks once a second.
 */

const SCALES = 20;
const tasksSchema = z.array(taskSchema);

/** The value at rank ⌈p·n⌉ (nearest rank). */
function quantile(values: readonly number[], p: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? Number.NaN;
}

/** Ids of an engine's running tasks. */
async function running(socketPath: string): Promise<string[]> {
  const tasks = tasksSchema.parse(await jsonOverSocket(socketPath, 'GET', '/tasks'));
  return tasks
    .filter((t) => t.Status.State === 'running' && t.DesiredState === 'running')
    .map((t) => t.ID);
}

/** Records when each task was first seen running, until stopped. */
function recordRunning(every: number, read: () => Promise<string[]>) {
  const seen = new Map<string, number>();
  const stopped = new AbortController();
  const ended = (async () => {
    while (!stopped.signal.aborted) {
      const startedAt = Date.now();
      for (const id of await read()) if (!seen.has(id)) seen.set(id, Date.now());
      await later(Math.max(0, every - (Date.now() - startedAt)));
    }
  })();
  const stop = () => {
    stopped.abort();
    return ended;
  };
  return { seen, stop };
}

async function scale(dashboard: DashboardProcess, replicas: number): Promise<void> {
  const answer = await fetch(`${dashboard.url}/api/services/goweb/scale`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ replicas }),
  });
  if (answer.status !== 202) throw new Error(await answer.text());
}

/** Freshness: time from a new running task in the engine's list to the page. */
async function freshness(
  browser: Browser,
  dashboard: DashboardProcess,
  engine: string,
): Promise<void> {
  const page = await browser.newPage({ baseURL: dashboard.url });
  // tsx names functions by a helper that the page does not have.
  await page.addInitScript('globalThis.__name = (f) => f');
  await page.goto('/');
  await page.evaluate(() => {
    const seen = new Map<string, number>();
    Object.assign(window, { seen });
    const note = () => {
      for (const task of document.querySelectorAll(
        '[data-node] [data-task][data-state="running"]',
      )) {
        const id = task.getAttribute('data-task') ?? '';
        if (!seen.has(id)) seen.set(id, Date.now());
      }
    };
    note();
    new MutationObserver(note).observe(document.body, {
      subtree: true,
      childList: true,
      attributes: true,
    });
  });
  const before = new Set(await running(engine));
  // The engine is polled as often as possible, to know when it first lists a task.
  const truth = recordRunning(5, () => running(engine));
  const visualizer = recordRunning(1000, async () => {
    await Promise.all([
      jsonOverSocket(engine, 'GET', '/nodes'),
      jsonOverSocket(engine, 'GET', '/services'),
    ]);
    return running(engine);
  });
  while ([...truth.seen.keys()].filter((id) => !before.has(id)).length < SCALES) {
    for (const replicas of [6, 3]) {
      await scale(dashboard, replicas);
      for (let tries = 0; tries < 600; tries++) {
        const shown = await page.locator('[data-node] [data-task][data-state="running"]').count();
        const real = (await running(engine)).length;
        if (shown === replicas && real === replicas) break;
        await later(50);
      }
    }
  }
  await later(1500);
  await Promise.all([truth.stop(), visualizer.stop()]);
  const shown = new Map(
    await page.evaluate(() => [...(window as unknown as { seen: Map<string, number> }).seen]),
  );
  await page.close();
  const fresh = [...truth.seen].filter(([id]) => !before.has(id)).slice(0, SCALES);
  const row = (name: string, seen: Map<string, number>) => {
    const delays = fresh.flatMap(([id, at]) => {
      const then = seen.get(id);
      return then === undefined ? [] : [then - at];
    });
    const missed = fresh.length - delays.length;
    return [
      name,
      delays.length,
      missed,
      quantile(delays, 0.5),
      quantile(delays, 0.95),
      Math.max(...delays),
    ];
  };
  const ours = row('this dashboard', shown);
  const theirs = row('visualizer’s method', visualizer.seen);
  printTable(
    'From the engine showing a task as running to the page showing it, scaling 3 ↔ 6',
    ['', 'tasks', 'never seen', 'median ms', 'p95 ms', 'max ms'],
    [
      ours,
      theirs,
      [
        'ratio',
        '',
        '',
        ...[3, 4, 5].map((at) => (Number(ours[at]) / Number(theirs[at])).toFixed(2)),
      ],
    ],
  );
}

/** Time from the end of `docker kill` on a Zero to the failed task on the page: tasks cause no events. */
async function kills(browser: Browser, dashboard: DashboardProcess): Promise<void> {
  const page = await browser.newPage({ baseURL: dashboard.url });
  await page.goto('/');
  const delays: number[] = [];
  const slots = await slotsOf('goweb');
  for (const slot of [...slots, ...slots]) {
    const chip = page.locator(`[data-task][data-slot="${slot}"][data-state="running"]`);
    await chip.waitFor({ timeout: 60_000 });
    // While idle the feed polls once a second: the worst case.
    await later(8000);
    const id = await chip.getAttribute('data-task');
    const container = (await chip.getAttribute('data-container')) ?? '';
    const node = await page.locator('[data-node]', { has: chip }).getAttribute('data-node');
    if (!isNodeName(node ?? '')) throw new Error(`no node ${node}`);
    await dockerOutput(node as NodeName, ['kill', container]);
    const began = Date.now();
    await page.locator(`[data-task="${id}"][data-state="failed"]`).waitFor({ timeout: 10_000 });
    delays.push(Date.now() - began);
  }
  await page.close();
  printTable(
    'From `docker kill` on a node to the page showing the task as failed',
    ['kills', 'median ms', 'max ms'],
    [[delays.length, quantile(delays, 0.5), Math.max(...delays)]],
  );
}

/** Cost of tabs: engine calls, bytes to one tab, the server's CPU and memory. */
async function tabs(
  dashboard: DashboardProcess,
  proxy: Awaited<ReturnType<typeof countingProxy>>,
): Promise<void> {
  const seconds = 10;
  const rows: (string | number)[][] = [];
  for (const count of [0, 1, 5, 10, 100]) {
    const left = new AbortController();
    let bytes = 0;
    const streams = Array.from({ length: count }, async () => {
      const { body } = await fetch(`${dashboard.url}/api/live`, { signal: left.signal });
      for await (const chunk of body ?? []) bytes += (chunk as Uint8Array).length;
    });
    await later(8000);
    proxy.take();
    bytes = 0;
    const before = dashboard.cpu();
    await later(seconds * 1000);
    const { calls } = proxy.take();
    const cpu = dashboard.cpu() - before;
    rows.push([
      count,
      (calls / seconds).toFixed(1),
      count === 0 ? 0 : Math.round(bytes / count / seconds),
      ((cpu / seconds) * 100).toFixed(1),
      dashboard.memory().toFixed(0),
    ]);
    left.abort();
    await Promise.allSettled(streams);
  }
  printTable(
    'What tabs cost at rest',
    ['tabs', 'engine calls/s', 'bytes/s for a tab', 'server CPU %', 'server MB'],
    rows,
  );
  console.log(
    'visualizer’s method: 3 engine calls/s for each tab, whether or not anything happens',
  );
}

const engine = socketOf('ctrl');
await seedState();
const proxy = await countingProxy(engine);
const dashboard = await startDashboard({ dockerHost: `unix://${proxy.socketPath}` });
const browser = await launchBrowser();
try {
  proxy.take();
  const began = Date.now();
  await freshness(browser, dashboard, engine);
  const perSecond = proxy.take().calls / ((Date.now() - began) / 1000);
  console.log(`meanwhile ${fixed(perSecond, 1)} engine calls/s, changes included`);
  await seedState();
  await kills(browser, dashboard);
  console.log();
  await browser.close();
  await tabs(dashboard, proxy);
} finally {
  await browser.close();
  await dashboard.stop();
  proxy.close();
  await seedState();
}
