import type { Page } from '@playwright/test';
import { sticksOut } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';

/** The page before its scripts run, and without scripts. */

const banner = (page: Page) => page.getByRole('banner');
const noScript = (page: Page) => page.locator('p', { hasText: 'This page needs JavaScript.' });
const late = (page: Page) => page.locator('p', { hasText: 'Still connecting' });

/** The header's pills: text and position. */
const pills = (page: Page) =>
  page.locator('header [data-pill]').evaluateAll((all) =>
    all.map((pill) => {
      const { left, top } = pill.getBoundingClientRect();
      return { text: pill.textContent ?? '', left, top };
    }),
  );

test('the first HTML shows the state as connecting', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const header = /<header.*?<\/header>/s.exec(html)?.[0] ?? '';
  expect(header).toContain('connecting…');
  expect(header).not.toMatch(/live|ago/);
});

test('the first HTML shows nodes that are not on the HAT', async ({ page, start }) => {
  const { url } = await start({ env: { CLUSTERHAT_NODES: 'ctrl,absent' } });
  const nodes = async () => {
    const html = await (await page.request.get(url)).text();
    // Hidden content would be moved into its place by a script.
    const [shown = ''] = html.split('<div hidden id=');
    return [...shown.matchAll(/<article[^>]*data-node="(zero\d)"/g)].map(([, name]) => name);
  };
  // The first request starts the first read of the swarm.
  await expect.poll(nodes).toEqual(['zero1', 'zero2', 'zero3', 'zero4']);
  await page.goto(url);
  await expect(page.getByRole('region', { name: 'Other nodes' })).toContainText('4 beyond the HAT');
});

test('all URLs in the HTML are relative to the page', async ({ request }) => {
  const html = await (await request.get('/')).text();
  const addresses = [...html.matchAll(/(?:src|href|action)="([^"]*)"/g)].map(([, to = '']) => to);
  expect(addresses.length).toBeGreaterThan(5);
  expect(addresses.filter((to) => to.startsWith('/'))).toEqual([]);
});

for (const width of [1440, 390]) {
  test(`nothing in the header moves when the page becomes live: ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    let open = () => {};
    const held = new Promise<void>((resolve) => (open = resolve));
    // Playwright sees no requests of shared workers.
    await page.addInitScript(() => void Reflect.deleteProperty(window, 'SharedWorker'));
    await page.route('**/api/live', async (route) => {
      await held;
      await route.continue();
    });
    await page.goto('/');
    await expect(page.getByRole('region', { name: 'Demo swarm' })).toBeVisible();
    await expect(late(page)).toBeHidden();
    const before = await pills(page);
    expect(before[0]?.text).toBe('connecting…');
    open();
    await expect(banner(page)).toContainText('live');
    const after = await pills(page);
    const place = ({ left, top }: { left: number; top: number }) => ({ left, top });
    expect(after.map(place)).toEqual(before.map(place));
  });
}

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  for (const width of [1440, 390]) {
    test(`shows a note with the time of the view: ${width} px`, async ({ page }) => {
      await page.setViewportSize({ width, height: 900 });
      await page.goto('/');
      await expect(noScript(page)).toContainText(/as it was at \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC/);
      expect(await sticksOut(page)).toBeLessThanOrEqual(0);
      await expect(late(page)).toBeHidden();
      await expect(banner(page)).toContainText('connecting…');
    });
  }
});

test.describe('without assets', () => {
  test.use({ allowedErrors: [/net::ERR_FAILED/] });

  test('no styles: the first line names what to check', async ({ page }) => {
    await page.route('**/_next/**', (route) => route.abort());
    await page.goto('/');
    await expect(late(page)).toContainText('DASHBOARD_ORIGIN');
    await expect(banner(page)).toContainText('connecting…');
    await late(page).getByRole('link').click({ trial: true });
  });

  for (const reducedMotion of ['no-preference', 'reduce'] as const) {
    test(`styles and no scripts: a note after 8 s, over the page (motion: ${reducedMotion})`, async ({
      page,
    }) => {
      await page.emulateMedia({ reducedMotion });
      await page.route('**/*.js', (route) => route.abort());
      await page.goto('/');
      await expect(late(page)).toBeHidden();
      const before = await pills(page);
      await expect(late(page)).toBeVisible();
      await expect(late(page)).toBeInViewport();
      expect(await pills(page)).toEqual(before);
      expect(before[0]?.text).toBe('connecting…');
    });
  }
});
