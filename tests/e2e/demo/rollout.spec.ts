import type { APIRequestContext, Page } from '@playwright/test';
import { runSchema } from '@/lib/curl/run-schemas';
import type { Run } from '@/lib/curl/run';
import { expectNoViolations, sticksOut } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';
import { recordShifts } from '../support/shifts';
import { givePassword, GUEST, OPERATOR, PASSWORDS, REFUSALS, signIn } from '../support/sign-in';

/** An update under traffic, told apart by version; and a service as `docker service inspect` prints it. */

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const OLD = 'carmeloc/goweb:1.0';
const NEW = 'carmeloc/goweb:1.1';
const FAST = { parallelism: 1, monitor: '1s', order: 'stop-first', maxFailureRatio: 0 } as const;

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const versions = (page: Page) =>
  panel(page).getByRole('region', { name: 'Versions of the service' });
const row = (page: Page, number: number) => versions(page).locator(`[data-version="${number}"]`);
const rollout = (page: Page, state: string) => versions(page).locator(`[data-rollout="${state}"]`);

async function update(request: APIRequestContext, patch: object): Promise<void> {
  const answer = await request.patch('/api/services/goweb', { data: patch });
  expect(answer.status(), await answer.text()).toBe(202);
}

/** Starts a run of five minutes that only the test ends, and waits for enough answers to compare with. */
async function start(page: Page): Promise<void> {
  await page.goto('/?rate=20&for=300&keepgoing=true');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const isActive = ({ state, answered }: Run) => state === 'running' && answered > 25;
  await expect.poll(async () => (await runs(page)).some(isActive)).toBe(true);
}

async function stop(page: Page): Promise<Run> {
  await page.getByRole('button', { name: 'Stop', exact: true }).first().click();
  await expect(panel(page)).toContainText('Stopped by a viewer');
  return latest(page);
}

async function runs(page: Page): Promise<Run[]> {
  const answer = (await (await page.request.get('/api/runs', { maxRetries: 3 })).json()) as {
    runs: unknown[];
  };
  return answer.runs.map((one) => runSchema.parse(one));
}

async function latest(page: Page): Promise<Run> {
  const [run] = await runs(page);
  if (!run) throw new Error('no run');
  return run;
}

test('an update during a run: its answers by version, and what the rollout cost', async ({
  page,
  request,
}) => {
  await page.setViewportSize(DESKTOP);
  await start(page);
  await expect(versions(page)).toHaveCount(0);
  await panel(page).getByText('No changes of the swarm').scrollIntoViewIfNeeded();
  const shifts = await recordShifts(page);
  // Slow enough to be seen in progress on a busy machine.
  await update(request, { image: NEW, update: { ...FAST, delay: '12s' } });
  await expect(row(page, 2)).toContainText(NEW);
  await expect(rollout(page, 'updating')).toContainText(`The update to ${NEW} is in progress.`);
  await expectNoViolations(page);
  await expect(rollout(page, 'completed')).toContainText(
    /The update to carmeloc\/goweb:1\.1 took [\d.]+ s\. The first answer of the new version came after [\d.]+ s, the last one of the old version after [\d.]+ s; (no request|\d+ requests?) failed/,
  );
  await expect(row(page, 1)).toContainText(OLD);
  await expect(row(page, 2)).toContainText('(now)');
  const { cls, moved } = await shifts();
  expect(cls, moved.join('\n')).toBeLessThanOrEqual(0.02);

  const run = await stop(page);
  const [before, after] = run.versions;
  expect(run.versions).toMatchObject([
    { image: OLD, current: false, running: 0 },
    { image: NEW, current: true, running: 3, failed: 0 },
  ]);
  expect((before?.answers ?? 0) + (after?.answers ?? 0)).toBe(run.answered);
  expect(after?.answers).toBeGreaterThan(0);
  expect(run.rollouts).toMatchObject([{ state: 'completed', from: 0, to: 1, failure: null }]);
  // The last answer of the old version comes after the first of the new one: both answered for a while.
  expect(before?.lastAnswerMs).toBeGreaterThan(after?.firstAnswerMs ?? Infinity);
  await expect(panel(page).getByRole('region', { name: 'Changes during this run' })).toContainText(
    `goweb was updated to ${NEW} at`,
  );

  await panel(page).getByText('Run history', { exact: true }).click();
  await expect(panel(page).getByRole('list').last()).toContainText(`update to ${NEW}: completed`);
  const csv = await (
    await page.request.get(`/api/runs/${run.id}/answers?format=csv`, { maxRetries: 3 })
  ).text();
  expect(csv).toContain(`,${NEW},2,`);

  await page.setViewportSize(PHONE);
  await rollout(page, 'completed').scrollIntoViewIfNeeded();
  await expectNoViolations(page);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
});

test('an update that crashes and that swarm rolls back by itself says why, how often, and what comes next', async ({
  page,
  request,
}) => {
  await page.setViewportSize(PHONE);
  await start(page);
  await update(request, {
    image: 'carmeloc/goweb:crash',
    update: { ...FAST, failureAction: 'rollback' },
  });
  const note = rollout(page, 'rolled back');
  await expect(note).toContainText(
    /The update to carmeloc\/goweb:crash failed, and after [\d.]+ s swarm had rolled it back\. goweb\.\d on \w+ failed \(task: non-zero exit \(1\)\)\.( \d+ tasks of the new version failed\.)? The new version has not answered; .* Swarm does not try it again\./,
  );
  await expect(row(page, 1)).toContainText('(now)');
  await expect(row(page, 2)).toContainText(/\d+ tasks? failed/);
  await expect(panel(page).getByRole('heading', { level: 3 })).toContainText(
    'the update failed and was rolled back',
  );
  const run = await stop(page);
  expect(run.rollouts).toMatchObject([{ automatic: true, kind: 'update', firstAnswerMs: null }]);
  await note.scrollIntoViewIfNeeded();
  await expectNoViolations(page);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
});

test('versions with one image are told apart by the time of their spec; a paused update says what swarm waits for', async ({
  page,
  request,
}) => {
  await start(page);
  await update(request, { env: { COLOR: 'blue' }, update: FAST });
  await expect(rollout(page, 'completed')).toContainText('The update took');
  await expect(row(page, 1)).toContainText(/goweb:1\.0, spec before \d\d:\d\d/);
  await expect(row(page, 2)).toContainText(/goweb:1\.0, spec of \d\d:\d\d/);
  await update(request, {
    image: 'carmeloc/goweb:crash',
    update: { ...FAST, failureAction: 'pause' },
  });
  await expect(rollout(page, 'paused')).toContainText(
    'Swarm replaces no more tasks until the service is updated again or rolled back.',
  );
  await request.post('/api/services/goweb/rollback');
  await expect(rollout(page, 'rolled back')).toContainText('as requested.');
  await stop(page);
});

test.describe('inspect', () => {
  test.use({ allowedErrors: REFUSALS });

  const dialog = (page: Page) => page.getByRole('dialog', { name: 'Inspect goweb' });

  async function open(page: Page): Promise<void> {
    await page.getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('button', { name: 'Inspect', exact: true }).click();
  }

  test('shows a service as docker prints it; values are hidden until an operator asks for them', async ({
    page,
    request,
    start: dashboard,
  }) => {
    await update(request, { env: { TOKEN: 'hunter2' } });
    const { url } = await dashboard({ env: PASSWORDS });
    await page.setViewportSize(DESKTOP);
    await page.goto(url);
    await signIn(page, GUEST);
    await page.getByRole('button', { name: 'More actions' }).click();
    await expect(page.getByRole('button', { name: 'Inspect', exact: true })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Sign in as operator' }).first().click();
    await givePassword(page, OPERATOR);

    await open(page);
    const text = dialog(page).getByRole('region', { name: 'Service' });
    await expect(text).toContainText('Service Mode:\tReplicated');
    await expect(text).toContainText('TOKEN=(hidden)');
    await expect(dialog(page)).toContainText('docker service inspect --pretty goweb');
    await expectNoViolations(page);

    await dialog(page).getByRole('searchbox', { name: 'Search' }).fill('goweb');
    await expect(dialog(page).getByText(/^1 of \d+$/)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(dialog(page).getByText(/^2 of \d+$/)).toBeVisible();

    await dialog(page).getByText('JSON', { exact: true }).click();
    const json = dialog(page).getByRole('region', { name: 'JSON' });
    await expect(json).toContainText('"Replicas": 3');
    await expect(json).not.toContainText('hunter2');
    await dialog(page).getByRole('button', { name: 'Show values' }).click();
    await expect(json).toContainText('TOKEN=hunter2');
    await dialog(page).getByRole('button', { name: 'Hide values' }).click();
    await expect(json).not.toContainText('hunter2');

    await update(request, { labels: { tier: 'front' } });
    await dialog(page).getByRole('button', { name: 'Show it as it is now' }).click();
    await expect(json).toContainText('"tier": "front"');

    await page.setViewportSize(PHONE);
    await expectNoViolations(page);
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await page.keyboard.press('Escape');
    await expect(dialog(page)).toHaveCount(0);
  });
});
