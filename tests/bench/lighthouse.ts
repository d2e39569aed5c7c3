import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as z from 'zod/mini';
import { percentile } from '@/lib/curl/percentile';
import { startDashboard } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { CHROMIUM } from '../support/chromium';
import { fixed, printTable } from './table';

/**
 * Lighthouse's mobile preset. It is no dependency of this project (docs/decisions/013): LIGHTHOUSE names the folder
 * that has it, as `npm install --prefix FOLDER lighthouse@12.8.2` makes it.
 */

const RUNS = 3;
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
const METRICS = [
  ['first-contentful-paint', 0],
  ['largest-contentful-paint', 0],
  ['total-blocking-time', 0],
  ['speed-index', 0],
  ['cumulative-layout-shift', 3],
] as const;

const auditSchema = z.object({
  title: z.string(),
  score: z.nullable(z.number()),
  scoreDisplayMode: z.string(),
  numericValue: z.optional(z.number()),
});
const reportSchema = z.object({
  categories: z.record(
    z.string(),
    z.object({
      score: z.nullable(z.number()),
      auditRefs: z.array(z.object({ id: z.string(), weight: z.number() })),
    }),
  ),
  audits: z.record(z.string(), auditSchema),
});
type Report = z.infer<typeof reportSchema>;

const folder = process.env.LIGHTHOUSE;
if (!folder) {
  console.log('LIGHTHOUSE is not set: npm install --prefix FOLDER lighthouse@12.8.2');
  process.exit(0);
}

function measure(url: string, target: string): Report {
  const output = join(target, 'report.json');
  const command = [
    join(folder ?? '', 'node_modules/lighthouse/cli/index.js'),
    url,
    '--quiet',
    '--output=json',
    `--output-path=${output}`,
    `--only-categories=${CATEGORIES.join(',')}`,
    '--chrome-flags=--headless=new --no-sandbox --disable-gpu',
  ];
  const { status } = spawnSync(process.execPath, command, {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, CHROME_PATH: CHROMIUM },
  });
  if (status !== 0) throw new Error(`lighthouse ended with ${status}`);
  return reportSchema.parse(JSON.parse(readFileSync(output, 'utf8')));
}

const target = mkdtempSync(join(tmpdir(), 'clusterhat-lighthouse-'));
const demo = await startDemo();
const dashboard = await startDashboard({ dockerHost: demo.dockerHost });
try {
  const reports = Array.from({ length: RUNS }, () => measure(dashboard.url, target));
  const row = (name: string, values: (number | null | undefined)[], decimals: number) => {
    const sorted = values.map((value) => value ?? Number.NaN).toSorted((a, b) => a - b);
    return [
      name,
      fixed(sorted[0], decimals),
      fixed(percentile(sorted, 50), decimals),
      fixed(sorted.at(-1), decimals),
    ];
  };
  printTable(
    `Lighthouse, mobile preset (scores, then ms; ${RUNS} runs)`,
    ['', 'least', 'median', 'most'],
    [
      ...CATEGORIES.map((name) =>
        row(
          name,
          reports.map(({ categories }) => categories[name]?.score),
          2,
        ),
      ),
      ...METRICS.map(([name, decimals]) =>
        row(
          name,
          reports.map(({ audits }) => audits[name]?.numericValue),
          decimals,
        ),
      ),
    ],
  );
  const last = reports.at(-1);
  const lost = CATEGORIES.flatMap((name) =>
    (last?.categories[name]?.auditRefs ?? []).flatMap(({ id, weight }) => {
      const audit = last?.audits[id];
      const below = weight > 0 && audit?.score != null && audit.score < 1;
      return below ? [[id, name, fixed(audit.score, 2)]] : [];
    }),
  );
  printTable('Audits of the last run below 1', ['audit', 'category', 'score'], lost);
} finally {
  await dashboard.stop();
  await demo.stop();
  rmSync(target, { recursive: true, force: true });
}
