import type { Page } from '@playwright/test';
import { expect, test } from '../support/demo-fixtures';

/** A failure leaves the board once its replacement has run for a while, and stays away. */

/** Starts recording the ended tasks that the board shows, as `state id`; returns a reader. */
async function recordEndedTasks(page: Page): Promise<() => Promise<string[]>> {
  const recorded = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    const record = () => {
      for (const { dataset } of document.querySelectorAll<HTMLElement>('[data-task]')) {
        const { task, state = '' } = dataset;
        if (/^(complete|shutdown|failed|rejected|orphaned|remove)$/.test(state))
          seen.add(`${state} ${task}`);
      }
    };
    record();
    new MutationObserver(record).observe(document.body, {
      subtree: true,
      childList: true,
      attributeFilter: ['data-task', 'data-state'],
    });
    return seen;
  });
  return () => recorded.evaluate((seen) => [...seen].toSorted());
}

test('a settled failure does not return when its service is scaled to 0 and back', async ({
  page,
  swarm,
}) => {
  // The replacement has to run for 30 s before the failure leaves the board.
  await page.goto('/');
  const failed = page.locator('[data-task][data-state="failed"]');
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect(failed).toContainText(/failed .+ ago/);
  const id = await failed.getAttribute('data-task');
  await expect(failed).toHaveCount(0);

  const replicas = page.getByLabel('Replicas of goweb');
  await replicas.fill('0');
  await replicas.press('Enter');
  await expect(page.locator('[data-task]')).toHaveCount(0);
  // Swarm still lists the failure, as the newest task of its slot.
  expect(await swarm.engine('GET', '/tasks')).toContainEqual(expect.objectContaining({ ID: id }));

  const endedTasks = await recordEndedTasks(page);
  await page.getByRole('button', { name: 'Scale to 5', exact: true }).click();
  await expect(page.getByText('5 of 5 running')).toBeVisible();
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(5);
  expect(await endedTasks()).toEqual([]);
});
