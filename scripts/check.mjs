// `npm run check`: everything that needs no root and no browser, for before a commit. Under a minute.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './lib/install.mjs';

ensureInstalled();

/** @type {[what: string, command: string[]][]} */
const STEPS = [
  ['format', ['oxfmt', '--check']],
  ['lint', ['oxlint', '--quiet']],
  ['types', ['tsc', '--noEmit']],
  ['dead code', ['knip']],
  ['unit and contract', ['vitest', 'run', '--project', 'unit', '--project', 'contract']],
];

// `npm test` runs the tests by itself, to count them.
const steps = process.argv.includes('--no-tests') ? STEPS.slice(0, -1) : STEPS;

let failed = 0;
for (const [what, command] of steps) {
  const began = Date.now();
  const { status, stdout, stderr } = spawnSync('npx', ['--no-install', ...command], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${status === 0 ? 'ok    ' : 'FAILED'} ${what} (${seconds} s)`);
  if (status !== 0) {
    failed++;
    console.log(`${stdout}${stderr}`);
  }
}
process.exit(failed === 0 ? 0 : 1);
