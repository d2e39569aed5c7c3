import { expect, test } from '../support/demo-fixtures';
import { startProxy, type Proxy } from '../support/proxy';
import { updateService } from '../support/demo';

/** The dashboard is upgraded under an open tab. The other build is played by a proxy before this one. */

let proxy: Proxy;
test.beforeEach(async ({ dashboard, page }) => {
  proxy = await startProxy(dashboard.url);
  await page.goto(proxy.url);
  // Live by its HTML is not enough: the tab has to have heard of the build that it is from.
  await expect.poll(() => proxy.passed()).toBeGreaterThan(2);
  await expect(page.getByRole('banner')).toContainText('live');
});
test.afterEach(async ({ page }) => {
  await page.goto('about:blank');
  await proxy.stop();
});

test.describe('an old tab', () => {
  // The browser reports the stream that the upgrade ends, and the page what it could not read.
  test.use({ allowedErrors: [/ERR_|A live message could not be read/] });

  test('says so, and is reloaded by a click', async ({ page }) => {
    const reload = page.getByRole('button', { name: 'The dashboard was upgraded: reload' });
    await expect(reload).toHaveCount(0);
    proxy.play((chunk) => chunk.replace(/"build":"\w+"/, '"build":"next"'));
    await reload.click();
    // The page is a new one: what it hears first is its own build.
    await expect(reload).toHaveCount(0);
    await expect(page.getByRole('banner')).toContainText('live');
  });

  test('that cannot read the new pictures is not live over an old one', async ({ page, swarm }) => {
    proxy.play((chunk) => chunk.replaceAll('"nodes":', '"hosts":'));
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText('This page is older than its server');
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    // Once it can (here: the old build is back), it is live by itself.
    proxy.play((chunk) => chunk);
    await expect(page.getByRole('banner')).toContainText('live');
    await updateService(swarm, 'goweb', (spec) => ({
      ...spec,
      Mode: { Replicated: { Replicas: 4 } },
    }));
    await expect(page.getByText('of 4 running')).toBeVisible();
  });
});
