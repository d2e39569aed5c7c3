import { setTimeout as later } from 'node:timers/promises';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { liveEvents } from '../support/live-events';
import { busyMeter, launchBrowser } from './browser';
import { fixed, printTable } from './table';

/**
 * Cost of one change as the swarm grows, on the demo: bytes to one tab, and CPU time of the page's main thread. One
 * task is killed five times; the figures are for one kill and what follows (the failure, its replacement's states,
 * the service's count, the timeline).
 */

const SIZES = [
  { nodes: 5, tasks: 10 },
  { nodes: 50, tasks: 500 },
  { nodes: 500, tasks: 5000 },
] as const;
const KILLS = 5;

/** Bytes of the data that one viewer receives, by event. */
function countBytes(url: string, signal: AbortSignal) {
  const bytes = new Map<string, number>();
  const largest = new Map<string, number>();
  void (async () => {
    for await (const { event = '', data } of liveEvents(url, signal)) {
      const length = Buffer.byteLength(data);
      bytes.set(event, (bytes.get(event) ?? 0) + length);
      largest.set(event, Math.max(largest.get(event) ?? 0, length));
    }
  })().catch(() => {});
  return { bytes, largest };
}

const rows: (string | number)[][] = [];
for (const { nodes, tasks } of SIZES) {
  const demo = await startDemo({ speed: 4 });
  const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
  const browser = await launchBrowser();
  const left = new AbortController();
  try {
    if (nodes > 5) await demo.control('/fill', { nodes, tasks });
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(dashboard.url);
    await page.locator('[data-task]').first().waitFor();
    // The filling has to settle first.
    await later(15_000);
    const stream = countBytes(dashboard.url, left.signal);
    await later(3000);
    const whole = stream.largest.get('view') ?? 0;
    const hour = stream.largest.get('timeline') ?? 0;
    const meter = await busyMeter(page);
    const busyMs = async () => (await meter()).all;
    const quiet = await busyMs();
    await later(KILLS * 3000);
    const idle = (await busyMs()) - quiet;
    const before = new Map(stream.bytes);
    stream.largest.clear();
    const began = await busyMs();
    for (let kill = 0; kill < KILLS; kill++) {
      await demo.control('/task', { kill: 'goweb.2' });
      await later(3000);
    }
    const busy = (await busyMs()) - began - idle;
    const sent = (kind: string) =>
      ((stream.bytes.get(kind) ?? 0) - (before.get(kind) ?? 0)) / KILLS;
    rows.push([
      nodes,
      tasks,
      Math.round(whole / 1000),
      fixed(hour / 1000, 1),
      Math.round(sent('patch')),
      stream.largest.get('patch') ?? 0,
      Math.round(sent('timeline')),
      Math.round(sent('view')),
      fixed(busy / KILLS, 1),
      Math.round(dashboard.memory()),
    ]);
  } finally {
    left.abort();
    await browser.close();
    await dashboard.stop();
    await demo.stop();
  }
}
printTable(
  'One task killed and replaced, to one tab',
  [
    'nodes',
    'tasks',
    'whole view kB',
    'timeline kB',
    'patches B',
    'largest B',
    'timeline B',
    'views again B',
    'main thread ms',
    'server MB',
  ],
  rows,
);
