import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { setTimeout as later } from 'node:timers/promises';
import { freePort } from '../e2e/support/dashboard';
import { startDemo } from '../e2e/support/demo';
import { requestOverSocket } from '../support/unix-socket';
import { fixed, printTable } from './table';

/**
 * The demo swarm against its targets: start, memory, responses with 5,000 tasks, and the time from
 * `npm start -- --demo` to a page with five nodes.
 */

const STARTS = 5;
const CALLS = 20;

const median = (values: readonly number[]) =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

async function repeated(times: number, work: () => Promise<number>): Promise<number[]> {
  const all: number[] = [];
  for (let i = 0; i < times; i++) all.push(await work());
  return all;
}

/** Resident memory of a process (MB). */
function memory(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}

/** Resident memory of an idle Node process (MB). */
async function bareNode(): Promise<number> {
  const bare = spawn(process.execPath, ['-e', 'console.log(); setInterval(() => {}, 1000)']);
  await once(bare.stdout, 'data');
  await later(500);
  const mb = memory(bare.pid ?? 0);
  bare.kill();
  return mb;
}

/** Time until the whole response of a call has arrived (ms). */
function call(socketPath: string, path: string): Promise<number> {
  return timed(async () => {
    await requestOverSocket(socketPath, 'GET', path);
  });
}

/** Time from `npm start -- --demo`, without npm itself, to a page whose HTML has five nodes (ms). */
async function firstPage(): Promise<number> {
  const port = await freePort();
  const { DOCKER_HOST: _, ...env } = process.env;
  let child: ChildProcess | undefined;
  try {
    return await timed(async () => {
      child = spawn(process.execPath, ['scripts/start.mjs', '--demo'], {
        stdio: ['ignore', 'ignore', 'inherit'],
        env: { ...env, PORT: String(port), HOST: '127.0.0.1' },
      });
      for (;;) {
        const page = await fetch(`http://127.0.0.1:${port}/`).then(
          (answer) => answer.text(),
          () => '',
        );
        if (new Set(page.match(/data-node="[^"]+"/g)).size >= 5) return;
        if (child.exitCode !== null) throw new Error(`npm start ended (${child.exitCode})`);
        await later(10);
      }
    });
  } finally {
    if (child && child.exitCode === null) {
      const ended = once(child, 'exit');
      child.kill();
      await ended;
    }
  }
}

const ups = await repeated(STARTS, async () => {
  const began = performance.now();
  const demo = await startDemo();
  const ms = performance.now() - began;
  await demo.stop();
  return ms;
});

const demo = await startDemo();
await later(3000);
const mb = memory(demo.pid);
const filling = await timed(() => demo.control('/fill', { nodes: 500, tasks: 5000 }));
const first = await call(demo.socketPath, '/tasks');
const later20 = await repeated(CALLS, () => call(demo.socketPath, '/tasks'));
await demo.stop();

const pages = await repeated(STARTS, firstPage);

printTable(
  'The demo swarm',
  ['', 'median', 'slowest', 'wanted'],
  [
    ['up (ms)', fixed(median(ups), 0), fixed(Math.max(...ups), 0), '< 300'],
    ['memory beyond a bare Node (MB)', fixed(mb - (await bareNode()), 0), fixed(null), '< 40'],
    ['/fill with 500 nodes, 5,000 tasks (ms)', fixed(filling, 0), fixed(null), fixed(null)],
    ['first /tasks after it (ms)', fixed(first, 0), fixed(null), '< 60'],
    ['/tasks (ms)', fixed(median(later20), 0), fixed(Math.max(...later20), 0), '< 60'],
    [
      'npm start -- --demo to five nodes (ms)',
      fixed(median(pages), 0),
      fixed(Math.max(...pages), 0),
      '< 1000',
    ],
  ],
);
