import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { digestOf } from './digest.mjs';

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

/** Builds the dashboard into `.next/standalone`, unless it stands there built from these sources. */
export function ensureBuilt() {
  const digest = digestOf(SOURCES);
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
function copyAssets() {
  cpSync('.next/static', '.next/standalone/.next/static', { recursive: true });
  if (existsSync('public')) cpSync('public', '.next/standalone/public', { recursive: true });
}
