import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as later } from 'node:timers/promises';
import { expect, onTestFinished, test } from 'vitest';
import { percentile } from './support/bystander';
import { ask, post } from './support/raw';
import { startTarget } from './support/server';
import { openStream } from './support/stream';

/** All attacks at once, while a tab uses the dashboard. */

const SECONDS = 60;
const TSX = import.meta.resolve('tsx');
const ATTACKERS = join(import.meta.dirname, 'support', 'attackers.ts');

/** Runs the attackers; returns how many requests each sent. */
async function attack(port: number): Promise<Record<string, number>> {
  const args = ['--import', TSX, ATTACKERS, String(port), String(SECONDS)];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  await once(child, 'close');
  return JSON.parse(text || '{}') as Record<string, number>;
}

/** The longest interval between consecutive times (ms). */
function longestGap(times: readonly number[]): number {
  return Math.max(...times.slice(1).map((time, n) => time - (times[n] ?? 0)));
}

test('a tab stays live, and a scale answers within 1 s, for a minute of all attacks at once', async () => {
  const target = await startTarget();
  const { port } = target;
  const before = target.sockets();
  const tab = await openStream(port);
  expect(tab.status).toBe(200);
  const began = performance.now();
  const until = performance.now() + SECONDS * 1000;
  const attackers = attack(port);

  const scales: number[] = [];
  const failures: string[] = [];
  for (let n = 0; performance.now() < until; n++) {
    try {
      const replicas = 3 + (n % 3);
      const { status, ms } = await post(port, '/api/services/goweb/scale', { replicas });
      if (status === 202) scales.push(ms);
      else failures.push(String(status));
    } catch (error) {
      failures.push((error as Error).message);
    }
    await later(1000);
  }
  const sent = await attackers;
  const gap = longestGap([began, ...tab.times.filter((time) => time > began), performance.now()]);
  const peak = target.alive() ? target.peakMemory() : Number.NaN;
  const cpu = target.alive() ? target.cpu() : Number.NaN;
  const total = Object.values(sent).reduce((sum, count) => sum + count, 0);
  console.error(
    `${Math.round(total / SECONDS)} requests/s; ${scales.length} scales: median ${Math.round(percentile(scales, 0.5))} ms, ` +
      `longest ${Math.round(percentile(scales, 1))} ms; longest silence of the stream ${Math.round(gap)} ms; memory ${Math.round(peak)} MB, processor ${Math.round(cpu)} s; refused: ${JSON.stringify(failures)}`,
  );

  expect(target.alive(), target.output().slice(-500)).toBe(true);
  // Control: each of them has really attacked.
  for (const [name, count] of Object.entries(sent)) expect(count, name).toBeGreaterThan(10);
  expect(total / SECONDS).toBeGreaterThan(2000);
  expect(failures).toEqual([]);
  expect(scales.length).toBeGreaterThan(SECONDS / 2);
  expect(percentile(scales, 1)).toBeLessThan(1000);
  expect(tab.ended()).toBe(false);
  expect(gap).toBeLessThan(3000);
  expect(peak).toBeLessThan(200);
  tab.close();
  expect((await ask(port, '/')).status).toBe(200);
  await expect.poll(() => target.sockets(), { timeout: 60_000 }).toBeLessThanOrEqual(before + 2);
}, 300_000);
