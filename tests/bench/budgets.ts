import { existsSync, readFileSync, statSync } from 'node:fs';
import * as z from 'zod/mini';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { firstLoad, SIZE_LIMITS, totalSize, untouchedLoad } from '../support/first-load';
import { launchBrowser } from './browser';
import { fixed, printTable } from './table';

/**
 * The project's budgets, on the demo. `npm test` fails on the sizes (tests/e2e/demo/budget.spec.ts); the times depend
 * on the machine and are only printed.
 */

const STARTS = 5;

/** Size of this version's release (bytes), made by `npm run release`; null without one. */
function releaseSize(): number | null {
  const manifest: unknown = JSON.parse(readFileSync('package.json', 'utf8'));
  const { name, version } = z.parse(z.object({ name: z.string(), version: z.string() }), manifest);
  const file = `dist/${name}-${version}.tgz`;
  return existsSync(file) ? statSync(file).size : null;
}

const kilo = (bytes: number) => fixed(bytes / 1000, 1);

const demo = await startDemo();
const browser = await launchBrowser();
try {
  const starts: number[] = [];
  let sizes = { html: 0, javascript: 0 };
  let untouched = 0;
  for (let start = 0; start < STARTS; start++) {
    const began = performance.now();
    const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
    starts.push(performance.now() - began);
    try {
      sizes = await firstLoad(dashboard.url);
      if (start === STARTS - 1) {
        untouched = totalSize(await untouchedLoad(await browser.newPage(), dashboard.url));
      }
    } finally {
      await dashboard.stop();
    }
  }
  const median = starts.toSorted((a, b) => a - b)[Math.floor(STARTS / 2)];
  const release = releaseSize();
  printTable(
    'Budgets',
    ['', 'is', 'limit', ''],
    [
      ['first load: JavaScript, gzip', kilo(sizes.javascript), kilo(SIZE_LIMITS.firstLoad), 'kB'],
      ['without interaction: JavaScript, gzip', kilo(untouched), kilo(SIZE_LIMITS.untouched), 'kB'],
      ['first load: HTML, gzip', kilo(sizes.html), '–', 'kB'],
      ['release, packed', fixed(release === null ? null : release / 1e6, 2), '12', 'MB'],
      ['server: from its start to its first answer', fixed(median, 0), '–', 'ms'],
    ],
  );
  if (release === null) console.log('no release of this version in dist: npm run release');
} finally {
  await browser.close();
  await demo.stop();
}
