import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from '@playwright/test';
import { expect, test } from '../support/demo-fixtures';

/** Sessions in real browsers: what other ports of the host receive, and how other tabs follow. */

const ENV = { HOSTNAME: '0.0.0.0', DASHBOARD_PASSWORD: 'four zeros' };

const more = (page: Page) => page.getByRole('button', { name: 'Add one goweb replica' });

async function signIn(page: Page): Promise<void> {
  const banner = page.getByRole('banner');
  await banner.getByRole('button', { name: 'Sign in' }).click();
  await page.getByLabel('Password').fill('four zeros');
  await page.getByLabel('Password').press('Enter');
  await expect(more(page)).toBeEnabled();
}

/** What a service on another port of the same host receives when the browser visits it. */
async function cookieOnAnotherPort(page: Page): Promise<string> {
  let cookie = '';
  const service = createServer((request, response) => {
    cookie ||= request.headers.cookie ?? '';
    response.setHeader('Content-Type', 'text/html').end('<link rel="icon" href="data:,">');
  });
  await once(service.listen(0, '127.0.0.1'), 'listening');
  try {
    await page.goto(`http://127.0.0.1:${(service.address() as AddressInfo).port}/`);
  } finally {
    service.close();
  }
  return cookie;
}

test('another port of the host receives the cookie but cannot change anything with it', async ({
  page,
  context,
  start,
}) => {
  const { url } = await start({ env: ENV });
  await page.goto(url);
  await signIn(page);
  const cookie = await cookieOnAnotherPort(await context.newPage());
  expect(cookie).toContain('clusterhat-session-');
  const steal = (method: string, path: string) =>
    fetch(`${url}/api/${path}`, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      ...(method === 'POST' && { body: JSON.stringify({ replicas: 5 }) }),
    });
  for (const path of ['services/goweb/scale', 'join-command', 'runs', 'demo']) {
    const response = await steal('POST', path);
    expect(response.status, path).toBe(401);
  }
  await steal('DELETE', 'session');
  await more(page).click();
  await expect(page.getByText('4 of 4 running')).toBeVisible();
  await page.reload();
  await expect(more(page)).toBeEnabled();
});

test('signing out ends the session on the server', async ({ page, start }) => {
  const { url } = await start({ env: ENV });
  await page.goto(url);
  await signIn(page);
  const sent = page.waitForRequest((request) => request.method() === 'DELETE');
  await page.getByRole('button', { name: 'Sign out' }).click();
  const headers = await (await sent).allHeaders();
  expect(headers['x-csrf-token']).not.toBe('');
  await expect(more(page)).toBeDisabled();
  const again = await fetch(`${url}/api/services/goweb/scale`, {
    method: 'POST',
    headers: {
      cookie: headers['cookie'] ?? '',
      'x-csrf-token': headers['x-csrf-token'] ?? '',
      'content-type': 'application/json',
    },
    body: JSON.stringify({ replicas: 5 }),
  });
  expect(again.status).toBe(401);
});

test('signing in or out in one tab updates every tab', async ({ page, context, start }) => {
  const { url } = await start({ env: ENV });
  await page.goto(url);
  const other = await context.newPage();
  await other.goto(url);
  await expect(more(other)).toBeDisabled();
  await signIn(page);
  await expect(more(other)).toBeEnabled();
  await other.getByRole('button', { name: 'Sign out' }).click();
  await expect(more(page)).toBeDisabled();
  await other.close();
});

test('a planted session cookie does not sign a browser in', async ({ page, context, start }) => {
  const { url } = await start({ env: ENV });
  const response = await fetch(`${url}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ password: 'four zeros' }),
  });
  const [name = '', value = ''] = response.headers.getSetCookie()[0]?.split(/[=;]/) ?? [];
  await context.addCookies([{ name, value, url }]);
  await page.goto(url);
  await expect(page.getByRole('banner').getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect(more(page)).toBeDisabled();
  await signIn(page);
});
