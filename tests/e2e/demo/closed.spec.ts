import { request } from 'node:http';
import type { Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';
import { givePassword, GUEST, OPERATOR, PASSWORDS, REFUSALS } from '../support/sign-in';

/** A dashboard that shows the swarm only to people who have signed in. */

const CLOSED = { ...PASSWORDS, DASHBOARD_READ: 'signed-in' };

test.use({ allowedErrors: REFUSALS });

const form = (page: Page) => page.getByRole('button', { name: 'Sign in', exact: true });
const board = (page: Page) => page.getByText('5/5 nodes ready');

for (const colorScheme of ['dark', 'light'] as const) {
  test(`a visitor sees the sign-in and no data of the swarm, ${colorScheme}`, async ({
    page,
    start,
  }) => {
    await page.emulateMedia({ colorScheme });
    const { url } = await start({ env: CLOSED });
    for (const path of ['/', '/help']) {
      await page.goto(url + path);
      await expect(page.getByLabel('Password')).toBeFocused();
      await expect(page.getByRole('main')).toContainText('Sign in to see this dashboard');
      expect(await page.content()).not.toMatch(/goweb|zero\d|\bctrl\b|Docker \d/);
      await expectNoViolations(page);
      for (const width of [320, 390, 1440]) {
        await page.setViewportSize({ width, height: 700 });
        expect(await sticksOut(page), `${width} px`).toBeLessThanOrEqual(0);
      }
    }
    // The request that Next's client would send.
    const flight = await page.request.get(`${url}/`, { headers: { RSC: '1' } });
    expect(await flight.text()).not.toMatch(/goweb|zero\d|\bctrl\b/);
  });
}

test('rejects a wrong password; the right one opens the requested page', async ({
  page,
  start,
}) => {
  const { url } = await start({ env: CLOSED });
  await page.goto(`${url}/?rate=20`);
  await givePassword(page, 'wrong');
  await expect(page.getByRole('alert').first()).toContainText('That is not the password.');
  await expectNoViolations(page);
  await givePassword(page, OPERATOR);
  await expect(board(page)).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('operator', { ignoreCase: true });
  await expect(page).toHaveURL(/\?rate=20\b/);
  await page.goto(`${url}/help`);
  await expect(page.getByRole('heading', { name: /What you see/ })).toBeVisible();
});

/** Signs out. A click before the page's scripts are there is lost, as on any page. */
async function signOut(page: Page, name: string): Promise<void> {
  const button = page.getByRole('banner').getByRole('button', { name });
  await expect(async () => {
    if (await button.isVisible()) await button.click({ timeout: 2000 });
    await expect(page.getByText('Sign in to see this dashboard')).toBeVisible({ timeout: 5000 });
  }).toPass({ timeout: 45_000 });
}

test('signing in or out in one tab applies to the other tab', async ({ page, context, start }) => {
  const { url } = await start({ env: CLOSED });
  const other = await context.newPage();
  await page.goto(url);
  await other.goto(url);
  await givePassword(other, GUEST);
  await expect(board(other)).toBeVisible();
  await expect(board(page)).toBeVisible();
  await signOut(page, 'Sign out');
  for (const tab of [page, other]) {
    await expect(tab.getByText('Sign in to see this dashboard')).toBeVisible();
    await expect(tab.getByText('Your session has ended.')).toBeHidden();
  }
  await other.close();
});

test('a browser without its CSRF token can still sign out by its cookie', async ({
  page,
  start,
}) => {
  const { url } = await start({ env: CLOSED });
  await page.goto(url);
  await givePassword(page, OPERATOR);
  await expect(board(page)).toBeVisible();
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`);
  const stolen = { headers: { cookie: cookie.join('; ') } };
  expect((await fetch(`${url}/api/swarm`, stolen)).status).toBe(200);
  await page.evaluate(() => localStorage.clear());
  await page.reload();
  await signOut(page, 'reader Sign out');
  await expect(page.getByText('Sign in to see this dashboard')).toBeVisible();
  expect((await fetch(`${url}/api/swarm`, stolen)).status).toBe(401);
});

test.describe('a server that restarts', () => {
  // What the page loads at that moment fails.
  test.use({ allowedErrors: [/status of 40[13]|ERR_/] });

  test('an expired session redirects to the sign-in with a note', async ({ page, start }) => {
    const dashboard = await start({ env: CLOSED });
    await page.goto(dashboard.url);
    await givePassword(page, OPERATOR);
    await expect(board(page)).toBeVisible();
    // Sessions do not outlive the server.
    await dashboard.stop();
    await dashboard.restart();
    await expect(page.getByText('Your session has ended. Sign in again.')).toBeVisible();
    await expectNoViolations(page);
    await givePassword(page, OPERATOR);
    await expect(board(page)).toBeVisible();
  });
});

test('signing out ends the session’s streams', async ({ start }) => {
  const { url } = await start({ env: CLOSED });
  const signedIn = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: GUEST }),
  });
  const { token } = (await signedIn.json()) as { token: string };
  const cookie = signedIn.headers.getSetCookie().map((line) => line.split(';')[0]);
  const headers = { cookie: cookie.join('; '), 'x-csrf-token': token };
  const ended = new Promise<string>((resolve, reject) => {
    request(`${url}/api/live`, { headers }, (stream) => {
      let text = '';
      stream.setEncoding('utf8').on('data', (chunk: string) => {
        if (text === '') void fetch(`${url}/api/session`, { method: 'DELETE', headers });
        text += chunk;
      });
      stream.on('end', () => resolve(text));
    })
      .on('error', reject)
      .end();
  });
  expect(await ended).toContain('event: hello');
  expect((await fetch(`${url}/api/live`, { headers })).status).toBe(401);
});

test.describe('without JavaScript', () => {
  test.use({ javaScriptEnabled: false });

  test('the sign-in says that it needs JavaScript and sends no password', async ({
    page,
    start,
  }) => {
    const { url } = await start({ env: CLOSED });
    await page.goto(url);
    await expect(page.locator('p', { hasText: 'This page needs JavaScript' })).toBeVisible();
    await expect(form(page)).toBeDisabled();
  });
});
