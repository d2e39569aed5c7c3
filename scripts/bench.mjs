// `npm run bench`: measures and prints tables; asserts nothing. Each bench prints what it needs.
// `npm run bench -- live` runs one bench.
import { spawnSync } from 'node:child_process';
import { ensureBuilt } from './lib/build.mjs';
import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();
await ensureBuilt();

/** `live`, `large` and `curl` need a running lab; the others start the demo; `soak` takes 20 minutes, `lighthouse` is
 * installed apart (tests/bench/lighthouse.ts). */
const all = [
  'budgets',
  'demo',
  'live',
  'size',
  'parse',
  'large',
  'logs',
  'logs-page',
  'page',
  'curl',
  'curl-page',
  'tabs',
  'vitals',
  'lighthouse',
  'release',
  'history',
  'soak',
];
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`bench: no ${unknown.join(', ')}; there are ${all.join(', ')}`);
  process.exit(2);
}
let failed = 0;
for (const name of wanted.length > 0 ? wanted : all) {
  console.log(`\n── ${name}`);
  const { status } = spawnSync('npx', ['--no-install', 'tsx', `tests/bench/${name}.ts`], {
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (status !== 0) failed++;
}
process.exit(failed === 0 ? 0 : 1);
