import { setTimeout as later } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import * as z from 'zod/mini';
import { percentile } from '@/lib/curl/percentile';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { busyMeter, launchBrowser, type Busy } from './browser';
import { fixed, printTable } from './table';

/**
 * CPU time of the page's main thread: for one task killed and replaced, at 10 and at 5,000 tasks, and per
 * second of a run of 50/s. To compare builds alternate between them: on a busy machine frames are dropped, and
 * with them style, layout and paint. Scripts depend less on it.
 */

const SIZES = [
  { nodes: 5, tasks: 10 },
  { nodes: 500, tasks: 5000 },
] as const;
const KILLS = 5;
const RUN_SECONDS = 20;

const gapsSchema = z.array(z.number());

/** Records the time between frames. Plain text: tsx names functions by a helper that the page lacks. */
const RECORD_GAPS = `
  window.gaps = [];
  let last = performance.now();
  const next = (now) => {
    window.gaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
`;

/** CPU time of `work`, less what the same time costs at rest. */
async function costOf(page: Page, ms: number, work: () => Promise<unknown>): Promise<Busy> {
  const busy = await busyMeter(page);
  const start = await busy();
  await later(ms);
  const rested = await busy();
  await work();
  const end = await busy();
  return {
    all: end.all - 2 * rested.all + start.all,
    scripts: end.scripts - 2 * rested.scripts + start.scripts,
  };
}

const rows: (string | number)[][] = [];
for (const { nodes, tasks } of SIZES) {
  const demo = await startDemo({ speed: 4 });
  const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
  const browser = await launchBrowser();
  try {
    if (nodes > 5) await demo.control('/fill', { nodes, tasks });
    const page = await browser.newPage({ viewport: { width: 1440, height: 1000 } });
    await page.goto(`${dashboard.url}/?rate=50&for=${RUN_SECONDS}&inflight=16&keepgoing=true`);
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await start.waitFor();
    // The filling has to settle first.
    await later(15_000);
    const kills = await costOf(page, KILLS * 3000, async () => {
      for (let kill = 0; kill < KILLS; kill++) {
        await demo.control('/task', { kill: 'goweb.2' });
        await later(3000);
      }
    });
    await page.evaluate(RECORD_GAPS);
    const run = await costOf(page, RUN_SECONDS * 1000, async () => {
      await page.evaluate('window.gaps = []');
      await start.click();
      await later(RUN_SECONDS * 1000);
    });
    const gaps = gapsSchema.parse(await page.evaluate('window.gaps')).toSorted((a, b) => a - b);
    rows.push([
      tasks,
      fixed(kills.all / KILLS, 1),
      fixed(kills.scripts / KILLS, 1),
      fixed(run.all / RUN_SECONDS, 1),
      fixed(run.scripts / RUN_SECONDS, 1),
      fixed(percentile(gaps, 99), 0),
      fixed(gaps.at(-1), 0),
    ]);
  } finally {
    await browser.close();
    await dashboard.stop();
    await demo.stop();
  }
}
printTable(
  'CPU time of the main thread (ms), and time between frames during the run (ms)',
  ['tasks', 'one kill', 'its scripts', 'a second of the run', 'its scripts', 'gap p99', 'gap max'],
  rows,
);
