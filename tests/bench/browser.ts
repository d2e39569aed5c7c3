import { chromium, type Browser, type Page } from '@playwright/test';
import * as z from 'zod/mini';
import { CHROMIUM } from '../support/chromium';

/** The system's Chromium without background activity. */
export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: CHROMIUM,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
}

const traceSchema = z.object({
  traceEvents: z.array(
    z.object({
      name: z.string(),
      pid: z.int(),
      tid: z.int(),
      /** CPU time, microseconds. */
      tdur: z.optional(z.number()),
      args: z.optional(z.object({ name: z.optional(z.unknown()) })),
    }),
  ),
});

/**
 * Traces every task of the page's main thread; the returned function stops and returns the CPU time of the longest
 * one (ms), which unlike a frame's length does not grow on a busy machine.
 */
export async function busiestTask(browser: Browser, page: Page): Promise<() => Promise<number>> {
  await browser.startTracing(page, { categories: ['toplevel'] });
  return async () => {
    const trace = (await browser.stopTracing()).toString();
    const { traceEvents } = traceSchema.parse(JSON.parse(trace));
    const place = ({ pid, tid }: { pid: number; tid: number }) => `${pid}:${tid}`;
    const main = new Set(
      traceEvents.filter(({ args }) => args?.name === 'CrRendererMain').map(place),
    );
    const own = traceEvents.filter((event) => main.has(place(event)));
    return own.reduce((most, { tdur = 0 }) => Math.max(most, tdur), 0) / 1000;
  };
}

/** CPU time of the page's main thread (ms): all of it, and what its scripts took of that. */
export interface Busy {
  all: number;
  scripts: number;
}

/** Returns a function that reads the CPU time of the page's main thread so far. */
export async function busyMeter(page: Page): Promise<() => Promise<Busy>> {
  const session = await page.context().newCDPSession(page);
  // Unlike elapsed time it does not grow when the machine has other things to do.
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  return async () => {
    const { metrics } = await session.send('Performance.getMetrics');
    const ms = (wanted: string) => (metrics.find(({ name }) => name === wanted)?.value ?? 0) * 1000;
    return { all: ms('TaskDuration'), scripts: ms('ScriptDuration') };
  };
}
