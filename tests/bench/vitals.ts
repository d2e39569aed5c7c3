import type { Browser, CDPSession, Page } from '@playwright/test';
import * as z from 'zod/mini';
import { percentile } from '@/lib/curl/percentile';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { launchBrowser } from './browser';
import { fixed, printTable } from './table';

/**
 * Loading and clicks as a phone has them, measured by Chromium itself: Lighthouse's mobile preset (screen, a CPU four
 * times slower, a slow 4G network), but with the throttling applied rather than simulated.
 */

const LOADS = 5;
const CLICKS = 10;
/** Loading is over after this time (ms): the lower parts have loaded. */
const SETTLED = 12_000;

const PHONE = {
  viewport: { width: 412, height: 823 },
  deviceScaleFactor: 1.75,
  isMobile: true,
  hasTouch: true,
};
/** 1.6 Mbit/s down, 0.75 up, 150 ms. */
const SLOW_4G = {
  offline: false,
  latency: 150,
  downloadThroughput: (1.6e6 / 8) * 0.9,
  uploadThroughput: (0.75e6 / 8) * 0.9,
};

const loadSchema = z.object({
  fcp: z.number(),
  lcp: z.number(),
  element: z.string(),
  tbt: z.number(),
  cls: z.number(),
  /** Long tasks and layout shifts: when, what, and how much. */
  causes: z.array(z.tuple([z.number(), z.string(), z.number()])),
});
const durationsSchema = z.record(z.string(), z.number());

/** Records the page's metrics. Plain text: tsx names functions by a helper that the page lacks. */
const RECORD = `
  window.load = { fcp: 0, lcp: 0, element: '', tbt: 0, cls: 0, causes: [] };
  const name = (node) => node ? node.nodeName + ' ' + (node.textContent ?? '').trim().slice(0, 40) : 'a removed element';
  window.clicks = {};
  const observe = (type, take, options) =>
    new PerformanceObserver((list) => list.getEntries().forEach(take))
      .observe({ type, buffered: true, ...options });
  observe('paint', (entry) => {
    if (entry.name === 'first-contentful-paint') load.fcp = entry.startTime;
  });
  observe('largest-contentful-paint', (entry) => {
    load.lcp = entry.startTime;
    load.element = name(entry.element);
  });
  observe('longtask', (entry) => {
    load.tbt += Math.max(0, entry.duration - 50);
    load.causes.push([entry.startTime, 'long task (ms)', entry.duration]);
  });
  observe('layout-shift', (entry) => {
    if (entry.hadRecentInput) return;
    load.cls += entry.value;
    load.causes.push([entry.startTime, 'shift of ' + name(entry.sources[0]?.node), entry.value]);
  });
  observe('event', (entry) => {
    // The longest event of each interaction.
    const { interactionId: id, duration } = entry;
    if (id > 0) clicks[id] = Math.max(clicks[id] ?? 0, duration);
  }, { durationThreshold: 16 });
`;

async function aPhone(browser: Browser): Promise<{ page: Page; session: CDPSession }> {
  const context = await browser.newContext(PHONE);
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.addInitScript(RECORD);
  return { page, session };
}

const demo = await startDemo();
const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
const browser = await launchBrowser();
try {
  const loads: z.infer<typeof loadSchema>[] = [];
  // The first load warms the server, and is not counted.
  for (let load = 0; load <= LOADS; load++) {
    const { page, session } = await aPhone(browser);
    await session.send('Network.enable');
    await session.send('Network.emulateNetworkConditions', SLOW_4G);
    await page.goto(dashboard.url);
    await page.waitForTimeout(SETTLED);
    if (load > 0) loads.push(loadSchema.parse(await page.evaluate('window.load')));
    await page.context().close();
  }
  const column = (of: 'fcp' | 'lcp' | 'tbt' | 'cls', decimals = 0) => {
    const values = loads.map((load) => load[of]).toSorted((a, b) => a - b);
    return [fixed(percentile(values, 50), decimals), fixed(values.at(-1), decimals)];
  };
  printTable(
    `Loading on a phone, CPU four times slower, slow 4G (ms; ${LOADS} loads; largest: ${loads[0]?.element})`,
    ['', 'median', 'worst'],
    [
      ['first contentful paint', ...column('fcp')],
      ['largest contentful paint', ...column('lcp')],
      ['blocking time of long tasks', ...column('tbt')],
      ['layout shift (CLS)', ...column('cls', 3)],
    ],
  );

  const causes = (loads.at(-1)?.causes ?? []).toSorted(([a], [b]) => a - b);
  printTable(
    'Long tasks and layout shifts of the last load',
    ['what', 'at (ms)', 'size'],
    causes.map(([at, what, size]) => [what, fixed(at, 0), fixed(size, size < 1 ? 3 : 0)]),
  );

  const { page } = await aPhone(browser);
  await page.goto(dashboard.url);
  await page.waitForTimeout(SETTLED);
  for (let click = 0; click < CLICKS; click++) {
    const name = `${click % 2 === 0 ? 'Add' : 'Remove'} one goweb replica`;
    await page.getByRole('button', { name }).click();
    // The change itself has to arrive before the next one.
    await page.waitForTimeout(1500);
  }
  const durations = Object.values(
    durationsSchema.parse(await page.evaluate('window.clicks')),
  ).toSorted((a, b) => a - b);
  const quick = Math.max(0, CLICKS - durations.length);
  printTable(
    'From a click on + or − to the next paint, CPU four times slower (ms; browsers round to 8)',
    ['clicks', 'below 16', 'median', 'worst'],
    [
      [
        CLICKS,
        quick,
        fixed(percentile([...Array<number>(quick).fill(16), ...durations], 50), 0),
        fixed(durations.at(-1), 0),
      ],
    ],
  );
} finally {
  await browser.close();
  await dashboard.stop();
  await demo.stop();
}
