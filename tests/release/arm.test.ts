import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { makeRelease, bareEnvironment, start, temporaryFolder, unpack } from './release';
import { debianRoot } from '../../lab/debian-root';
import { tryRun } from '../../lab/exec';
import { freePort } from '../e2e/support/dashboard';
import { liveEvents } from '../support/live-events';

/**
 * The release on a 32-bit controller: Raspberry Pi OS' Node.js (Debian trixie armhf), on an emulated
 * Cortex-A7, which is a Pi 2's processor. Emulated speed is no Pi's: only facts are asserted.
 */

const QEMU = 'qemu-arm-static';
let root: string;
let archive: string;

beforeAll(async () => {
  root = await debianRoot({
    suite: 'trixie',
    architecture: 'armhf',
    packages: ['nodejs'],
    dependencies: true,
  });
  archive = await makeRelease();
}, 600_000);

function node(...args: string[]): [command: string, args: string[]] {
  return [QEMU, ['-cpu', 'cortex-a7', '-L', root, join(root, 'usr/bin/node'), ...args]];
}

test('serves the page, live updates and a scale of the demo swarm on 32-bit ARM', async () => {
  const folder = await unpack(archive);
  const home = temporaryFolder();
  const env = bareEnvironment(home);

  const about = await tryRun(...node('-p', 'process.version + process.arch'));
  const [, minor, architecture] = /^v20\.(\d+)\.\d+(\w+)\n$/.exec(about.stdout) ?? [];
  expect(Number(minor)).toBeGreaterThanOrEqual(19);
  expect(architecture).toBe('arm');

  const socket = join(home, 'docker.sock');
  const demo = start(...node(join(folder, 'demo/demo.mjs'), '--socket', socket), { env });
  await demo.printed(/DEMO_ADDRESSES=/);

  // As in the image and the systemd unit: with the heap set, the server runs in this very process.
  const dashboard = start(...node(join(folder, 'bin/clusterhat.mjs')), {
    env: {
      ...env,
      DOCKER_HOST: `unix://${socket}`,
      PORT: String(await freePort()),
      NODE_OPTIONS: '--max-old-space-size=128 --max-semi-space-size=1',
    },
  });
  const [, url = ''] = await dashboard.printed(/clusterhat \S+: (http:\S+)/);

  const page = async () => (await fetch(url)).text();
  const nodes = async () => new Set((await page()).match(/data-node="[^"]+"/g)).size;
  // An emulated engine can be slower than the first page waits for it.
  await expect.poll(nodes, { timeout: 120_000, interval: 1000 }).toBe(5);
  const html = await page();
  const script = /src="([^"]*_next\/static\/[^"]+\.js)"/.exec(html)?.[1] ?? '';
  expect(script).not.toBe('');
  expect((await fetch(new URL(script, url))).status).toBe(200);

  const left = new AbortController();
  const live = liveEvents(url, left.signal);
  try {
    const scaled = await fetch(`${url}/api/services/goweb/scale`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: '{"replicas":5}',
    });
    expect(scaled.status).toBe(202);
    for await (const { data } of live) {
      if (data.includes('overall progress: 5 out of 5 tasks')) break;
    }
  } finally {
    left.abort();
  }
  expect(await dashboard.stop()).toBe(0);
}, 300_000);
