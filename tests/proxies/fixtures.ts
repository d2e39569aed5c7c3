import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { test as base, expect } from '../e2e/support/console';
import { freePort, startDashboard, type DashboardProcess } from '../e2e/support/dashboard';
import { startDemo, updateService, type DemoSwarm } from '../e2e/support/demo';
import { Authority } from '../support/certificates';
import { startCaddy, startNginx, type ProxyProcess } from './proxy';

export { expect };

const PASSWORD = 'one for the proxies';

/** A dashboard behind a proxy. */
export interface Setup {
  /** The public origin: `http://swarm.home:4711`. */
  address: string;
  port: number;
  /** The dashboard's own address: `127.0.0.1:4712`. */
  upstream: string;
  /** Files for the proxy. */
  certificate: { cert: string; key: string };
}

/** How a dashboard is started; values that depend on its proxy's address are functions of it. */
export interface SetupOptions {
  scheme?: 'http' | 'https';
  /** The proxy's host name; the test browsers resolve `swarm.home` to loopback. */
  name?: 'swarm.home' | '127.0.0.1';
  /** DASHBOARD_ORIGIN: the address and this path; null: unset. */
  path?: string | null;
  /** None: the dashboard is open to this machine. */
  password?: boolean;
}

interface Fixtures {
  /** Starts a dashboard on the demo swarm and a port for its proxy. */
  setUp: (options?: SetupOptions) => Promise<Setup>;
  nginx: (server: string, setup: Setup) => Promise<void>;
  caddy: (site: string, setup: Setup) => Promise<void>;
  /** Signs in and scales through the live page, and expects the change at the engine. */
  expectWorks: () => Promise<void>;
}

interface WorkerFixtures {
  swarm: DemoSwarm;
}

/** Tests of the page through a proxy. */
export const test = base.extend<Fixtures, WorkerFixtures>({
  swarm: [
    // oxlint-disable-next-line no-empty-pattern -- Playwright reads the parameter's names
    async ({}, use) => {
      const swarm = await startDemo({ speed: 4 });
      await use(swarm);
      await swarm.stop();
    },
    { scope: 'worker' },
  ],

  setUp: async ({ swarm }, use) => {
    const started: DashboardProcess[] = [];
    const folder = mkdtempSync(join(tmpdir(), 'clusterhat-proxies-'));
    const certificate = { cert: join(folder, 'cert.pem'), key: join(folder, 'key.pem') };
    await use(
      async ({ scheme = 'http', name = 'swarm.home', path = null, password = true } = {}) => {
        const pair = new Authority().issue({ names: [name] });
        writeFileSync(certificate.cert, pair.cert);
        writeFileSync(certificate.key, pair.key);
        const port = await freePort();
        const address = `${scheme}://${name}:${port}`;
        const dashboard = await startDashboard({
          dockerHost: swarm.dockerHost,
          env: {
            ...(password && { HOSTNAME: '0.0.0.0', DASHBOARD_PASSWORD: PASSWORD }),
            ...(path !== null && { DASHBOARD_ORIGIN: address + path }),
          },
        });
        started.push(dashboard);
        return { address, port, upstream: new URL(dashboard.url).host, certificate };
      },
    );
    for (const dashboard of started) await dashboard.stop();
    rmSync(folder, { recursive: true, force: true });
  },

  // oxlint-disable-next-line no-unused-vars -- after `setUp`, so that the proxy ends before its dashboard
  nginx: async ({ page, setUp: _ }, use) => useProxy(page, startNginx, use),
  // oxlint-disable-next-line no-unused-vars -- after `setUp`, so that the proxy ends before its dashboard
  caddy: async ({ page, setUp: _ }, use) => useProxy(page, startCaddy, use),

  expectWorks: async ({ page, swarm }, use) => {
    await use(async () => {
      await expectLive(page);
      await signIn(page);
      const tasks = expect.configure({ timeout: 15_000 });
      // A page that is stale for a moment ignores a click; the second one changes nothing if the first had an effect.
      await expect(async () => {
        await page.getByRole('button', { name: 'Scale to 5' }).click();
        await tasks.poll(() => wantedTasks(swarm)).toEqual(Array(5).fill('running'));
      }).toPass({ timeout: 45_000 });
      await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(5);
    });
    await updateService(swarm, 'goweb', (spec) => ({
      ...spec,
      Mode: { Replicated: { Replicas: 3 } },
    }));
    await expect.poll(() => wantedTasks(swarm)).toEqual(Array(3).fill('running'));
  },
});

/** The state of each task that goweb wants, and why it is not running. */
async function wantedTasks(swarm: DemoSwarm): Promise<string[]> {
  const filters = encodeURIComponent(
    JSON.stringify({ service: ['goweb'], 'desired-state': ['running'] }),
  );
  const tasks = (await swarm.engine('GET', `/tasks?filters=${filters}`)) as {
    Slot: number;
    NodeID?: string;
    Status: { State: string; Message?: string; Err?: string };
  }[];
  return tasks.map(({ Slot, NodeID, Status: { State, Message, Err } }) =>
    State === 'running' ? State : [State, Slot, NodeID, Message, Err].join(' '),
  );
}

async function useProxy(
  page: Page,
  start: (config: string, port: number, tlsName: string | null) => Promise<ProxyProcess>,
  use: (start: (config: string, setup: Setup) => Promise<void>) => Promise<void>,
): Promise<void> {
  const started: ProxyProcess[] = [];
  await use(async (config, { address, port }) => {
    const { protocol, hostname } = new URL(address);
    started.push(await start(config, port, protocol === 'https:' ? hostname : null));
  });
  // An open page would report the loss of its server on the console.
  await page.goto('about:blank');
  for (const proxy of started) await proxy.stop();
}

/** Expects the page to be live and to be updated. */
export async function expectLive(page: Page): Promise<void> {
  const pill = page.locator('header [data-pill]').first();
  await expect(pill).toContainText(/^live · \d\.\d s ago$/);
  // Long enough to exceed buffers of the server and the proxy.
  await page.waitForTimeout(2500);
  await expect(pill).toContainText(/^live · [0-2]\.\d s ago$/);
}

/** Signs in with the page's dialog and waits for success. */
export async function signIn(page: Page): Promise<void> {
  await trySignIn(page);
  await expect(page.getByRole('button', { name: 'Sign out' })).toBeVisible();
}

/** Types the password into the page's dialog and sends it. */
export async function trySignIn(page: Page): Promise<void> {
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Password').fill(PASSWORD);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
}
