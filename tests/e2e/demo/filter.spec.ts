import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';

/** The filter, the overview and paged tables in a large swarm. */

test.use({ viewport: { width: 1440, height: 900 } });

test.beforeEach(async ({ page, swarm }) => {
  await swarm.control('/fill', { nodes: 60, tasks: 600 });
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('60/60 nodes ready');
});

test('/ focuses the filter, which matches nodes and services; Escape clears it', async ({
  page,
}) => {
  const others = page.getByRole('region', { name: 'Other nodes' });
  const filter = page.getByLabel('Filter nodes and services');
  // The cards are not between the HAT and the panels until they are asked for.
  await expect(page.getByRole('toolbar', { name: 'Node overview' })).toBeVisible();
  await expect(others.locator('[data-node]')).toHaveCount(0);
  await page.evaluate(() => scrollTo(0, 0));
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeInViewport();
  await others.getByRole('button', { name: 'Show cards' }).click();
  await expect(others.locator('[data-node]')).toHaveCount(10);
  await filter.scrollIntoViewIfNeeded();
  await page.keyboard.press('/');
  await expect(filter).toBeFocused();
  await page.keyboard.type('mqtt.7');
  // Only matching tasks remain, on the nodes that run them.
  const tasks = others.locator('[data-task]');
  await expect(others.getByRole('status').first()).toContainText(/of 55 nodes/);
  await expect(tasks.first()).toBeVisible();
  await expect(tasks.filter({ hasNotText: 'mqtt.7' })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(filter).toHaveValue('');
  await expect(others.getByRole('status').first()).toContainText('55 nodes');
});

test('the overview shows every node, moves by arrow keys and opens the card', async ({ page }) => {
  const overview = page.getByRole('toolbar', { name: 'Node overview' });
  await expect(overview.getByRole('button')).toHaveCount(55);
  await overview.getByRole('button').first().focus();
  await page.keyboard.press('End');
  const last = overview.getByRole('button').last();
  await expect(last).toBeFocused();
  await expect(last).toHaveAccessibleName(/^node59, ready, \d+ tasks$/);
  await page.keyboard.press('Enter');
  await expect(node(page, 'node59')).toBeVisible();
});

test('a node that goes down matches its state in the filter and is marked in the overview', async ({
  page,
  swarm,
}) => {
  const [dark] = (await swarm.engine('GET', '/nodes?filters={"name":["node42"]}')) as {
    ID: string;
  }[];
  await swarm.control('/node', { node: dark?.ID ?? '', power: false });
  const square = page.getByRole('button', { name: /^node42, down/ });
  await expect(square).toBeVisible();
  await page.getByLabel('Filter nodes and services').fill('down');
  const card = node(page, 'node42');
  await expect(card).toHaveAttribute('data-state', 'down');
  await expect(
    page.getByRole('region', { name: 'Other nodes' }).locator('[data-node]'),
  ).toHaveCount(1);
  await expect(card).toContainText('State unknown for');
});

test('tables are paged and filtered', async ({ page }) => {
  const panel = page.getByRole('tabpanel', { name: 'Tasks' });
  await expect(panel.getByRole('row')).toHaveCount(101);
  await panel.getByRole('button', { name: 'Last tasks' }).click();
  await expect(panel).toContainText('501–600 of 600');
  await panel.getByLabel('Filter tasks').fill('zero goweb');
  // The number depends on earlier tests, because failed tasks stay in the history.
  const status = panel.getByText(/^\d+ of 600 tasks$/);
  await expect(status).toBeVisible();
  const found = Number.parseInt((await status.textContent()) ?? '', 10);
  expect(found).toBeGreaterThan(0);
  await expect(panel.locator('tbody tr')).toHaveCount(found);
  await expect(panel.locator('tbody tr').filter({ hasText: /goweb.*zero\d/ })).toHaveCount(found);
  await panel.getByLabel('Filter tasks').fill('no such thing');
  await expect(panel).toContainText('No tasks match “no such thing”.');
});
