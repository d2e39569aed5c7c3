// `npm run check`: all checks without root and browser, to run before a commit. Under a minute.
import { spawnSync } from 'node:child_process';
import { ensureInstalled } from './lib/install.mjs';
import { lockProblemsIn, lockReport } from './lib/lock.mjs';

let failed = 0;

/** @param {string} what @param {() => string | null} check returns what is wrong, or null */
function step(what, check) {
  const began = Date.now();
  const wrong = check();
  const seconds = ((Date.now() - began) / 1000).toFixed(1);
  console.log(`${wrong === null ? 'ok    ' : 'FAILED'} ${what} (${seconds} s)`);
  if (wrong === null) return;
  failed++;
  console.log(wrong);
}

// First, because the installation depends on it.
step('lock', () => {
  const problems = lockProblemsIn('.');
  return problems.length === 0 ? null : lockReport(problems);
});
ensureInstalled();

/** @type {[what: string, command: string[]][]} */
const STEPS = [
  ['format', ['oxfmt', '--check']],
  ['lint', ['oxlint', '--quiet']],
  ['types', ['tsc', '--noEmit']],
  ['dead code', ['knip']],
  ['unit and contract', ['vitest', 'run', '--project', 'unit', '--project', 'contract']],
];

// `npm test` runs the tests itself, to count them.
const steps = process.argv.includes('--no-tests') ? STEPS.slice(0, -1) : STEPS;

for (const [what, command] of steps) {
  step(what, () => {
    const { status, stdout, stderr } = spawnSync('npx', ['--no-install', ...command], {
      encoding: 'utf8',
      maxBuffer: 2 ** 26,
    });
    return status === 0 ? null : `${stdout}${stderr}`;
  });
}
process.exit(failed === 0 ? 0 : 1);
