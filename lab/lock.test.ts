import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { locked } from './lock';

/** Starts a process that runs `body` with the lock `name`; `locked` and `fs` are in scope. */
function startProcess(name: string, body: string): ChildProcess {
  const program = `
    import fs from 'node:fs';
    import { locked } from ${JSON.stringify(join(import.meta.dirname, 'lock.ts'))};
    const name = ${JSON.stringify(name)};
    ${body}`;
  const child = spawn(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', program],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

const uniqueName = () => `lock-test-${process.pid}-${Math.random()}`;
const HOLD = `await locked(async () => {
  console.log('locked');
  await new Promise((resolve) => setTimeout(resolve, 60_000));
}, name);`;

// Abstract sockets, like the lab itself, are Linux only.
describe.skipIf(process.platform !== 'linux')('the lock of the lab', () => {
  test('returns the result of the work and is free afterwards', async () => {
    const name = uniqueName();
    expect(await locked(() => Promise.resolve(1), name)).toBe(1);
    expect(await locked(() => Promise.resolve(2), name)).toBe(2);
  });

  test('is free after the work has thrown', async () => {
    const name = uniqueName();
    const fail = () => Promise.reject(new Error('work failed'));
    await expect(locked(fail, name)).rejects.toThrow('work failed');
    expect(await locked(() => Promise.resolve(1), name)).toBe(1);
  });

  test('rejects while another process holds it, and is free once that process is killed', async () => {
    const name = uniqueName();
    const owner = startProcess(name, HOLD);
    await once(owner.stdout!, 'data');
    const attempt = () => locked(() => Promise.resolve('locked'), name);
    await expect(attempt()).rejects.toThrow(
      `another lab command (pid ${owner.pid}) is changing the lab; try again when it has ended`,
    );
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    expect(await attempt()).toBe('locked');
  });

  test('never lets two processes work at the same time', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'lab-lock-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const counter = join(folder, 'counter');
    writeFileSync(counter, '0');
    const increments = 50;
    // Reading and writing in two steps loses increments unless the lock holds.
    const increment = `
      const counter = ${JSON.stringify(counter)};
      for (let done = 0; done < ${increments};) {
        await locked(async () => {
          const value = Number(fs.readFileSync(counter, 'utf8'));
          await new Promise((resolve) => setImmediate(resolve));
          fs.writeFileSync(counter, String(value + 1));
          done += 1;
        }, name).catch(() => {});
      }`;
    const name = uniqueName();
    const children = [startProcess(name, increment), startProcess(name, increment)];
    await Promise.all(children.map((child) => once(child, 'exit')));
    expect(readFileSync(counter, 'utf8')).toBe(String(2 * increments));
  });
});
