import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const STAMP = '.next/clusterhat-sources';
/** Everything that the built dashboard is made from. */
const SOURCES = [
  'app',
  'components',
  'lib',
  'public',
  'instrumentation.ts',
  'next.config.js',
  'postcss.config.mjs',
  'package-lock.json',
  'tsconfig.json',
];

/** @param {string} path @returns {string[]} the files at or below `path` in a fixed order */
function filesBelow(path) {
  if (!existsSync(path)) return [];
  if (!statSync(path).isDirectory()) return [path];
  return readdirSync(path)
    .sort()
    .flatMap((name) => filesBelow(join(path, name)));
}

/** A digest of the sources: by content, so that a checkout or a copy does not look like a change. */
function digestOfSources() {
  const hash = createHash('sha256');
  for (const file of SOURCES.flatMap(filesBelow)) {
    if (file.endsWith('.test.ts')) continue;
    hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  }
  return hash.digest('hex');
}

/** Builds the dashboard into `.next/standalone`, unless it stands there built from these sources. */
export function ensureBuilt() {
  const digest = digestOfSources();
  const server = '.next/standalone/server.js';
  if (existsSync(server) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === digest) return;
  console.log('clusterhat: building the dashboard (about half a minute on a PC) …');
  const { status } = spawnSync('npx', ['--no-install', 'next', 'build'], {
    stdio: ['ignore', 'inherit', 'inherit'],
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
  });
  if (status !== 0) {
    console.error('clusterhat: the build failed, see above.');
    process.exit(status ?? 1);
  }
  copyAssets();
  writeFileSync(STAMP, digest);
}

/** Next leaves out what a CDN could serve; our server serves it itself. */
export function copyAssets() {
  cpSync('.next/static', '.next/standalone/.next/static', { recursive: true });
  if (existsSync('public')) cpSync('public', '.next/standalone/public', { recursive: true });
}
