// Installs into a temporary folder from the lock alone, with an empty npm cache: packages cached or installed
// before would hide what the lock lacks. A checkout without packages keeps them.
import { copyFileSync, existsSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installFromLock, markInstalled } from './lib/install.mjs';

/** The files that `npm ci` needs. */
const FILES = ['package.json', 'package-lock.json', '.npmrc'];

const folder = mkdtempSync(join(tmpdir(), 'clusterhat-install-'));
try {
  for (const file of FILES) copyFileSync(file, join(folder, file));
  // npm's variables are case-insensitive, and an upper-case one might win.
  const env = { ...process.env };
  for (const name of Object.keys(env)) {
    if (/^npm_config_cache$/i.test(name)) delete env[name];
  }
  env['npm_config_cache'] = join(folder, 'npm-cache');
  const problem = installFromLock(folder, env);
  if (problem !== null) {
    console.error(problem);
    process.exitCode = 1;
  } else if (!existsSync('node_modules')) keep();
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function keep() {
  try {
    renameSync(join(folder, 'node_modules'), 'node_modules');
    markInstalled();
  } catch {
    // On another file system: the checkout gets its own.
  }
}
