import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { createService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** Links from a problem on the page to its row of /help. */

const open = async (page: Page) => {
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('live');
};

/** A global service that exits with code 1; its long restart delay keeps the failure visible. */
const failing = (swarm: DemoSwarm) =>
  createService(swarm, 'failing', {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:crash' },
      RestartPolicy: { Condition: 'on-failure', Delay: 300e9 },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Global: {} },
  });

/** A service whose image is recorded for `architecture` only. */
const madeFor = (swarm: DemoSwarm, name: string, architecture: string) =>
  createService(swarm, name, {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
      Placement: { Platforms: [{ Architecture: architecture, OS: 'linux' }] },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: 2 } },
  });

/** Clicks a link that opens a new tab; returns that tab. */
async function follow(page: Page, link: Locator): Promise<Page> {
  const [tab] = await Promise.all([page.waitForEvent('popup'), link.click()]);
  await tab.waitForLoadState();
  return tab;
}

/** Expects the link's row to be visible, marked and focused. */
async function arrived(tab: Page, id: string): Promise<Locator> {
  const row = tab.locator(`#${id}`);
  await expect(tab).toHaveURL(new RegExp(`/help#${id}$`));
  await expect(row).toBeInViewport();
  expect(await row.evaluate((element) => element.matches(':target'))).toBe(true);
  await expect(row).toBeFocused();
  return row;
}

test('a failed task links to the row of its exit code', async ({ page, swarm }) => {
  await open(page);
  await failing(swarm);
  const failed = node(page, 'zero1').locator('[data-task][data-state="failed"]');
  await failed.getByRole('button', { name: /exit/ }).click();
  const tab = await follow(page, failed.getByRole('link', { name: 'Help: failing failed' }));
  const row = await arrived(tab, 'program-error');
  await expect(row).toContainText('docker service logs NAME');
  // The board stays live in the first tab.
  await expect(page.getByRole('banner')).toContainText('live');
});

test('the task table links to the row, also of tasks that are on no card', async ({
  page,
  swarm,
}) => {
  await open(page);
  await failing(swarm);
  const row = page.getByRole('row').filter({ hasText: 'non-zero exit (1)' }).first();
  await arrived(
    await follow(page, row.getByRole('link', { name: /^Help: error of / })),
    'program-error',
  );
});

test('links an image that fits no node, and one that fits no Zero', async ({ page, swarm }) => {
  await open(page);
  await madeFor(swarm, 'foreign', 'arm64');
  await madeFor(swarm, 'newer', 'armv7l');
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  await expect(lane).toContainText(
    'for 64-bit ARM only (linux/arm64), and ctrl (armv7l) and zero1, zero2, zero3 and zero4 (armv6l) cannot run it',
  );
  await page.getByLabel('Service shown').selectOption({ label: 'newer 2/2' });
  const panel = page.getByRole('region', { name: 'newer' });
  await expect(panel).toContainText(
    'for 32-bit ARM only (linux/armv7l), and zero1, zero2, zero3 and zero4 (armv6l) cannot run it',
  );
  await expect(panel).toContainText('verify: Service newer converged');
  await panel.getByRole('button', { name: /^The image is for 32-bit ARM/ }).click();
  const link = panel.getByRole('link', { name: 'Help: nodes that cannot run newer' });
  await arrived(await follow(page, link), 'image-arm32-only');
});

test('every link to /help on a page with problems has a target row', async ({ page, swarm }) => {
  await open(page);
  await failing(swarm);
  await madeFor(swarm, 'foreign', 'amd64');
  await swarm.control('/node', { node: 'zero3', power: false });
  await expect(node(page, 'zero3')).toHaveAttribute('data-state', 'down');
  await expect(page.locator('[data-task][data-state="failed"]').first()).toBeVisible();
  await expect(page.getByRole('region', { name: 'Waiting for a node' })).toBeVisible();
  const links = await page
    .locator('a[href^="help#"]')
    .evaluateAll((all) => all.map((one) => (one as HTMLAnchorElement).hash.slice(1)));
  // The last link is hidden once the page's scripts run.
  const rows = ['demo', 'program-error', 'image-other-processor', 'node-down', 'scripts-missing'];
  expect(new Set(links)).toEqual(new Set(rows));
  await page.goto('/help');
  for (const id of new Set(links)) await expect(page.locator(`tr[id="${id}"]`)).toHaveCount(1);
});

test('with a stopped engine the banner’s link and the help page work', async ({ page, swarm }) => {
  await open(page);
  await swarm.control('/engine', { running: false });
  const link = page.getByRole('link', { name: 'Help: why the view is not live' });
  // A stopped demo engine removes its socket.
  await expect(link).toHaveAttribute('href', 'help#socket-missing');
  const tab = await follow(page, link);
  const row = await arrived(tab, 'socket-missing');
  // A reload keeps the position; restoring the focus is up to the browser.
  await tab.reload();
  await expect(row).toBeInViewport();
});

test('links to help before the first view', async ({ page, swarm, start }) => {
  await swarm.control('/engine', { role: 'worker' });
  const dashboard = await start();
  await page.goto(dashboard.url);
  const link = page.getByRole('link', { name: 'Help: why there is no swarm data' });
  await arrived(await follow(page, link), 'not-a-manager');
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('/help is complete', async ({ page }) => {
    await page.goto('/help#vxlan-leftover');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(
      'What you see, what it is, what to do',
    );
    await expect(page.locator('#vxlan-leftover')).toBeInViewport();
    await expect(page.locator('#vxlan-leftover')).toContainText('sudo systemctl restart docker');
  });
});

for (const colorScheme of ['dark', 'light'] as const) {
  for (const width of [1440, 390]) {
    test(`/help has no axe violations and fits the window: ${colorScheme}, ${width} px`, async ({
      page,
    }) => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width, height: 900 });
      await page.goto('/help#image-arm64-only');
      await expectNoViolations(page);
      expect(await sticksOut(page)).toBeLessThanOrEqual(0);
      // On a phone the cells are stacked and labelled.
      await expect(page.locator('#image-arm64-only').getByText('What to do')).toBeVisible({
        visible: width === 390,
      });
    });
  }
}

test('rejects another host name, as the dashboard does', async ({ dashboard }) => {
  const { port } = new URL(dashboard.url);
  const { request } = await import('node:http');
  const html = await new Promise<string>((resolve, reject) => {
    const asked = request(
      { host: '127.0.0.1', port, path: '/help', headers: { host: 'evil.example' } },
      (answer) => {
        let text = '';
        answer.on('data', (chunk: Buffer) => (text += chunk.toString()));
        answer.on('end', () => resolve(text));
      },
    );
    asked.on('error', reject).end();
  });
  expect(html).toContain('does not answer under the name evil.example');
  expect(html).not.toContain('vxlan-leftover');
});

test('the footer shows the version and links to /help', async ({ page }) => {
  const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string };
  await open(page);
  const footer = page.getByRole('contentinfo');
  await expect(footer).toContainText(`ClusterHAT swarm ${version}`);
  const tab = await follow(page, footer.getByRole('link', { name: /^Help/ }));
  await expect(tab).toHaveTitle(/Help/);
  await expect(tab.getByRole('main')).toContainText(version);
});
