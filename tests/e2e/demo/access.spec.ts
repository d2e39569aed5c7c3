import type { Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';

/** Accessibility and page width in states that only the demo can show. */

const WIDTHS = [360, 390, 768, 1440];

async function expectGood(page: Page): Promise<void> {
  await expectNoViolations(page);
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sticksOut(page), `${width} px`).toBeLessThanOrEqual(0);
  }
  await page.setViewportSize({ width: 1280, height: 720 });
}

for (const colorScheme of ['dark', 'light'] as const) {
  test.describe(colorScheme, () => {
    test.use({ colorScheme });

    test.beforeEach(async ({ page }) => {
      await page.goto('/');
      await expect(page.getByRole('tabpanel')).toBeVisible();
      await expect(page.getByRole('region', { name: 'Demo swarm' })).toBeVisible();
    });

    test('has no axe violations in the fault menu and the dialog for a real swarm', async ({
      page,
    }) => {
      const panel = page.getByRole('region', { name: 'Demo swarm' });
      await panel.getByRole('button', { name: 'Simulate faults' }).click();
      await expect(panel.getByRole('group', { name: 'Task failure' })).toBeVisible();
      await expectGood(page);
      await panel.getByRole('button', { name: 'Connect a terminal or your own swarm' }).click();
      await expect(panel).toContainText('export DOCKER_HOST=');
      await expectGood(page);
    });

    test('has no axe violations with a Zero down, a failed task and a crashing image', async ({
      page,
      swarm,
    }) => {
      await swarm.control('/image', { image: 'carmeloc/goweb:1.0', exit: { code: 139 } });
      await swarm.control('/task', { kill: 'goweb.1' });
      // The failure may be on zero4 itself, so it has to be shown before the power goes.
      await expect(page.locator('[data-task][data-state="failed"]').first()).toBeVisible();
      await swarm.control('/node', { node: 'zero4', power: false });
      await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'down');
      await expect(page.locator('[data-task][data-state="failed"]').first()).toBeVisible();
      await expectGood(page);
    });

    test('has no axe violations while stale', async ({ page, swarm }) => {
      await swarm.control('/engine', { running: false });
      await expect(page.getByRole('banner')).toContainText('stale');
      await expectGood(page);
    });

    test('has no axe violations in a run with failures and a change, fully expanded and compared', async ({
      page,
      swarm,
    }) => {
      const panel = page.getByRole('region', { name: 'Curl panel' });
      const start = panel.getByRole('button', { name: 'Start', exact: true });
      await page.goto('/?at=rotate&rate=20&for=60&inflight=16&timeout=1&keepgoing=true');
      await start.click();
      await swarm.control('/node', { node: 'zero3', link: false });
      await expect(panel.locator('td[data-missing]').first()).toBeVisible();
      await panel.getByRole('button', { name: 'Stop', exact: true }).click();
      await panel.getByRole('radio', { name: 'Once', exact: true }).check();
      await start.click();
      await expect(panel.getByText('Finished', { exact: true })).toBeVisible();

      await panel.getByText('Run history').click();
      await panel
        .getByRole('button', { name: /^Open the run of/ })
        .first()
        .click();
      await expect(panel).toContainText('Showing run of');
      for (const box of (await panel.getByRole('checkbox', { name: /^Compare/ }).all()).slice(0, 2))
        await box.check();
      for (const words of ['Seconds as a table', 'Answers as a table', 'Statistics'])
        await panel.getByText(words, { exact: true }).click();
      await panel.getByRole('button', { name: /^More/ }).click();
      await expect(panel.getByRole('region', { name: 'Comparison' })).toBeVisible();
      await expectGood(page);
    });

    test('has no axe violations in a large swarm', async ({ page, swarm }) => {
      await swarm.control('/fill', { nodes: 120, tasks: 900 });
      await expect(page.getByRole('banner')).toContainText('120/120 nodes ready');
      await expectGood(page);
    });
  });
}

test('has no axe violations before the first view', async ({ page, swarm, start }) => {
  await swarm.control('/engine', { role: 'no-swarm' });
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('heading', { name: 'This engine is in no swarm.' })).toBeVisible();
  await expectGood(page);
});
