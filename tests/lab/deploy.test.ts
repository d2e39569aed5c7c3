import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { problemSchema } from '@/lib/api';
import { runSchema } from '@/lib/curl/run-schemas';
import { type SwarmView, swarmViewSchema } from '@/lib/swarm/view';
import { CHROMIUM } from '../support/chromium';
import { pushDashboard } from '../../lab/dashboard-image';
import { dockerArgs, dockerOutput } from '../../lab/docker';
import { ECHO_IMAGE, ECHO_PLATFORM, pushEcho } from '../../lab/echo';
import { run, tryRun, until } from '../../lab/exec';
import { addressesOf, REPO_DIR, socketOf } from '../../lab/layout';
import { type LabState, requireUp } from '../../lab/state';
import { Page } from './controller';

/**
 * The stack itself: the image that `Dockerfile.dashboard` builds from a clone, `docker stack deploy`, and
 * the page through the controller's published port. Its names and ports are unique, so that it can run beside
 * the seed's `goweb`. How people install it is in `controller-*.test.ts`.
 */
const STACK = 'deploytest';
const PORTS = { dashboard: 3900, echo: 8899 };
const IMAGE = 'carmeloc/clusterhat-dashboard:deploytest';
const SECRET = 'clusterhat_password';
const PASSWORD = 'four zeros and a controller';

let origin = '';

async function deploy(...files: string[]): Promise<void> {
  const environment = {
    DASHBOARD_IMAGE: IMAGE,
    DASHBOARD_PORT: PORTS.dashboard,
    DOCKER_SOCKET: socketOf('ctrl'),
    ECHO_IMAGE: ECHO_IMAGE,
    ECHO_PORT: PORTS.echo,
  };
  await run('env', [
    ...Object.entries(environment).map(([name, value]) => `${name}=${value}`),
    ...dockerArgs('ctrl', ['stack', 'deploy']),
    ...files.flatMap((file) => ['-c', join(REPO_DIR, 'deploy', file)]),
    STACK,
  ]);
}

/** Removes the stack and waits for its tasks to stop; an aborted run may have left it. */
async function remove(): Promise<void> {
  const docker = (...args: string[]) => tryRun('env', dockerArgs('ctrl', args));
  await docker('stack', 'rm', STACK);
  await until(
    'the stack to go',
    async () => {
      const filter = ['--filter', `label=com.docker.stack.namespace=${STACK}`];
      const tasks = await docker('ps', '--all', '--quiet', ...filter);
      const networks = await docker('network', 'ls', '--quiet', ...filter);
      return tasks.stdout + networks.stdout === '' ? true : undefined;
    },
    { withinMs: 180_000, everyMs: 200 },
  );
  await docker('secret', 'rm', SECRET);
}

const swarmAnswerSchema = z.object({ view: swarmViewSchema });

async function view(): Promise<SwarmView> {
  const response = await fetch(`${origin}/api/swarm`);
  expect(response.status).toBe(200);
  return swarmAnswerSchema.parse(await response.json()).view;
}

/** Waits for a view that passes `satisfied`. */
async function viewWhen(what: string, satisfied: (view: SwarmView) => boolean): Promise<SwarmView> {
  return until(
    what,
    async () => {
      const seen = await view();
      return satisfied(seen) ? seen : undefined;
    },
    { withinMs: 180_000, everyMs: 250 },
  );
}

/** Waits for a response of the newly deployed dashboard, whatever the state of the old one. */
async function answers(access: 'read-only' | 'password'): Promise<void> {
  await until(
    `the ${access} dashboard to answer`,
    async () => {
      const abort = new AbortController();
      try {
        const response = await fetch(`${origin}/api/live`, { signal: abort.signal });
        for await (const chunk of response.body?.pipeThrough(new TextDecoderStream()) ?? []) {
          return chunk.includes(`"mode":"${access}"`) ? true : undefined;
        }
        return undefined;
      } catch {
        return undefined;
      } finally {
        abort.abort();
      }
    },
    { withinMs: 270_000, everyMs: 250 },
  );
}

function scale(replicas: number, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${origin}/api/services/${STACK}_goweb/scale`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify({ replicas }),
  });
}

function running(seen: SwarmView, service: string): number | null | undefined {
  return seen.services.find(({ name }) => name === `${STACK}_${service}`)?.running;
}

const signedIn = { Authorization: `Basic ${btoa(`:${PASSWORD}`)}` };

describe('the stack', () => {
  let state: LabState;

  beforeAll(async () => {
    state = requireUp();
    origin = `http://${addressesOf(state.prefix).nodes.ctrl}:${PORTS.dashboard}`;
    await remove();
    const pulled = await tryRun('env', dockerArgs('ctrl', ['pull', '--quiet', ECHO_IMAGE]));
    if (pulled.code !== 0) await pushEcho(state, ECHO_IMAGE, ECHO_PLATFORM);
    await pushDashboard(state, IMAGE);
    await deploy('stack.yml');
    await answers('read-only');
  }, 1_800_000);

  afterAll(remove, 120_000);

  it('has no compiled code and no image optimiser in the image', async () => {
    // The build fails on compiled code by itself; this looks at what came out.
    const script =
      'const {readdirSync}=require("fs");' +
      'console.log(JSON.stringify(readdirSync("/app",{recursive:true})))';
    const list = ['run', '--rm', '--network', 'none', '--no-healthcheck', '--entrypoint', 'node'];
    const files = z
      .array(z.string())
      .parse(JSON.parse(await dockerOutput('ctrl', [...list, IMAGE, '-e', script])));
    expect(files).toEqual(expect.arrayContaining(['bin/clusterhat.mjs', 'server/server.cjs']));
    expect(files.filter((file) => /\.node$|\.so(\.|$)|(^|\/)sharp(\/|$)/.test(file))).toEqual([]);
  });

  it('runs the dashboard on the manager, and the echo service', async () => {
    const seen = await viewWhen(
      'both services',
      (now) => running(now, 'dashboard') === 1 && running(now, 'goweb') === 3,
    );
    expect(seen.nodes.map(({ name }) => name)).toEqual(seen.hat);
    expect(seen.engine.name).toBe('ctrl');
    const dashboard = seen.services.find(({ name }) => name === `${STACK}_dashboard`);
    const manager = seen.nodes.find(({ role }) => role === 'manager');
    const [task] = seen.tasks.filter(
      ({ serviceId, phase }) => phase === 'running' && serviceId === dashboard?.id,
    );
    expect(task?.nodeId).toBe(manager?.id);
    // The service that the page opens on is this stack's, and the curl panel may fire at it.
    expect(seen.services[0]).toMatchObject({ name: `${STACK}_goweb`, echo: true, curl: true });
  });

  it('answers on the echo service’s published port', async () => {
    const { ctrl } = addressesOf(state.prefix).nodes;
    const response = await fetch(`http://${ctrl}:${PORTS.echo}/Hello!`);
    expect(await response.text()).toMatch(
      /^This is \w{12} running on linux\/arm saying: Hello!\n$/,
    );
  });

  it('is read-only without a password', async () => {
    const response = await scale(5);
    expect(response.status).toBe(403);
    expect(problemSchema.parse(await response.json())).toMatchObject({ kind: 'read-only' });
    const service = (await view()).services.find(({ name }) => name === `${STACK}_goweb`);
    expect(service?.replicas).toBe(3);
  });

  it.skipIf(!existsSync(CHROMIUM))('opens in a browser', async () => {
    const browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
    try {
      const page = await browser.newPage();
      const complaints: string[] = [];
      page.on('pageerror', (error) => complaints.push(error.message));
      await page.goto(origin);
      for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']) {
        await page.locator(`[data-node="${name}"][data-state="ready"]`).first().waitFor();
      }
      const containers = (await view()).tasks.flatMap(({ phase, container }) =>
        phase === 'running' && container !== null ? [container] : [],
      );
      for (const container of containers) {
        await page.locator(`[data-container="${container}"]`).first().waitFor();
      }
      await page
        .getByText(/read-only/i)
        .first()
        .waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it('permits changes with the password', async () => {
    await dockerOutput('ctrl', ['secret', 'create', SECRET, '-'], `${PASSWORD}\n`);
    await deploy('stack.yml', 'stack.password.yml');
    await answers('password');

    const refusals = [
      [await scale(5), 401, 'sign-in-required'],
      [await scale(5, { Authorization: `Basic ${btoa(':guess')}` }), 401, 'wrong-password'],
      [await scale(5, { ...signedIn, Origin: 'http://elsewhere.example' }), 403, 'other-origin'],
    ] as const;
    for (const [response, status, kind] of refusals) {
      expect(response.status).toBe(status);
      expect(problemSchema.parse(await response.json())).toMatchObject({ kind });
    }

    expect((await scale(5, signedIn)).status).toBe(202);
    await viewWhen('five tasks', (now) => running(now, 'goweb') === 5);
  }, 540_000);

  it('exits on SIGTERM, before docker kills it', async () => {
    // Until then swarm would take it for a failed update and go back to the one without a password.
    await viewWhen('the update to end', (now) =>
      now.services.some(
        ({ name, update }) => name === `${STACK}_dashboard` && update?.state === 'completed',
      ),
    );
    const name = `label=com.docker.swarm.service.name=${STACK}_dashboard`;
    const id = (await dockerOutput('ctrl', ['ps', '--quiet', '--filter', name])).trim();
    const stream = await fetch(`${origin}/api/live`);
    await dockerOutput('ctrl', ['stop', id]);
    const code = await dockerOutput('ctrl', ['inspect', '--format', '{{.State.ExitCode}}', id]);
    expect([0, 143]).toContain(Number(code));
    await stream.body?.cancel().catch(() => undefined);
    // Swarm starts it again by itself.
    await answers('password');
  }, 540_000);

  it('keeps the history in its volume, over new containers', async () => {
    await viewWhen('five tasks', (now) => running(now, 'goweb') === 5);
    const { entries, gaps } = await new Page(origin).history();
    const scaled = entries.find(({ text }) => text === `${STACK}_goweb was scaled from 3 to 5`);
    const restarts = gaps.filter(({ why }) => why === 'not running');
    // For the password before it, and the stop after it.
    expect(restarts.map(({ from }) => from > (scaled?.at ?? NaN))).toEqual([false, true]);
    const past = await fetch(`${origin}/api/timeline?at=${(scaled?.viewAt ?? 0) - 1}`);
    const { view: before } = swarmAnswerSchema.parse(await past.json());
    expect(before.services.find(({ name }) => name === `${STACK}_goweb`)?.replicas).toBe(3);
  }, 540_000);

  // Through its own node too, where a packet returns to the node it came from.
  it.each(['ctrl', 'zero2'])(
    'reaches the routing mesh at %s from where it runs',
    async (entryNode) => {
      const asked = { service: `${STACK}_goweb`, publishedPort: PORTS.echo, entryNode };
      const started = await fetch(`${origin}/api/runs`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...signedIn },
        body: JSON.stringify({ ...asked, rate: 10, seconds: 2 }),
      });
      expect(started.status).toBe(201);
      const { id } = runSchema.parse(await started.json());
      const run = await until('the run to end', async () => {
        const seen = runSchema.parse(await (await fetch(`${origin}/api/runs/${id}`)).json());
        return seen.state === 'ended' ? seen : undefined;
      });
      // A busy machine may skip a slot of the schedule; what was sent has to be answered.
      expect(run).toMatchObject({ failed: 0, answered: run.sent, sent: 20 - run.skipped });
      expect(run.shares).toHaveLength(5);
      expect(run.spread).toBeLessThanOrEqual(1);
    },
  );
});
