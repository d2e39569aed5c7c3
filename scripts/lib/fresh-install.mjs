import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What of this project `npm ci` needs. */
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * Installs into a temporary folder from the lock alone, with an npm cache that is empty: what this
 * machine has cached or installed before may hide what the lock lacks.
 * @returns {boolean} whether `npm ci` succeeded
 */
export function installsFromNothing() {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-install-'));
  try {
    for (const file of FILES) copyFileSync(file, join(folder, file));
    const { status } = spawnSync(
      'npm',
      ['ci', '--cache', join(folder, 'npm-cache'), '--no-audit', '--no-fund', '--loglevel=error'],
      { cwd: folder, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    return status === 0 && existsSync(join(folder, 'node_modules/next/package.json'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
