import { renameSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expectBoardShows, node } from '../support/board';
import { createService, running, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import {
  expectRecovered,
  statusRecord,
  noticedAt,
  wasLive,
  shownAge,
  statesNotLive,
  recordStatus,
  OLDEST_LIVE,
} from '../support/status-record';
import { startWire } from '../support/wire';

/**
 * Faults between the page and the engine. After each: no data lost, live again without a reload, and
 * never a wrong `live`. Times are recorded in the page.
 */

const banner = (page: Page) => page.getByRole('banner');
const main = (page: Page) => page.getByRole('main');

async function openLive(page: Page, url = '/'): Promise<void> {
  await page.goto(url);
  await expect(banner(page)).toContainText('live');
  await recordStatus(page);
}

/** The board equals the engine's list, and the task that was killed meanwhile has been replaced. */
async function expectTruth(page: Page, swarm: DemoSwarm, without?: string | null): Promise<void> {
  await expectBoardShows(page, 3, () => running(swarm, 'goweb'));
  if (!without) return;
  await expect(page.locator(`[data-container="${without}"][data-state="running"]`)).toHaveCount(0);
}

/** One fault of the engine from start to end, with a change in between. */
async function through(
  page: Page,
  swarm: DemoSwarm,
  fault: {
    begin: () => Promise<unknown>;
    end: () => Promise<unknown>;
    reason: string | RegExp;
    /** Age of the view before the fault ends (s). */
    seconds?: number;
  },
): Promise<void> {
  const { seconds = 3 } = fault;
  const container = await page
    .locator('[data-task][data-slot="1"][data-state="running"]')
    .getAttribute('data-container');
  const began = Date.now();
  await fault.begin();
  await expect(banner(page)).toContainText('stale');
  await expect(main(page)).toContainText(fault.reason);
  await swarm.control('/task', { kill: 'goweb.1' });
  // The last view stays with its age, and controls are disabled.
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'])
    await expect(node(page, name)).toBeVisible();
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  await expect
    .poll(() => shownAge(page), { timeout: (seconds + 20) * 1000 })
    .toBeGreaterThanOrEqual(seconds);
  const ended = Date.now();
  await fault.end();
  await expectRecovered(page, { began, ended });
  await expectTruth(page, swarm, container);
  await expect(main(page)).not.toContainText(fault.reason);
}

test('the engine stopped for ten seconds', async ({ page, swarm }) => {
  await openLive(page);
  await through(page, swarm, {
    begin: () => swarm.control('/engine', { running: false }),
    end: () => swarm.control('/engine', { running: true }),
    reason: 'There is no Docker socket at',
    seconds: 10,
  });
});

for (const [answer, reason] of [
  ['error-500', 'demo: the engine is unwell'],
  ['error-503', 'demo: the engine is busy'],
  ['half-json', "The engine's answer broke off in the middle."],
] as const) {
  test(`the engine answers ${answer}`, async ({ page, swarm }) => {
    await openLive(page);
    await through(page, swarm, {
      begin: () => swarm.control('/engine', { answer }),
      end: () => swarm.control('/engine', { answer: 'normal' }),
      reason,
      seconds: 5,
    });
  });
}

test('the engine does not answer for a minute', async ({ page, swarm }) => {
  await openLive(page);
  await through(page, swarm, {
    begin: () => swarm.control('/engine', { answer: 'nothing' }),
    end: () => swarm.control('/engine', { answer: 'normal' }),
    reason: /The Docker engine (does|did) not answer/,
    seconds: 60,
  });
  // The server was reachable all the time, and the page never statuses otherwise.
  expect((await statusRecord(page)).reasons.filter((text) => text.includes('dashboard'))).toEqual(
    [],
  );
});

test('the engine answers pings only', async ({ page, swarm }) => {
  await openLive(page);
  await through(page, swarm, {
    begin: () => swarm.control('/engine', { answer: 'swarm-silent' }),
    end: () => swarm.control('/engine', { answer: 'normal' }),
    reason: /The Docker engine (does|did) not answer/,
    seconds: 10,
  });
});

test('the manager loses quorum', async ({ page, swarm }) => {
  await openLive(page);
  await through(page, swarm, {
    begin: () => swarm.control('/engine', { role: 'no-quorum' }),
    end: () => swarm.control('/engine', { role: 'manager' }),
    reason: 'The swarm has no leader',
  });
});

test('the engine answers after four seconds', async ({ page, swarm }) => {
  await openLive(page);
  const began = Date.now();
  await swarm.control('/engine', { latencyMs: 4000 });
  await expect(banner(page)).toContainText('stale');
  await expect(main(page)).toContainText('The Docker engine does not answer.');
  // Views still arrive, four seconds old.
  const liveAgain = async () =>
    (await statusRecord(page)).statuses.filter(({ at, state }) => at > began && state === 'live')
      .length;
  await expect.poll(liveAgain).toBeGreaterThanOrEqual(1);
  await expect(banner(page)).toContainText('stale');
  const ended = Date.now();
  await swarm.control('/engine', { latencyMs: 0 });
  const { statuses, oldestLive, reasons } = await statusRecord(page);
  expect(statuses.length).toBeGreaterThan(2);
  expect(oldestLive).toBeLessThan(OLDEST_LIVE);
  expect(reasons.filter((text) => text.includes('dashboard'))).toEqual([]);
  await expectRecovered(page, { began: ended, ended });
  await expectTruth(page, swarm);
});

test('stays live when the event stream is cut, and shows the next change', async ({
  page,
  swarm,
}) => {
  await openLive(page);
  for (const replicas of [4, 3]) {
    await swarm.control('/engine', { cutEvents: true });
    await page.request.post('/api/services/goweb/scale', { data: { replicas } });
    const label = page.getByLabel('Replicas of goweb');
    await expect(label).toHaveValue(String(replicas));
  }
  await expectTruth(page, swarm);
  expect(statesNotLive((await statusRecord(page)).statuses)).toEqual([]);
});

test('switches to another engine when the socket’s file is replaced while the first still answers', async ({
  page,
  start,
  startSwarm,
}) => {
  const [first, second] = [await startSwarm(), await startSwarm({ seed: 7, replicas: 5 })];
  const { url } = await start({ dockerHost: first.dockerHost });
  await openLive(page, url);
  await expect(node(page, 'zero1')).toContainText(first.addresses[1] ?? '');
  renameSync(second.socketPath, first.socketPath);
  await expect(node(page, 'zero1')).toContainText(second.addresses[1] ?? '');
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(5);
  expect(statesNotLive((await statusRecord(page)).statuses)).toEqual([]);
});

for (const [which, clockSkewMs] of [
  ['ahead', 3_600_000],
  ['behind', -3_600_000],
] as const) {
  test(`a node’s clock an hour ${which}: stays live and shows no negative age`, async ({
    page,
    swarm,
  }) => {
    await openLive(page);
    await swarm.control('/node', { node: 'zero2', clockSkewMs });
    // A separate service: swarm avoids nodes on which a service's tasks failed recently.
    const late = await createService(swarm, 'late', {
      TaskTemplate: {
        ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
        Placement: { Constraints: ['node.hostname==zero2'] },
        ForceUpdate: 0,
        Runtime: 'container',
      },
      Mode: { Replicated: { Replicas: 2 } },
    });
    const tasks = node(page, 'zero2').locator('[data-task][data-state="running"]');
    // By the dashboard's own clock.
    const withAge = tasks.filter({ hasText: /running \d{1,2} s/ });
    await expect(withAge.filter({ hasText: 'late.' })).toHaveCount(2);
    await expect(main(page)).not.toContainText(/[-−]\d+ (s|m|h|seconds|minutes|hours)\b/);
    expect(statesNotLive((await statusRecord(page)).statuses)).toEqual([]);
    await swarm.engine('DELETE', `/services/${late}`);
  });
}

test.describe('the server restarts', () => {
  test.use({
    allowedErrors: [
      /ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/,
    ],
  });

  for (const signal of ['SIGKILL', 'SIGTERM'] as const) {
    test(`two open tabs recover after the dashboard ends by ${signal} and starts again`, async ({
      page,
      context,
      swarm,
      start,
    }) => {
      const dashboard = await start();
      const other = await context.newPage();
      const tabs = [page, other];
      for (const tab of tabs) await openLive(tab, dashboard.url);
      const began = Date.now();
      await dashboard.stop(signal);
      for (const tab of tabs) {
        await expect(banner(tab)).toContainText('stale');
        await expect(main(tab)).toContainText("The dashboard's server does not answer.");
        await expect(node(tab, 'zero4')).toBeVisible();
      }
      await swarm.control('/task', { kill: 'goweb.1' });
      await dashboard.restart();
      const ended = Date.now();
      for (const tab of tabs) {
        const back = async () => (await statusRecord(tab)).statuses.at(-1);
        await expect.poll(async () => (await back())?.state).toBe('live');
        const { statuses, oldestLive } = await statusRecord(tab);
        expect(oldestLive).toBeLessThan(OLDEST_LIVE);
        // The tabs can notice that the server answers before `restart` does.
        expect(wasLive(statuses, noticedAt(statuses, began), ended - 1000)).toBe(false);
        await expectTruth(tab, swarm);
      }
      await other.close();
    });
  }
});

test.describe('sleep', () => {
  test.use({ allowedErrors: [/ERR_/] });

  test('recovers after a minute of sleep, with dead connections and an advanced clock', async ({
    page,
    swarm,
    dashboard,
  }) => {
    const wire = await startWire(dashboard.url);
    await page.clock.install();
    try {
      await openLive(page, wire.url);
      const container = await page
        .locator('[data-task][data-slot="1"][data-state="running"]')
        .getAttribute('data-container');
      wire.freeze();
      await swarm.control('/task', { kill: 'goweb.1' });
      await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(2);
      await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(3);
      wire.thaw();
      await page.clock.fastForward(60_000);
      await expect
        .poll(async () => (await statusRecord(page)).statuses.at(-1))
        .toMatchObject({ state: 'live' });
      const { statuses, oldestLive } = await statusRecord(page);
      expect(statuses.map(({ state }) => state)).toContain('stale');
      expect(oldestLive).toBeLessThan(OLDEST_LIVE);
      await expectTruth(page, swarm, container);
    } finally {
      await wire.close();
    }
  });
});

test('opened without an engine: shows the reason, then the swarm without a reload', async ({
  page,
  swarm,
  start,
}) => {
  await swarm.control('/engine', { running: false });
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('heading', { name: /There is no Docker socket at/ })).toBeVisible();
  await recordStatus(page);
  const ended = Date.now();
  await swarm.control('/engine', { running: true });
  await expectRecovered(page, { began: 0, ended });
  await expectTruth(page, swarm);
});
