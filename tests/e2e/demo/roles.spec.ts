import type { Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';
import { givePassword, GUEST, OPERATOR, PASSWORDS, REFUSALS, signIn } from '../support/sign-in';

/** Readers view, guests send requests, operators change the swarm. */

test.use({ allowedErrors: REFUSALS });

const GUESTS = 'Signed in as a guest: you can start runs, but not change the swarm.';

const banner = (page: Page) => page.getByRole('banner');
const signedInAs = (page: Page, role: string) =>
  banner(page).getByRole('button', { name: `${role} Sign out` });
const more = (page: Page) => page.getByRole('button', { name: 'Add one goweb replica' });
const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const begin = (page: Page) => panel(page).getByRole('button', { name: 'Start', exact: true });
const stop = (page: Page) => panel(page).getByRole('button', { name: 'Stop', exact: true });

async function expectGood(page: Page): Promise<void> {
  await expectNoViolations(page);
  for (const width of [360, 390, 1440]) {
    await page.setViewportSize({ width, height: 900 });
    expect(await sticksOut(page), `${width} px`).toBeLessThanOrEqual(0);
  }
}

test('a guest starts and stops runs; other controls show why they are disabled', async ({
  page,
  start,
}) => {
  const { url } = await start({ env: PASSWORDS });
  await page.goto(url);
  await expect(more(page)).toBeDisabled();
  await expect(panel(page)).toContainText('Sign in to start a run.');
  await expect(begin(page)).toBeDisabled();

  await signIn(page, GUEST);
  await expect(signedInAs(page, 'guest')).toBeVisible();
  await expect(more(page)).toBeDisabled();
  await expect(page.getByText(GUESTS).first()).toBeVisible();
  await begin(page).click();
  await expect(stop(page)).toBeEnabled();
  await expect(panel(page).getByRole('button', { name: 'Failure drill' })).toBeDisabled();
  await expect(panel(page)).toContainText(GUESTS);
  await stop(page).click();
  await expect(begin(page)).toBeEnabled();
  await expect(panel(page).getByText('Answers (CSV)').first()).toBeVisible();

  await page.getByRole('button', { name: 'Simulate faults' }).click();
  await expect(page.getByRole('region', { name: 'Demo swarm' })).toContainText(GUESTS);
  await page.getByRole('button', { name: 'Connect a terminal or your own swarm' }).click();
  await expect(page.getByRole('region', { name: 'Demo swarm' })).not.toContainText('docker.sock');
  await expectGood(page);
});

test('the server rejects a guest’s changes regardless of the page', async ({ start }) => {
  const { url } = await start({ env: PASSWORDS });
  const post = (path: string, body: unknown) =>
    fetch(url + path, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${btoa(`:${GUEST}`)}`,
      },
      body: JSON.stringify(body),
    });
  for (const [path, body] of [
    ['/api/services/goweb/scale', { replicas: 1 }],
    ['/api/join-command', {}],
    ['/api/demo', { path: '/reset', body: {} }],
    ['/api/runs/x/drill', { kind: 'kill', task: 'goweb.1' }],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const refused = await post(path, body);
    expect(refused.status, path).toBe(403);
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await refused.json(), path).toMatchObject({ kind: 'operator-required' });
  }
});

test('a guest signs in as operator, whose run guests cannot stop', async ({
  page,
  browser,
  start,
}) => {
  const { url } = await start({ env: PASSWORDS });
  await page.goto(url);
  await signIn(page, GUEST);
  await page.getByRole('button', { name: 'Sign in as operator' }).first().click();
  await expect(page.getByRole('dialog', { name: 'Sign in as operator' })).toBeVisible();
  await expectNoViolations(page);
  await givePassword(page, OPERATOR);
  await expect(signedInAs(page, 'operator')).toBeVisible();
  await expect(page.getByRole('dialog')).toBeHidden();
  await expect(more(page)).toBeEnabled();
  await begin(page).click();
  await expect(stop(page)).toBeEnabled();

  const context = await browser.newContext();
  const guest = await context.newPage();
  await guest.goto(url);
  await signIn(guest, GUEST);
  await stop(guest).click();
  await expect(panel(guest)).toContainText('this one is an operator’s');
  await context.close();
  await stop(page).click();
  await expect(begin(page)).toBeEnabled();
});

test('with a password for guests only, no control changes the swarm', async ({ page, start }) => {
  const env = { HOSTNAME: '0.0.0.0', DASHBOARD_GUEST_PASSWORD: GUEST };
  const { url } = await start({ env });
  await page.goto(url);
  await expect(page.getByText('the server has a password for guests only').first()).toBeVisible();
  await signIn(page, GUEST);
  await expect(more(page)).toBeDisabled();
  await expect(page.getByText(GUESTS).first()).toBeVisible();
  await expect(page.getByRole('button', { name: 'Sign in as operator' })).toHaveCount(0);
  await expect(begin(page)).toBeEnabled();
});

test('reports an expired sign-in, but not a sign-out', async ({ page, start }) => {
  const dashboard = await start({ env: PASSWORDS });
  const ended = page.getByRole('alert').filter({ hasText: 'Your session has ended.' });
  await page.goto(dashboard.url);
  await signIn(page, OPERATOR);
  // Sessions end with the server.
  await dashboard.stop();
  await dashboard.restart();
  await expect(ended).toBeVisible();
  await expectGood(page);
  await ended.getByRole('button', { name: 'Sign in again' }).click();
  await givePassword(page, OPERATOR);
  await expect(ended).toBeHidden();
  await expect(more(page)).toBeEnabled();
  await banner(page).getByRole('button', { name: 'Sign out' }).click();
  await expect(banner(page).getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(ended).toBeHidden();
});

test('counts down to the next try after too many', async ({ page, start }) => {
  const { url } = await start({ env: PASSWORDS });
  await page.goto(url);
  await banner(page).getByRole('button', { name: 'Sign in' }).click();
  await page.route('**/api/session', (route) =>
    route.fulfill({
      status: 401,
      headers: { 'content-type': 'application/problem+json', 'retry-after': '3' },
      json: {
        type: 'about:blank',
        title: 'Too many tries',
        status: 429,
        kind: 'too-many-tries',
        detail: 'Too many wrong passwords.',
        next: 'Wait 3 seconds, then try again.',
      },
    }),
  );
  await givePassword(page, OPERATOR);
  const send = page.getByRole('dialog').getByRole('button', { name: /^(Sign in|Try again)/ });
  await expect(send).toHaveText(/^Try again in [123] s$/);
  await expect(send).toBeDisabled();
  await page.unroute('**/api/session');
  await expect(send).toBeEnabled();
  await send.click();
  await expect(signedInAs(page, 'operator')).toBeVisible();
});
