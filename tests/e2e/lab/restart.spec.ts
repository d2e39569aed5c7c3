import { call } from '../../../lab/engine';
import { socketOf } from '../../../lab/layout';
import { expect, test } from '../support/fixtures';
import { expectRecovered, shownAge, recordStatus } from '../support/status-record';
import { freeze, lab, until } from '../support/lab';

/** The manager's engine freezes or restarts while a page is open. */

// The mesh is not needed here and takes up to a minute to accept a frozen manager again.
test.beforeEach(({ seed }) => seed({ mesh: false }));

// After the manager restarts, the engines need up to a minute until their published ports reach each
// other again (docker's gossip). Without the reset the next test would have to wait for that.
test.afterAll(async () => {
  await lab('reset');
});

test('frozen engine: stale with the reason, and live again after it continues', async ({
  page,
  start,
}) => {
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await recordStatus(page);
  const began = Date.now();
  const thaw = freeze('ctrl');
  let ended = 0;
  try {
    await expect(page.getByRole('main')).toContainText('The Docker engine does not answer.');
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
    // Not longer: after more missed heartbeats swarm would declare nodes down.
    await expect.poll(() => shownAge(page), { intervals: [100] }).toBeGreaterThanOrEqual(8);
  } finally {
    ended = Date.now();
    thaw();
  }
  await expectRecovered(page, { began, ended });
});

test('restarted engine: the last view stays, marked stale, and is live again after the engine answers', async ({
  page,
  start,
}) => {
  const { url } = await start();
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText(/live/);
  await recordStatus(page);
  let ended = 0;
  const began = Date.now();
  await lab('stop', 'ctrl');
  try {
    await expect(page.getByRole('banner')).toContainText('stale');
    await expect(page.getByRole('main')).toContainText(/There is no Docker socket|is not running/);
    await expect(page.locator('[data-node="zero1"]')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  } finally {
    const [returned] = await Promise.all([managerReturns(), lab('start', 'ctrl')]);
    ended = returned;
  }
  await expectRecovered(page, { began, ended });
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
});

/**
 * The time at which ctrl's engine answers for its swarm again. Asks the engine itself, since a request
 * to the dashboard would make it poll the engine. A starting engine holds requests for 1.5 s and then
 * answers all at once, so the page can be up to 250 ms faster than this test.
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
