import type { Page } from '@playwright/test';
import { expect, test } from '../support/demo-fixtures';
import { givePassword, GUEST, OPERATOR, PASSWORDS, REFUSALS } from '../support/sign-in';

/** What is clicked or typed before the code for it is there takes effect once it is. */

test.use({ allowedErrors: REFUSALS });

/** A page whose scripts are held does not finish loading. */
const COMMITTED = { waitUntil: 'commit' } as const;

/** Holds the page's scripts until the returned function is called: all of them, or those whose code `held` matches. */
async function holdScripts(page: Page, held = /(?:)/): Promise<() => void> {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await page.route('**/_next/static/**/*.js', async (route) => {
    const response = await route.fetch();
    if (held.test(await response.text())) await released;
    await route.fulfill({ response });
  });
  return release;
}

test.afterEach(({ page }) => page.unrouteAll({ behavior: 'ignoreErrors' }));

const details = (page: Page, name: string | RegExp) => page.getByRole('dialog', { name });

test('a click on a node before the scripts opens its details', async ({ page }) => {
  const release = await holdScripts(page);
  await page.goto('/', COMMITTED);
  await page.getByRole('button', { name: 'zero1', exact: true }).click();
  release();
  await expect(details(page, 'zero1')).toBeVisible();
  await expect(page).toHaveURL(/\?node=zero1$/);
  await page.keyboard.press('Escape');
  await expect(details(page, 'zero1')).toHaveCount(0);
});

test('a click on a task before the code of the details opens them', async ({ page }) => {
  const release = await holdScripts(page, /clusterhatDetails/);
  await page.goto('/', COMMITTED);
  // The page is live; only what the details need is missing.
  await expect(page.getByRole('banner')).toContainText('live');
  await page.locator('[data-task][data-slot="2"]').click();
  release();
  await expect(details(page, /goweb\.2/)).toBeVisible();
});

test('Start of the mini board follows the connection before the curl panel is there', async ({
  page,
  swarm,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  const release = await holdScripts(page, /Which task answers port/);
  await page.goto('/', COMMITTED);
  const start = page.getByRole('button', { name: 'Start', exact: true });
  await expect(start).toBeEnabled();
  await swarm.control('/engine', { running: false });
  await expect(page.getByRole('banner')).toContainText('stale');
  await expect(start).toBeDisabled();
  await expect(page.getByRole('heading', { name: 'Curl panel' })).toHaveCount(0);
  await swarm.control('/engine', { running: true });
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(start).toBeEnabled();
  release();
});

test('a button that was clicked before the scripts is clicked once', async ({ page, start }) => {
  const { url } = await start({ env: { ...PASSWORDS, DASHBOARD_READ: 'signed-in' } });
  await page.goto(url, COMMITTED);
  await givePassword(page, GUEST);
  const signOut = page.getByRole('banner').getByRole('button', { name: 'Sign out' });
  await expect(signOut).toBeVisible();
  const requests: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('/api/session')) requests.push(request.method());
  });
  const release = await holdScripts(page);
  await page.reload(COMMITTED);
  await signOut.click();
  await signOut.click();
  release();
  await expect(page.getByText('Sign in to see this dashboard')).toBeVisible();
  expect(requests).toEqual(['DELETE']);
});

test('signing out waits for its code while that cannot be loaded', async ({ page, start }) => {
  const { url } = await start({ env: PASSWORDS });
  await page.goto(url, COMMITTED);
  await page.getByRole('banner').getByRole('button', { name: 'Sign in' }).click();
  await givePassword(page, GUEST);
  const signOut = page.getByRole('banner').getByRole('button', { name: 'Sign out' });
  await expect(signOut).toBeVisible();
  const release = await holdScripts(page, /api\/session/);
  await page.reload(COMMITTED);
  await expect(page.getByRole('banner')).toContainText('live');
  await signOut.click();
  release();
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign in' })).toBeVisible();
});

test('a password typed before the scripts stays, and Enter sends it', async ({ page, start }) => {
  const { url } = await start({ env: { ...PASSWORDS, DASHBOARD_READ: 'signed-in' } });
  for (const enter of [true, false]) {
    const release = await holdScripts(page);
    await page.goto(url, COMMITTED);
    const field = page.getByLabel('Password');
    await field.pressSequentially(OPERATOR);
    if (enter) await field.press('Enter');
    release();
    if (!enter) {
      const button = page.getByRole('button', { name: 'Sign in', exact: true });
      await expect(button).toBeEnabled();
      await expect(field).toHaveValue(OPERATOR);
      await button.click();
    }
    await expect(page.getByText('5/5 nodes ready')).toBeVisible();
    await page.unrouteAll({ behavior: 'wait' });
    await page.context().clearCookies();
  }
});

test.describe('the first HTML', () => {
  test.use({ javaScriptEnabled: false });

  test('has only links and buttons, of which an early click is kept', async ({ page }) => {
    await page.goto('/');
    await expect(page.getByRole('button', { name: 'zero1', exact: true })).toBeVisible();
    const others = page.locator('body :is(input, select, textarea, form, summary, [tabindex])');
    expect(await others.evaluateAll((all) => all.map(({ outerHTML }) => outerHTML))).toEqual([]);
    // Those of a part whose code comes later than the page's own are not in it.
    for (const part of ['Curl panel', 'Actions of goweb']) {
      await expect(page.getByRole('region', { name: part })).toHaveCount(0);
    }
    await expect(page.getByRole('button', { name: 'Start', exact: true })).toHaveCount(0);
  });
});

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true });

  test('Start before the code of the curl panel is disabled where nothing can be dialled', async ({
    page,
    startSwarm,
    start,
  }) => {
    const empty = await startSwarm({ replicas: 0 });
    const { url } = await start({ dockerHost: empty.dockerHost });
    const release = await holdScripts(page, /Which task answers port/);
    await page.goto(url, COMMITTED);
    await expect(page.getByRole('banner')).toContainText('live');
    const button = page.getByRole('button', { name: 'Start', exact: true });
    await expect(button).toBeDisabled();
    // A tap on the result leads to the place of the curl panel.
    const place = page.locator('[data-result]');
    await expect(place).not.toBeInViewport();
    await page.getByRole('button', { name: 'No run yet' }).tap();
    await expect(place).toBeInViewport();
    // Still so once the panel decides.
    release();
    await expect(page.getByRole('heading', { name: 'Curl panel' })).toBeVisible();
    await expect(button).toBeDisabled();
  });

  test('Start before the code of the curl panel starts one run', async ({ page }) => {
    const release = await holdScripts(page, /Which task answers port/);
    await page.goto('/', COMMITTED);
    const button = page.getByRole('button', { name: 'Start', exact: true });
    await button.tap();
    await expect(page.getByRole('button', { name: 'Starting…' })).toBeVisible();
    const started = page.waitForRequest((request) => request.url().endsWith('/api/runs'));
    release();
    expect((await started).method()).toBe('POST');
    const stop = page.getByRole('button', { name: 'Stop', exact: true });
    await stop.tap();
    await expect(button).toBeVisible();
  });
});
