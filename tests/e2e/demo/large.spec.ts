import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';
import { sticksOut } from '../support/axe';

/** A swarm of 500 nodes and 5,000 tasks stays usable. */

test('the fault menu fills the swarm, shows the HAT first and empties it again', async ({
  page,
}) => {
  await page.goto('/');
  const panel = page.getByRole('region', { name: 'Demo swarm' });
  await panel.getByRole('button', { name: 'Simulate faults' }).click();
  await panel.getByRole('button', { name: 'Create 500 nodes and 5,000 tasks' }).click();
  await expect(page.getByRole('banner')).toContainText('500/500 nodes ready');
  // The total includes what remains of earlier tasks.
  await expect(page.getByRole('banner')).toContainText(/(49\d\d|5000)\/\1 tasks running/);
  await expect(panel).toContainText('large swarm');
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'])
    await expect(node(page, name)).toBeVisible();
  // The number of elements does not grow with the swarm.
  expect(await page.locator('*').count()).toBeLessThan(12_000);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await expect(page.getByRole('banner')).toContainText('live');

  const asked = Date.now();
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  await expect(page.getByText(/\d of 4 running/)).toBeVisible();
  console.log(`      4 of 4: shown ${Date.now() - asked} ms after the click`);
  await expect(page.getByText('4 of 4 running')).toBeVisible();

  await page.getByLabel('Filter nodes and services').fill('node123');
  const others = page.getByRole('region', { name: 'Other nodes' });
  await expect(others.locator('[data-node]')).toHaveCount(1);
  await expect(others.locator('[data-node="node123"]')).toBeVisible();

  await panel.getByRole('button', { name: 'Reset demo' }).first().click();
  await expect(page.getByRole('banner')).toContainText('5/5 nodes ready');
  await expect(page.getByRole('banner')).toContainText('4/4 tasks running');
});

test('a large swarm is live when the page is opened', async ({ page, swarm }) => {
  await swarm.control('/fill', { nodes: 500, tasks: 5000 });
  const asked = Date.now();
  await page.goto('/');
  await expect(node(page, 'zero4')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('500/500 nodes ready');
  console.log(`      large: five nodes ${Date.now() - asked} ms after the call`);
  await expect(page.getByRole('banner')).toContainText('live');
});
