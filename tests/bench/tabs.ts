import { setTimeout as later } from 'node:timers/promises';
import * as z from 'zod/mini';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo, updateService } from '../e2e/support/demo';
import { launchBrowser } from './browser';
import { fixed, printTable } from './table';

/** Tabs of one browser: open streams, the server's work, and when the last tab shows a change. */

const COUNTS = [1, 5, 10] as const;
const CHANGES = 6;
const REST = 10_000;

/** Sends the time at which the board shows another number of replicas. */
const WATCH = `
  window.shown = 0;
  let before = '';
  new MutationObserver(() => {
    const now = /of (\\d+) running/.exec(document.body.textContent)?.[1] ?? '';
    if (now !== before) window.shown = Date.now();
    before = now;
  }).observe(document, { subtree: true, childList: true, characterData: true });
`;
const timeSchema = z.number();

async function streams(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^clusterhat_live_streams (\d+)$/m.exec(metrics)?.[1]);
}

const rows: (string | number)[][] = [];
for (const shared of [true, false]) {
  for (const count of COUNTS) {
    // Without sharing, a browser has six connections to a server.
    if (!shared && count > 5) continue;
    const demo = await startDemo();
    const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
    const browser = await launchBrowser();
    try {
      const context = await browser.newContext();
      if (!shared) await context.addInitScript('delete window.SharedWorker');
      await context.addInitScript(WATCH);
      const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
      for (const tab of tabs) await tab.goto(dashboard.url);
      await later(5000);
      const open = await streams(dashboard.url);
      const cpu = dashboard.cpu();
      await later(REST);
      const used = dashboard.cpu() - cpu;
      const spreads: number[] = [];
      for (let change = 0; change < CHANGES; change++) {
        const Replicas = change % 2 === 0 ? 4 : 3;
        const start = Date.now();
        await updateService(demo, 'goweb', (spec) => ({
          ...spec,
          Mode: { Replicated: { Replicas } },
        }));
        await later(3000);
        const times = await Promise.all(tabs.map((tab) => tab.evaluate('window.shown')));
        spreads.push(Math.max(...times.map((time) => timeSchema.parse(time) - start)));
      }
      spreads.sort((a, b) => a - b);
      rows.push([
        `${count}${shared ? '' : ', without shared workers'}`,
        open,
        fixed((used * 1000) / (REST / 1000), 0),
        fixed(spreads[CHANGES / 2], 0),
        fixed(spreads.at(-1), 0),
      ]);
    } finally {
      await browser.close();
      await dashboard.stop();
      await demo.stop();
    }
  }
}
printTable(
  'Tabs of one browser: streams, CPU of the server (ms per second), and from a change to the last tab that shows it (ms)',
  ['tabs', 'streams', 'server', 'median', 'worst'],
  rows,
);
