import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { lockReport, projectLockProblems } from './lock.mjs';

const STAMP = 'node_modules/.clusterhat-lock';
const MIN_NODE = [20, 19];

/** Ends with a sentence when this Node is too old to run the project. */
function checkNode() {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const [minMajor = 0, minMinor = 0] = MIN_NODE;
  if (major > minMajor || (major === minMajor && minor >= minMinor)) return;
  console.error(
    `clusterhat: needs Node ${MIN_NODE.join('.')} or newer, this is ${process.version}.`,
  );
  process.exit(2);
}

/** Ends with a sentence for each thing that keeps the lock from installing; npm says `Invalid Version:`. */
function checkLock() {
  const problems = projectLockProblems();
  if (problems.length === 0) return;
  console.error(`clusterhat: ${lockReport(problems)}`);
  process.exit(2);
}

/** Installs exactly what package-lock.json names, unless that was done before. */
export function ensureInstalled() {
  checkNode();
  const lock = createHash('sha256').update(readFileSync('package-lock.json')).digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lock) return;
  checkLock();
  console.log('clusterhat: installing npm packages (npm ci) …');
  const { status } = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: 'inherit',
  });
  if (status !== 0) {
    console.error('clusterhat: npm ci failed, see above.');
    process.exit(status ?? 1);
  }
  writeFileSync(STAMP, lock);
}
