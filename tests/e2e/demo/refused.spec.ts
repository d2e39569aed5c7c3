import type { Page } from '@playwright/test';
import { ODD_CASES } from '../../support/odd-cases';
import { oddEngine, type OddAnswer, type OddEngine, type Oddity } from '../../support/odd-engine';
import { sticksOut, expectNoViolations } from '../support/axe';
import { test as base, expect } from '../support/demo-fixtures';

/** A socket proxy that refuses some calls, expired certificates, and engines that are no usual ones. */

const FORBIDDEN: OddAnswer = {
  status: 403,
  type: 'text/html',
  body: '<html><body><h1>403 Forbidden</h1>\nRequest forbidden by administrative rules.\n</body></html>',
};

const refusing =
  (...paths: string[]): Oddity =>
  ({ path }) =>
    paths.includes(path) ? FORBIDDEN : undefined;

const test = base.extend<{ at: (oddity: Oddity | null) => Promise<OddEngine> }>({
  /** Opens the page of a dashboard that sees the demo through an odd engine. */
  at: async ({ page, swarm, start }, use) => {
    const opened: OddEngine[] = [];
    await use(async (oddity) => {
      const odd = await oddEngine(swarm.socketPath, oddity);
      opened.push(odd);
      const { url } = await start({ dockerHost: odd.dockerHost });
      await page.goto(url);
      return odd;
    });
    await Promise.all(opened.map((odd) => odd.close()));
  },
});

const notices = (page: Page) => page.locator('[data-notices]');
const banner = (page: Page) => page.getByRole('banner');
const cards = (page: Page) => page.locator('[data-node]');
const chips = (page: Page) => page.locator('[data-node] [data-task]');

test.use({ viewport: { width: 1440, height: 1000 } });

test('without /info the board shows, and the engine is unknown', async ({ page, at }) => {
  await at(ODD_CASES.proxyInfo403);
  await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
  await expect(chips(page)).toHaveCount(3);
  await expect(banner(page)).toContainText('5/5 nodes ready');
  await expect(page.getByText('this node')).toHaveCount(0);
  await expect(notices(page)).toContainText('refuses INFO');
  await notices(page).click();
  await expect(page.getByRole('dialog')).toContainText('Set this switch of the socket proxy to 1.');
  await expectNoViolations(page);
});

test('without /nodes tasks are shown under the ids of their nodes, and no place is absent', async ({
  page,
  at,
}) => {
  await at(ODD_CASES.proxyNodes403);
  await expect(chips(page)).toHaveCount(3);
  await expect(cards(page).first()).toBeVisible();
  await expect(page.locator('[data-node][data-state="absent"]')).toHaveCount(0);
  await expect(page.locator('[data-node]:not([data-state="unknown"])')).toHaveCount(0);
  await expect(banner(page)).toContainText('Nodes unknown');
  await expect(banner(page)).toContainText('3/3 tasks running');
  await expect(page.getByRole('main')).not.toContainText('0 cpu');
  await page.getByRole('tab', { name: 'Nodes' }).click();
  await expect(page.getByRole('tabpanel')).toContainText('refuses NODES');
  await expectNoViolations(page);
});

test('without /services tasks are shown on their nodes, under the ids of their services', async ({
  page,
  at,
}) => {
  await at(refusing('/services'));
  await expect(chips(page)).toHaveCount(3);
  await expect(banner(page)).toContainText('Services unknown');
  await expect(banner(page)).toContainText('3 tasks running');
  await expect(page.getByRole('main')).toContainText('Only the tasks of the service are known.');
  await expect(page.getByRole('button', { name: /Add one/ })).toHaveCount(0);
  await expectNoViolations(page);
});

// The demo's own controls can be late on a busy machine.
test.use({ allowedErrors: [/status of 503/] });

for (const width of [1440, 390]) {
  test(`without /tasks nothing is shown as lost, stopped or 0: ${width} px`, async ({
    page,
    at,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await at(refusing('/tasks'));
    await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
    await expect(cards(page).first()).toContainText('Tasks unknown');
    await expect(banner(page)).toContainText('Tasks unknown');
    const main = page.getByRole('main');
    await expect(main).toContainText('The tasks are unknown.');
    await expect(main).toContainText('? of 3 running');
    await expect(main).not.toContainText(/converging|No tasks|0 out of|lost/);
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
  });
}

test.describe('refused changes', () => {
  // Browsers log each refused request.
  test.use({ allowedErrors: [/status of (422|503)/] });

  test('a refused change: the error and then the buttons name the switch until a change succeeds', async ({
    page,
    at,
  }) => {
    const odd = await at(null);
    const add = page.getByRole('button', { name: 'Add one goweb replica' });
    await expect(add).toBeEnabled();
    odd.refuse(({ method }) => (method === 'POST' ? FORBIDDEN : undefined));
    await add.click();
    const alert = page.getByRole('main').getByRole('alert');
    await expect(alert.filter({ hasText: 'refuses scaling: it needs POST' })).toBeVisible();
    await expect(add).toBeDisabled();
    await expect(notices(page)).toContainText('refuses POST');
    await page.reload();
    await expect(add).toBeDisabled();
    await expect(page.getByRole('main')).toContainText('refuses scaling: it needs POST');
    await expectNoViolations(page);
    // Another program changes it: the proxy allows it again.
    odd.refuse(null);
    const scale = async (replicas: number) => {
      const url = new URL('api/services/goweb/scale', page.url()).href;
      const response = await page.request.post(url, { data: { replicas } });
      return response.status();
    };
    // Three it has already: nothing is written, and so nothing shown.
    await expect.poll(() => scale(3)).toBe(202);
    await expect(add).toBeDisabled();
    // A busy machine may answer too late, which is a 503.
    await expect.poll(() => scale(4)).toBe(202);
    await expect(add).toBeEnabled();
    await expect(notices(page)).toHaveCount(0);
  });
});

test('a proxy that refuses every list: the page names the switches', async ({ page, at }) => {
  await at(refusing('/info', '/nodes', '/services', '/tasks'));
  const reason = page.getByRole('heading', { name: /refuses TASKS, SERVICES, NODES and INFO/ });
  await expect(reason).toBeVisible();
  await expectNoViolations(page);
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`expired certificates: the clock first, then the recovery steps, ${colorScheme}`, async ({
    page,
    at,
  }) => {
    await page.emulateMedia({ colorScheme });
    await at((answer) => ODD_CASES.certExpired(answer));
    const region = page.getByRole('main');
    const valid = /its certificate for the swarm was valid until 12 Aug 2026 10:11 UTC/;
    await expect(region.getByRole('heading', { name: valid })).toBeVisible();
    await expect(region).toContainText('Check the clock first: timedatectl');
    await expect(region).toContainText('services, networks, secrets and configs');
    const text = await region.innerText();
    expect(text.indexOf('timedatectl')).toBeLessThan(text.indexOf('swarm init'));
    expect(text).not.toMatch(/swarm init(?! --force-new-cluster)/);
    for (const width of [360, 1440]) {
      await page.setViewportSize({ width, height: 900 });
      expect(await sticksOut(page), `${width} px`).toBeLessThanOrEqual(0);
    }
    await expectNoViolations(page);
  });
}
