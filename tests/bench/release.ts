import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { freePort } from '../e2e/support/dashboard';
import { fixed, printTable } from './table';

/**
 * Start time of the release on the demo swarm: from the command to a page whose HTML has five nodes. Every way in
 * turn, so that their ratios are right on a busy machine. Target: 3 s by npx.
 */

const ROUNDS = 5;

execFileSync(process.execPath, ['scripts/release.mjs'], { stdio: 'ignore' });
const [name] = readdirSync('dist').filter((file) => file.endsWith('.tgz'));
if (!name) throw new Error('npm run release made no archive');
const archive = resolve('dist', name);

/** Time from the start of `command` to the page (ms); interrupts it afterwards, like Ctrl-C. */
async function untilPage(
  command: string,
  args: readonly string[],
  env: Record<string, string>,
  cwd: string,
): Promise<number> {
  const port = await freePort();
  const began = performance.now();
  const child = spawn(command, [...args, '--demo', `--port=${port}`], {
    cwd,
    env: { ...process.env, DOCKER_HOST: '', ...env },
    stdio: 'ignore',
    detached: true,
  });
  const ended = once(child, 'exit');
  try {
    for (;;) {
      if (child.exitCode !== null) throw new Error(`${command} ended (${child.exitCode})`);
      const page = await fetch(`http://127.0.0.1:${port}/`).then(
        (answer) => answer.text(),
        () => '',
      );
      if (new Set(page.match(/data-node="[^"]+"/g)).size >= 5) return performance.now() - began;
      await later(10);
    }
  } finally {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGINT');
    await ended;
  }
}

const home = mkdtempSync(join(tmpdir(), 'clusterhat-bench-'));
copyFileSync(archive, join(home, basename(archive)));
execFileSync('tar', ['-xzf', archive, '-C', home]);
let caches = 0;
const npx = (cache: string) =>
  untilPage('npx', ['--yes', `./${basename(archive)}`], { npm_config_cache: cache }, home);
const WAYS: [name: string, start: () => Promise<number>][] = [
  [
    'unpacked: node bin/clusterhat.mjs',
    () => untilPage(process.execPath, ['package/bin/clusterhat.mjs'], {}, home),
  ],
  ['npx, known to npm', () => npx(join(home, 'known'))],
  ['npx, empty cache', () => npx(join(home, `cache-${caches++}`))],
];
const times = new Map<string, number[]>(WAYS.map(([way]) => [way, []]));
try {
  // The first round fills the disk's cache and npm's, and does not count.
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [way, startIt] of WAYS) {
      const ms = await startIt();
      if (round > 0) times.get(way)?.push(ms);
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
const base = median([...times.values()][0] ?? []);
printTable(
  'From the command to five nodes',
  ['', 'median ms', 'slowest ms', 'times the first'],
  [...times].map(([way, all]) => [
    way,
    fixed(median(all), 0),
    fixed(Math.max(...all), 0),
    fixed(median(all) / base),
  ]),
);
