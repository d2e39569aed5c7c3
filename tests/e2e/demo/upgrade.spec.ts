import { expect, test } from '../support/demo-fixtures';
import { startProxy, type Proxy } from '../support/proxy';
import { updateService } from '../support/demo';

/** The dashboard is upgraded while a page is open. A proxy before the dashboard acts as the other build. */

const RELOAD = 'Reload: the dashboard was upgraded';
const otherBuild = (chunk: string) => chunk.replace(/"build":"\w+"/, '"build":"next"');

let proxy: Proxy;
test.beforeEach(async ({ dashboard, page }) => {
  proxy = await startProxy(dashboard.url);
  await page.goto(proxy.url);
  // The first HTML shows live too: wait for the stream's first messages.
  await expect.poll(() => proxy.passed()).toBeGreaterThan(2);
  await expect(page.getByRole('banner')).toContainText('live');
});
test.afterEach(async ({ page }) => {
  await page.goto('about:blank');
  await proxy.stop();
});

test.describe('a page of another build than its server', () => {
  // The browser logs the stream that the upgrade ends.
  test.use({ allowedErrors: [/ERR_/] });

  test('offers to reload, and is live afterwards', async ({ page }) => {
    const reload = page.getByRole('button', { name: RELOAD });
    await expect(reload).toHaveCount(0);
    proxy.play(otherBuild);
    await Promise.all([page.waitForEvent('load'), reload.click()]);
    // The reloaded page is still the old one, so the proxy switches the server to its build.
    proxy.play((chunk) => chunk);
    await expect(reload).toHaveCount(0);
    await expect(page.getByRole('banner')).toContainText('live');
  });

  test('reports an unreadable message, keeps the view, and is live again afterwards', async ({
    page,
  }) => {
    proxy.play((chunk) => chunk.replaceAll('data: {', 'data: <'));
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText(
      "A message of the dashboard's server cannot",
    );
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    proxy.play((chunk) => chunk);
    await expect(page.getByRole('banner')).toContainText('live');
  });

  test('keeps its last view as stale and ignores later messages', async ({ page, swarm }) => {
    proxy.play((chunk) => otherBuild(chunk).replaceAll('"nodes":', '"hosts":'));
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText('this page is of the version before');
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    // With a server of the page's build it is live again without a reload.
    proxy.play((chunk) => chunk);
    await expect(page.getByRole('banner')).toContainText('live');
    await updateService(swarm, 'goweb', (spec) => ({
      ...spec,
      Mode: { Replicated: { Replicas: 4 } },
    }));
    await expect(page.getByText('of 4 running')).toBeVisible();
  });
});
