import { sticksOut, expectNoViolations } from '../support/axe';
import { expect, test } from '../support/fixtures';
import { SWARM_TIME } from '../support/lab';

/** Accessibility: no axe violations, keyboard operation, no horizontal scrolling at any width. */

test.beforeEach(async ({ seed, page }) => {
  await seed();
  await page.goto('/');
  await expect(page.getByRole('tabpanel')).toBeVisible();
});

for (const colorScheme of ['dark', 'light'] as const) {
  test(`has no axe violations, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Start', exact: true }).click();
    await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
    await page.getByRole('button', { name: 'Stop' }).click();
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
    for (const tab of ['Nodes', 'Services', 'Tasks']) {
      await page.getByRole('tab', { name: tab }).click();
      await expectNoViolations(page);
    }
  });
}

for (const width of [360, 390, 768, 1440, 2560]) {
  test(`does not scroll horizontally at ${width} px`, async ({ page }) => {
    await page.setViewportSize({ width, height: 900 });
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  });
}

test('scales and starts a run by keyboard alone', async ({ page }) => {
  const more = page.getByRole('button', { name: 'Add one goweb replica' });
  for (let tabs = 0; tabs < 40; tabs++) {
    await page.keyboard.press('Tab');
    if (await more.evaluate((button) => button === document.activeElement)) break;
  }
  await expect(more).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByText('4 of 4 running')).toBeVisible(SWARM_TIME);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  for (let tabs = 0; tabs < 40; tabs++) {
    await page.keyboard.press('Tab');
    if (await start.evaluate((button) => button === document.activeElement)) break;
  }
  await page.keyboard.press('Space');
  await expect(page.getByRole('button', { name: 'Stop' })).toBeVisible();
  await page.getByRole('button', { name: 'Stop' }).click();
});
