import type { Browser, Page } from '@playwright/test';
import * as z from 'zod/mini';
import { percentile } from '@/lib/curl/percentile';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo, updateService } from '../e2e/support/demo';
import { busiestTask, busyMeter, launchBrowser } from './browser';
import { fixed, printTable } from './table';

/**
 * A service's log on the page: five tasks on the five nodes of the demo write 1,000 lines a second in all. The frames'
 * lengths, the longest task of the page's main thread in CPU time, what is in memory, and the server with its heap of
 * 128 MB.
 */

const LINES_PER_SECOND = 1000;
const SECONDS = 10;

const demo = await startDemo();
const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
const browser = await launchBrowser();

const framesSchema = z.object({ gaps: z.array(z.number()), long: z.array(z.number()) });

/** Records the time between frames, and long tasks. Plain text: tsx names functions by a helper that the page lacks. */
const RECORD = `
  window.frames60 = { gaps: [], long: [] };
  new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => frames60.long.push(duration)))
    .observe({ type: 'longtask' });
  let before = performance.now();
  const frame = (now) => {
    frames60.gaps.push(now - before);
    before = now;
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
`;

interface Case {
  what: string;
  size: { width: number; height: number };
  /** How much slower the processor is made. */
  slower?: number;
  linesPerSecond?: number;
  /** What is done before and while it is measured. */
  before?: (page: Page) => Promise<void>;
  during?: (page: Page) => Promise<void>;
}

const lines = (page: Page) => page.locator('[data-lines]');
const DESKTOP = { width: 1440, height: 900 };

const CASES: Case[] = [
  { what: 'without a log', size: DESKTOP },
  { what: 'follow', size: DESKTOP, before: open },
  {
    what: 'wall screen, full height, wrapped',
    size: { width: 1920, height: 1080 },
    async before(page) {
      await open(page);
      await page.getByRole('button', { name: 'Full height' }).click();
      await page.getByLabel('Wrap lines').check();
    },
  },
  {
    what: 'follow, with a search in every line',
    size: DESKTOP,
    async before(page) {
      await open(page);
      await page.getByLabel('Search the lines').fill('chatter');
    },
  },
  {
    what: 'scroll through the paused list',
    size: DESKTOP,
    before: open,
    async during(page) {
      await lines(page).hover();
      for (let n = 0; n < 60; n += 1) {
        await page.mouse.wheel(0, n < 40 ? -1500 : 2500);
        await page.waitForTimeout(100);
      }
    },
  },
  {
    what: 'filter, search, wrap, follow again',
    size: DESKTOP,
    before: open,
    async during(page) {
      const search = page.getByLabel('Search the lines');
      for (const text of ['c', 'ch', 'chatter-1', '1', '']) {
        await search.fill(text);
        await page.waitForTimeout(300);
      }
      await page.getByLabel('Task', { exact: true }).selectOption({ index: 2 });
      await page.waitForTimeout(500);
      await page.getByLabel('Task', { exact: true }).selectOption({ index: 0 });
      await page.getByLabel('Wrap lines').check();
      await page.getByRole('button', { name: 'Pause' }).click();
      await page.waitForTimeout(3000);
      await page.getByRole('button', { name: 'Follow' }).click();
    },
  },
  {
    what: 'phone, processor 4 times slower',
    size: { width: 390, height: 844 },
    slower: 4,
    before: open,
  },
  { what: '5,000 lines/s', size: DESKTOP, linesPerSecond: 5000, before: open },
];

async function open(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Logs', exact: true }).click();
  await page.locator('[data-line]').first().waitFor();
  // Until the list is full, so that its oldest lines are dropped too.
  await page.waitForTimeout(6000);
}

async function measure(browser: Browser, one: Case) {
  const { what, size, slower = 1, linesPerSecond = LINES_PER_SECOND, before, during } = one;
  await demo.control('/chatter', { service: 'goweb', linesPerSecond });
  const context = await browser.newContext({ viewport: size, reducedMotion: 'reduce' });
  const page = await context.newPage();
  await page.goto(dashboard.url);
  await page.getByText('live ·').first().waitFor();
  await page.waitForTimeout(4000);
  const session = await context.newCDPSession(page);
  await before?.(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: slower });
  await page.evaluate(RECORD);
  const busy = await busyMeter(page);
  const busyBefore = await busy();
  const busiest = slower === 1 ? await busiestTask(browser, page) : null;
  const began = performance.now();
  await during?.(page);
  await page.waitForTimeout(Math.max(1000, SECONDS * 1000 - (performance.now() - began)));
  const seconds = (performance.now() - began) / 1000;
  const { all } = await busy();
  const most = busiest && (await busiest());
  const { gaps, long } = framesSchema.parse(await page.evaluate('frames60'));
  const rendered = await page.locator('[data-line]').count();
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await context.close();
  await demo.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  return [
    what,
    fixed(
      percentile(
        gaps.toSorted((a, b) => a - b),
        95,
      ),
      0,
    ),
    fixed(Math.max(...gaps), 0),
    long.length,
    most === null ? '–' : fixed(most, 0),
    fixed(((all - busyBefore.all) / seconds / 1000) * 100, 0),
    rendered,
    fixed(usedSize / 2 ** 20, 1),
    fixed(dashboard.memory(), 0),
  ];
}

try {
  await updateService(demo, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 5 } },
  }));
  await new Promise((done) => setTimeout(done, 4000));
  const rows: (string | number)[][] = [];
  // `tsx tests/bench/logs-page.ts follow` measures the cases whose name has this word.
  const wanted = process.argv[2] ?? '';
  const cases = CASES.filter(({ what }) => what.includes(wanted));
  for (const one of cases) rows.push(await measure(browser, one));
  printTable(
    `A log of five nodes on the page, ${LINES_PER_SECOND} lines/s (server at its peak: ${fixed(dashboard.peakMemory(), 0)} MB)`,
    [
      '',
      'frame p95 ms',
      'worst',
      'long tasks',
      'longest, CPU ms',
      'CPU %',
      'rows',
      'page MB',
      'server MB',
    ],
    rows,
  );
} finally {
  await browser.close();
  await dashboard.stop();
  await demo.stop();
}
