import { call } from '../../../lab/engine';
import { socketOf } from '../../../lab/layout';
import { expect, test } from '../support/fixtures';
import { expectRecovered, NOTICE, watchHonesty } from '../support/honesty';
import { freeze, lab, until } from '../support/lab';

/** The manager's engine stands still, or goes and comes back, under an open page. */

test.beforeEach(({ seed }) => seed());

// After its manager restarted, a swarm's engines need up to a minute until their published ports
// reach each other again (docker's gossip): the next test shall not pay for this one.
test.afterAll(async () => {
  test.setTimeout(120_000);
  await lab('reset');
});

test('engine standing still: stale with the reason, and live within 2 s of its going on', async ({
  page,
  start,
}) => {
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await watchHonesty(page);
  const noticed = Date.now() + NOTICE.silence;
  const thaw = freeze('ctrl');
  try {
    await expect(page.getByRole('main')).toContainText('The Docker engine does not answer.');
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
    // As long as a heartbeat takes to be missed is another test's: no node is to be lost here.
    await expect(page.getByRole('banner')).toContainText(/[89]\.\d s ago/);
  } finally {
    thaw();
  }
  await expectRecovered(page, { noticed, ended: Date.now() });
});

test('engine stopped and started: the last picture stays, marked stale, and is live within 2 s of its return', async ({
  page,
  start,
}) => {
  test.setTimeout(120_000);
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await watchHonesty(page);
  await lab('stop', 'ctrl');
  const noticed = Date.now() + NOTICE.error;
  try {
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText(/There is no Docker socket|is not running/);
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    await expect(page.getByRole('button', { name: 'One replica of goweb more' })).toBeDisabled();
  } finally {
    await lab('start', 'ctrl');
  }
  // `lab start` returns when the engine answers its ping; the swarm's manager needs a moment more.
  // It is asked itself: a question to the dashboard would make that look at the engine.
  await until('the manager to answer', async () => {
    const nodes = await call(socketOf('ctrl'), 'GET', '/nodes').catch(() => null);
    return nodes?.status === 200 ? true : undefined;
  });
  await expectRecovered(page, { noticed, ended: Date.now() });
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3, {
    timeout: 60_000,
  });
});
