import { setTimeout as later } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import * as z from 'zod/mini';
import { percentile } from '@/lib/curl/percentile';
import { runSchema } from '@/lib/curl/run-schemas';
import { startDashboard, type DashboardProcess } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { busiestTask, busyMeter, launchBrowser } from './browser';
import { fixed, printTable } from './table';

/**
 * Cost of a run for the page that shows it, by frame, and for the server (Next, the stream, the feed and the runner).
 * The production build on the demo, or on the swarm at DOCKER_HOST, a unix socket, with the echo service running.
 *
 *     npx tsx tests/bench/curl-page.ts [--quick]
 */

const seconds = process.argv.includes('--quick') ? 10 : 60;
const RATE = 100;
/** Maximum long frames of a run that are explained. */
const MAX_REASONS = 5;

const framesSchema = z.object({
  /** How long each frame and each task of more than 50 ms took, ms. */
  frames: z.array(z.number()),
  tasks: z.array(z.number()),
  /** From one frame to the next, ms. */
  gaps: z.array(z.number()),
  /** What long frames were spent on, as far as the browser reports it. */
  why: z.array(z.string()),
});

/** Records frames. Plain text: tsx names functions by a helper that the page lacks. */
const WATCH = `
  window.bench = { frames: [], tasks: [], gaps: [], why: [] };
  new PerformanceObserver((list) => {
    for (const { duration, scripts, renderStart, styleAndLayoutStart, startTime } of list.getEntries()) {
      window.bench.frames.push(duration);
      const run = scripts.map((s) => Math.round(s.duration) + ' ms ' + s.invoker).join(', ');
      const end = startTime + duration;
      window.bench.why.push(Math.round(duration) + ' ms: scripts ' + (run || 'none') + '; rendering '
        + Math.round(renderStart ? end - renderStart : 0) + ' ms, of it style and layout '
        + Math.round(styleAndLayoutStart ? end - styleAndLayoutStart : 0) + ' ms');
    }
  }).observe({ type: 'long-animation-frame' });
  new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) window.bench.tasks.push(duration);
  }).observe({ type: 'longtask' });
  let last;
  const next = (now) => {
    if (last !== undefined) window.bench.gaps.push(now - last);
    last = now;
    requestAnimationFrame(next);
  };
  requestAnimationFrame(next);
`;

const most = (values: readonly number[]) => (values.length === 0 ? null : Math.max(...values));

const browser = await launchBrowser();

/** One row of the table: page and server during `work`. */
async function measure(
  name: string,
  page: Page,
  dashboard: DashboardProcess,
  work: () => Promise<(string | number)[]>,
): Promise<(string | number)[]> {
  const meter = await busyMeter(page);
  const busyMs = async () => (await meter()).all;
  const busiest = await busiestTask(browser, page);
  await page.evaluate('window.bench = { frames: [], tasks: [], gaps: [], why: [] }');
  const [busy, cpu, began] = [await busyMs(), dashboard.cpu(), performance.now()];
  const result = await work();
  const took = performance.now() - began;
  const core = ((dashboard.cpu() - cpu) * 1000) / took;
  const thread = ((await busyMs()) - busy) / took;
  const { frames, tasks, gaps, why } = framesSchema.parse(await page.evaluate('window.bench'));
  const busiestMs = await busiest();
  for (const reason of why.slice(0, MAX_REASONS)) console.log(`${name}: ${reason}`);
  return [
    name,
    frames.length,
    fixed(most(frames), 0),
    tasks.length,
    fixed(busiestMs, 0),
    fixed(most(gaps), 0),
    fixed(
      percentile(
        gaps.toSorted((a, b) => a - b),
        99,
      ),
      0,
    ),
    `${fixed(thread * 100, 0)} %`,
    `${fixed(core * 100, 0)} %`,
    fixed(dashboard.memory(), 0),
    ...result,
  ];
}

/** Starts the run on the page and waits for its end. */
async function run(page: Page, url: string, at: string): Promise<(string | number)[]> {
  const created = page.waitForResponse((response) => response.request().method() === 'POST');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const path = (await created).headers()['location'] ?? '';
  for (;;) {
    await later(1000);
    const found = runSchema.parse(await (await fetch(url + path)).json());
    if (found.state === 'running') continue;
    if (found.ended !== 'finished') throw new Error(`the run at ${at}: ${found.ended}`);
    const { sent, skipped, stalled } = found;
    return [sent, skipped, stalled, fixed(found.lagP99), fixed(found.p50), found.spread ?? '–'];
  }
}

const demo = process.env.DOCKER_HOST ? null : await startDemo();
const dashboard = await startDashboard({
  dockerHost: process.env.DOCKER_HOST ?? demo?.dockerHost ?? '',
});
const rows: (string | number)[][] = [];
try {
  for (const [name, width, at] of [
    ['one entry node', 1440, ''],
    ['rotating', 1440, 'rotate'],
    ['rotating, on a phone', 390, 'rotate'],
  ] as const) {
    const page = await browser.newPage({ viewport: { width, height: 1000 } });
    await page.addInitScript(WATCH);
    const setUp = `rate=${RATE}&for=${seconds}&inflight=16&keepgoing=true${at && `&at=${at}`}`;
    await page.goto(`${dashboard.url}/?${setUp}`);
    await page.getByRole('button', { name: 'Start', exact: true }).waitFor();
    // Loading the page is not measured.
    await later(3000);
    if (rows.length === 0) {
      const rest = () =>
        later(
          5000,
          Array.from({ length: 6 }, () => ''),
        );
      rows.push(await measure('at rest', page, dashboard, rest));
    }
    rows.push(await measure(name, page, dashboard, () => run(page, dashboard.url, name)));
    await page.close();
  }
} finally {
  await browser.close();
  await dashboard.stop();
  await demo?.stop();
}
printTable(
  `A run of ${RATE}/s × ${seconds} s, watched by one page. Times in ms; frames are long above 50. Busiest CPU: what the page's longest task took of the processor, whatever else went on on this machine`,
  [
    '',
    'long frames',
    'longest',
    'long tasks',
    'busiest CPU',
    'gap max',
    'gap p99',
    'page thread',
    'server core',
    'server MB',
    'sent',
    'skipped',
    'stalled',
    'late p99',
    'p50',
    'spread',
  ],
  [
    ...rows,
    ['target', 0, '≤ 50', 0, '', '', '', '', '< 40 %', '', RATE * seconds, 0, 0, '', '', ''],
  ],
);
