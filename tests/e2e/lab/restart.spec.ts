import { expect, test } from '../support/fixtures';
import { lab } from '../support/lab';

/** The manager's engine goes and comes back under an open page. */

test.beforeEach(({ seed }) => seed());

// After its manager restarted, a swarm's engines need up to a minute until their published ports
// reach each other again (docker's gossip): the next test shall not pay for this one.
test.afterAll(async () => {
  test.setTimeout(120_000);
  await lab('reset');
});

test('engine stopped and started: the last picture stays, marked stale, and is live within 2 s of its return', async ({
  page,
  start,
}) => {
  test.setTimeout(120_000);
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await lab('stop', 'ctrl');
  try {
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText(/There is no Docker socket|is not running/);
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    await expect(page.getByRole('button', { name: 'One replica of goweb more' })).toBeDisabled();
  } finally {
    await lab('start', 'ctrl');
  }
  // `lab start` returns when the engine answers its ping; the swarm's manager needs a moment more.
  await expect
    .poll(async () => (await fetch(`${url}/api/swarm`)).status, {
      timeout: 30_000,
      intervals: [100],
    })
    .toBe(200);
  await expect(page.getByRole('banner')).toContainText(/live/, { timeout: 2000 });
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3, {
    timeout: 60_000,
  });
});
