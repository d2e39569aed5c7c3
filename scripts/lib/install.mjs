import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseOldNode } from '../../bin/node-version.mjs';
import { missingPackages } from './installed.mjs';
import { lockProblemsIn, lockReport } from './lock.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** Contains the digest of the lock that `node_modules` was installed from. */
const STAMP = 'node_modules/.clusterhat-lock';

/** Overrides every setting of npmrc and environment (NODE_ENV=production) that leaves packages out. */
const NPM_CI = [
  'ci',
  '--include=dev',
  '--include=optional',
  '--include=peer',
  '--bin-links',
  '--install-strategy=hoisted',
  '--no-legacy-peer-deps',
  '--no-dry-run',
  // No package needs its script: what they compile is optional.
  '--ignore-scripts',
  '--no-audit',
  '--no-fund',
  '--loglevel=error',
];

/**
 * Installs exactly what the folder's package-lock.json names and makes sure that it is there. npm's
 * output goes to stderr.
 * @param {string} folder of the project
 * @param {NodeJS.ProcessEnv} [env]
 * @returns {string | null} what went wrong, null when all is installed
 */
export function installFromLock(folder, env = process.env) {
  const { status, error } = spawnSync('npm', NPM_CI, {
    cwd: folder,
    env,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32', // npm is a batch file there
  });
  if (error) return `npm could not be run (${error.message}).`;
  if (status !== 0) return 'npm ci failed, see above.';
  const missing = missingPackages(folder);
  if (missing.length === 0) return null;
  const more = missing.length > 3 ? ', …' : '';
  return `npm ci left out ${missing.length} of the packages in package-lock.json (${missing.slice(0, 3).join(', ')}${more}); is the npm registry reachable?`;
}

/**
 * Installs exactly what package-lock.json names, unless all of it is there already. Exits
 * with a message if that fails.
 * @param {string} [folder] of the project
 */
export function ensureInstalled(folder = ROOT) {
  refuseOldNode();
  const stamp = join(folder, STAMP);
  const isSame = existsSync(stamp) && readFileSync(stamp, 'utf8') === digestOfLock(folder);
  if (isSame && missingPackages(folder).length === 0) return;

  const problems = lockProblemsIn(folder);
  if (problems.length > 0) fail(lockReport(problems), 2);
  console.error('clusterhat: installing npm packages (npm ci) …');
  rmSync(stamp, { force: true });
  const problem = installFromLock(folder);
  if (problem !== null) fail(problem, 1);
  markInstalled(folder);
}

/** Records that the folder's `node_modules` was installed from its lock. */
export function markInstalled(folder = ROOT) {
  writeFileSync(join(folder, STAMP), digestOfLock(folder) ?? '');
}

/** @param {string} folder */
function digestOfLock(folder) {
  const lock = join(folder, 'package-lock.json');
  return existsSync(lock)
    ? createHash('sha256').update(readFileSync(lock)).digest('hex')
    : undefined;
}

/** @param {string} message @param {number} code @returns {never} */
function fail(message, code) {
  console.error(`clusterhat: ${message}`);
  process.exit(code);
}
