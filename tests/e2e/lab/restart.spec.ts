import { call } from '../../../lab/engine';
import { socketOf } from '../../../lab/layout';
import { expect, test } from '../support/fixtures';
import { expectRecovered, NOTICE, shownAge, watchHonesty } from '../support/honesty';
import { freeze, lab, until } from '../support/lab';

/** The manager's engine stands still, or goes and comes back, under an open page. */

// The mesh is not needed here, and takes up to a minute to know a manager again that stood still.
test.beforeEach(({ seed }) => seed({ mesh: false }));

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
  let ended = 0;
  try {
    await expect(page.getByRole('main')).toContainText('The Docker engine does not answer.');
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
    // As long as a heartbeat takes to be missed is another test's: no node is to be lost here.
    await expect
      .poll(() => shownAge(page), { timeout: 20_000, intervals: [100] })
      .toBeGreaterThanOrEqual(8);
  } finally {
    ended = Date.now();
    thaw();
  }
  await expectRecovered(page, { noticed, ended });
});

test('engine stopped and started: the last picture stays, marked stale, and is live within 2 s of its return', async ({
  page,
  start,
}) => {
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await watchHonesty(page);
  let ended = 0;
  await lab('stop', 'ctrl');
  const noticed = Date.now() + NOTICE.error;
  try {
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText(/There is no Docker socket|is not running/);
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  } finally {
    const [returned] = await Promise.all([managerReturns(), lab('start', 'ctrl')]);
    ended = returned;
  }
  await expectRecovered(page, { noticed, ended });
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3, {
    timeout: 60_000,
  });
});

/**
 * When ctrl's engine speaks for its swarm again. It is asked itself, as a question to the dashboard
 * would make that look at the engine. For a second and a half it takes questions and keeps them
 * waiting; then all are answered at once, and the page may be a moment quicker than this test.
 */
async function managerReturns(): Promise<number> {
  return until(
    'the manager to answer',
    async () => {
      const nodes = await call(socketOf('ctrl'), 'GET', '/nodes').catch(() => null);
      return nodes?.status === 200 ? Date.now() - 250 : undefined;
    },
    { withinMs: 60_000 },
  );
}
