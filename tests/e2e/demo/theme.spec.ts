import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';

/** The theme switch, and what a phone's home screen needs. */

const background = (page: Page) =>
  page.evaluate(() => getComputedStyle(document.body).backgroundColor);
const bars = (page: Page) =>
  page
    .locator('meta[name=theme-color]')
    .evaluateAll((metas) =>
      metas
        .filter((meta) => matchMedia((meta as HTMLMetaElement).media).matches)
        .map((meta) => (meta as HTMLMetaElement).content),
    );

const DARK = 'rgb(11, 15, 20)';
const LIGHT = 'rgb(243, 245, 247)';

for (const { width, touch } of [
  { width: 1440, touch: false },
  { width: 390, touch: true },
]) {
  test.describe(`${width} px`, () => {
    test.use({ viewport: { width, height: 900 }, hasTouch: touch, colorScheme: 'dark' });

    test('system, dark or light, remembered, and right in the first HTML', async ({
      page,
      context,
    }) => {
      await page.goto('/');
      const theme = page.getByRole('combobox', { name: 'Theme' });
      await expect(theme).toHaveValue('system');
      expect(await background(page)).toBe(DARK);
      await theme.selectOption('light');
      expect([await background(page), await bars(page)]).toEqual([LIGHT, ['#f3f5f7']]);
      await expectNoViolations(page);

      // Without any script: nothing flashes.
      const noScript = await context.newPage();
      await noScript.route('**/*.js', (route) => route.abort());
      await noScript.goto('/', { waitUntil: 'domcontentloaded' }).catch(() => {});
      await expect(noScript.locator('html')).toHaveAttribute('data-theme', 'light');
      expect([await background(noScript), await bars(noScript)]).toEqual([LIGHT, ['#f3f5f7']]);
      await expect(noScript.locator('meta[name=color-scheme]')).toHaveAttribute('content', 'light');
      await noScript.close();

      await page.goto('/help');
      expect(await background(page)).toBe(LIGHT);
      await page.goto('/');
      await expect(theme).toHaveValue('light');
      await theme.selectOption('system');
      expect([await background(page), await bars(page)]).toEqual([DARK, ['#0b0f14']]);
      await page.reload();
      await page.emulateMedia({ colorScheme: 'light' });
      expect([await background(page), await bars(page)]).toEqual([LIGHT, ['#f3f5f7']]);
    });
  });
}

test.describe('a browser that blocks cookies', () => {
  test('changes the theme until the page is closed', async ({ page }) => {
    await page.addInitScript(() => {
      Object.defineProperty(document, 'cookie', {
        set() {
          throw new DOMException('blocked', 'SecurityError');
        },
        get: () => '',
      });
    });
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto('/');
    await page.getByRole('combobox', { name: 'Theme' }).selectOption('light');
    expect(await background(page)).toBe(LIGHT);
    await page.reload();
    expect(await background(page)).toBe(DARK);
  });
});

test('the manifest and its icons load, below a path and where reading needs a sign-in', async ({
  page,
  request,
  start,
}) => {
  const closed = await start({
    env: {
      DASHBOARD_PASSWORD: 'secret of operators',
      DASHBOARD_READ: 'signed-in',
    },
  });
  const below = await start({ env: { DASHBOARD_ORIGIN: 'http://127.0.0.1/swarm' } });
  for (const base of [`${closed.url}/`, `${below.url}/swarm/`]) {
    const html = await (await request.get(base)).text();
    const href = /<link rel="manifest" href="([^"]+)"/.exec(html)?.[1] ?? '';
    const manifest = await request.get(new URL(href, base).href);
    expect(manifest.headers()['content-type']).toBe('application/manifest+json');
    const { icons, start_url } = (await manifest.json()) as {
      icons: { src: string; type: string }[];
      start_url: string;
    };
    expect(new URL(start_url, manifest.url()).href).toBe(base);
    for (const { src, type } of [...icons, { src: 'apple-touch-icon.png', type: 'image/png' }]) {
      const icon = await request.get(new URL(src, manifest.url()).href);
      expect([icon.status(), icon.headers()['content-type']]).toEqual([200, type]);
    }
  }
  await page.goto(closed.url);
  await expect(page.getByLabel('Password')).toBeFocused();
});
