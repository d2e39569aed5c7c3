import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { expect, test } from '../support/console';
import { freePort } from '../support/dashboard';
import { jsonOverSocket } from '../../support/unix-socket';

/** `npm start -- --demo`, the first visit without a Pi. */

interface Started {
  url: string;
  dockerHost: string;
  child: ChildProcess;
  /** Time from the command to its first lines (ms). */
  took: number;
}

async function npmStart(): Promise<Started> {
  const began = performance.now();
  const child = spawn(process.execPath, ['scripts/start.mjs', '--demo'], {
    env: { ...process.env, PORT: String(await freePort()), HOST: '127.0.0.1', DOCKER_HOST: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
    // A new process group, as in a terminal.
    detached: true,
  });
  let url = '';
  let dockerHost = '';
  for await (const line of createInterface({ input: child.stdout })) {
    url ||= /clusterhat \S+: (http:\S+)/.exec(line)?.[1] ?? '';
    dockerHost ||= /export DOCKER_HOST=([^;]+);/.exec(line)?.[1] ?? '';
    if (url && dockerHost) break;
  }
  // Later output is discarded, so that it does not fill the pipe.
  child.stdout.resume();
  return { url, dockerHost, child, took: performance.now() - began };
}

async function hostnames(dockerHost: string): Promise<string[]> {
  const socketPath = dockerHost.replace('unix://', '');
  const nodes = (await jsonOverSocket(socketPath, 'GET', '/nodes')) as {
    Description: { Hostname: string };
  }[];
  return nodes.map((node) => node.Description.Hostname).sort();
}

test('a first visit: the terminal and the page say that it is a demo, and how to get a real swarm', async ({
  page,
}) => {
  const { url, dockerHost, child, took } = await npmStart();
  try {
    // It prints the address only after it answers there.
    expect((await fetch(`${url}/healthz`)).ok).toBe(true);
    const asked = performance.now();
    await page.goto(url);
    await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
    console.log(
      `      npm start prints the address after ${took.toFixed(0)} ms; five nodes ${(performance.now() - asked).toFixed(0)} ms after the call`,
    );
    await expect(page.getByRole('banner')).toContainText('demo swarm');
    const panel = page.getByRole('region', { name: 'Demo swarm' });
    await expect(panel).toContainText('Nothing here is real');
    await panel.getByRole('button', { name: 'Connect a terminal or your own swarm' }).click();
    await expect(panel).toContainText(`export DOCKER_HOST=${dockerHost}`);
    await expect(panel).toContainText('DOCKER_HOST=ssh://pi@ctrl npm start');
    expect(await hostnames(dockerHost)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
    await page.getByRole('button', { name: 'Add one goweb replica' }).click();
    await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(4);
    await page.goto('about:blank');
  } finally {
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    await ended;
  }
  await expectGone(dockerHost);
});

test('Ctrl-C ends the dashboard and its demo without an error', async () => {
  const { dockerHost, child } = await npmStart();
  const ended = once(child, 'exit');
  process.kill(-(child.pid ?? 0), 'SIGINT');
  expect(await ended).toEqual([0, null]);
  await expectGone(dockerHost);
  // No process is left in the group.
  await expect.poll(() => isThere(-(child.pid ?? 0))).toBe(false);
});

/** Whether the process exists; a negative number is a process group. */
function isThere(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

function expectGone(dockerHost: string): Promise<void> {
  return expect
    .poll(() =>
      hostnames(dockerHost).then(
        () => 'answers',
        () => 'gone',
      ),
    )
    .toBe('gone');
}
