// `npm run check`: all checks without root and browser, to run before a commit, with a sample of the longest tables
// of the contract; `npm test` takes every case.
import { run } from './lib/commands.mjs';
import { ensureInstalled } from './lib/install.mjs';
import { lockProblemsIn, lockReport } from './lib/lock.mjs';

/** @param {string} what @param {number} began @param {string | null} wrong null if nothing is */
function report(what, began, wrong) {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  console.log(`${wrong === null ? 'ok    ' : 'FAILED'} ${what} (${seconds} s)`);
  if (wrong === null) return;
  process.exitCode = 1;
  console.log(wrong);
}

// First, because the installation depends on it.
const began = performance.now();
const problems = lockProblemsIn('.');
report('lock', began, problems.length === 0 ? null : lockReport(problems));
ensureInstalled();

/** @type {[what: string, command: string[]][]} */
const STEPS = [
  ['format', ['oxfmt', '--check']],
  ['lint', ['oxlint', '--quiet']],
  ['types', ['tsc', '--noEmit']],
  ['dead code', ['knip']],
];
const PROJECTS = ['--project', 'unit*', '--project', 'contract'];
/** @type {typeof STEPS} */
const TESTS = [['unit and contract', ['vitest', 'run', ...PROJECTS]]];

/** @param {[what: string, command: string[]]} step reports when it has ended */
async function step([what, [program, ...args]]) {
  const began = performance.now();
  const { ok, output } = await run([`node_modules/.bin/${program}`, ...args], { buffered: true });
  report(what, began, ok ? null : output);
}

async function steps() {
  for (const one of STEPS) await step(one);
}

// `npm test` runs the tests itself, to count them.
const tests = process.argv.includes('--no-tests') ? [] : TESTS;
// The contract mostly waits, so the tests run beside the rest.
await Promise.all([...tests.map(step), steps()]);
