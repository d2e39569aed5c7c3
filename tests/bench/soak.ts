import { setTimeout as later } from 'node:timers/promises';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { fixed, printTable } from './table';

/**
 * A hundred tabs for twenty minutes (`SOAK_MINUTES`) on the demo, while a task is killed every five seconds. Memory
 * must be constant from the fifth minute on, when the timeline is full and the heap has its size.
 */

const MINUTES = Number(process.env.SOAK_MINUTES ?? 20);
const TABS = 100;

const demo = await startDemo();
const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
const left = new AbortController();
let bytes = 0;
const tabs = Array.from({ length: TABS }, async () => {
  const { body } = await fetch(`${dashboard.url}/api/live`, { signal: left.signal });
  for await (const chunk of body ?? []) bytes += (chunk as Uint8Array).length;
});
const rows: (string | number)[][] = [];
try {
  for (let minute = 1; minute <= MINUTES; minute++) {
    const cpu = dashboard.cpu();
    bytes = 0;
    let memory = 0;
    for (let turn = 0; turn < 12; turn++) {
      await demo.control('/task', { kill: `goweb.${1 + (turn % 3)}` }).catch(() => {});
      await later(5000);
      memory += dashboard.memory() / 12;
    }
    rows.push([
      minute,
      fixed(memory, 1),
      fixed(dashboard.cpu() - cpu, 1),
      Math.round(bytes / TABS / 60),
    ]);
  }
} finally {
  left.abort();
  await Promise.allSettled(tabs);
  await dashboard.stop();
  await demo.stop();
}
printTable(
  `${TABS} tabs, a task killed every 5 s`,
  ['minute', 'server MB (mean)', 'CPU s', 'bytes/s for a tab'],
  rows,
);
