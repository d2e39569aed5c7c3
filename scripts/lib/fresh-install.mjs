import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFromLock } from './install.mjs';

/** What of this project `npm ci` needs. */
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

/**
 * Installs into a temporary folder from the lock alone, with an npm cache that is empty: what this
 * machine has cached or installed before may hide what the lock lacks.
 * @returns {boolean} whether all of it was installed
 */
export function installsFromNothing() {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-install-'));
  try {
    for (const file of FILES) copyFileSync(file, join(folder, file));
    // Names of npm's variables are the same in upper case, and one of those might win.
    const env = { ...process.env };
    for (const name of Object.keys(env)) {
      if (/^npm_config_cache$/i.test(name)) delete env[name];
    }
    env['npm_config_cache'] = join(folder, 'npm-cache');
    const problem = installFromLock(folder, env);
    if (problem !== null) console.error(problem);
    return problem === null;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
