import type { Page } from '@playwright/test';
import { expect, test } from '../support/fixtures';
import { dockerHost, lab } from '../support/lab';

/** The page without a working engine: it shows the reason and recovers without a reload. */

const reason = (page: Page) => page.getByRole('main');

test('no socket', async ({ page, start }) => {
  const { url } = await start({ dockerHost: 'unix:///nowhere/docker.sock' });
  await page.goto(url);
  await expect(reason(page)).toContainText('There is no Docker socket at /nowhere/docker.sock.');
  await expect(reason(page)).toContainText('set DOCKER_HOST');
});

test('no permission', async ({ page, start }) => {
  const { url } = await start({ uid: 65_534 });
  await page.goto(url);
  await expect(reason(page)).toContainText('may not open the Docker socket');
  await expect(reason(page)).toContainText('docker group');
});

test('a worker', async ({ page, start }) => {
  const { url } = await start({ dockerHost: dockerHost('zero1') });
  await page.goto(url);
  await expect(reason(page)).toContainText('This engine is a worker of the swarm');
  await expect(reason(page)).toContainText('Point DOCKER_HOST at the controller');
});

test('an engine in no swarm', async ({ page, start }) => {
  await lab('spare', 'up');
  try {
    const { url } = await start({ dockerHost: dockerHost('spare') });
    await page.goto(url);
    await expect(reason(page)).toContainText('This engine is in no swarm.');
    await expect(reason(page)).toContainText('docker swarm init');
  } finally {
    await lab('spare', 'down');
  }
});

test.describe('after the first view', () => {
  test.beforeEach(({ seed }) => seed());

  test.describe('server killed', () => {
    test.use({
      allowedErrors: [
        /ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_INCOMPLETE_CHUNKED|ERR_EMPTY_RESPONSE/,
      ],
    });

    test('an open tab recovers after the dashboard is killed and started again', async ({
      page,
      start,
    }) => {
      const dashboard = await start();
      await page.goto(dashboard.url);
      await expect(page.getByRole('banner')).toContainText(/live/);
      await dashboard.stop('SIGKILL');
      await expect(page.getByRole('banner')).toContainText('stale');
      await expect(reason(page)).toContainText("The dashboard's server does not answer.");
      await dashboard.restart();
      await expect(page.getByRole('banner')).toContainText(/live/);
    });
  });

  test('SIGTERM with open streams and a run: notifies viewers and exits', async ({
    page,
    start,
  }) => {
    const dashboard = await start();
    await page.goto(dashboard.url);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
    await page.goto('about:blank');
    const response = await fetch(`${dashboard.url}/api/live`);
    const ended = response.text();
    await dashboard.stop('SIGTERM');
    expect(await ended).toContain('event: bye');
  });
});
