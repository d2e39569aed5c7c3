import { expect, test } from '../support/fixtures';
import { SWARM_TIME } from '../support/lab';

/** Permissions when the dashboard is reachable over the network. */

const OPEN = { HOSTNAME: '0.0.0.0' };

test.beforeEach(({ seed }) => seed());

test('without a password the page is read-only and shows a note', async ({ page, start }) => {
  const { url } = await start({ env: OPEN });
  await page.goto(url);
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  await expect(page.getByRole('banner')).toContainText('Read-only');
  for (const path of ['/api/services/goweb/scale', '/api/runs', '/api/join-command']) {
    const refused = await page.request.post(url + path, { data: { replicas: 1 } });
    expect(refused.status(), path).toBe(403);
    expect(await refused.json()).toMatchObject({ kind: 'read-only' });
  }
});

test.describe('with a password', () => {
  // Chromium reports every refused request on the console.
  test.use({ allowedErrors: [/401/] });

  test('changes the swarm only between sign-in and sign-out', async ({ page, start }) => {
    const { url } = await start({ env: { ...OPEN, DASHBOARD_PASSWORD: 'four zeros' } });
    await page.goto(url);
    const more = page.getByRole('button', { name: 'Add one goweb replica' });
    await expect(more).toBeDisabled();
    expect((await page.request.post(`${url}/api/runs`, { data: {} })).status()).toBe(401);

    await page
      .getByRole('banner')
      .getByRole('button', { name: /sign in/i })
      .click();
    await page.getByLabel('Password').fill('wrong');
    await page.getByLabel('Password').press('Enter');
    await expect(page.getByText('That is not the password.')).toBeVisible();
    await page.getByLabel('Password').fill('four zeros');
    await page.getByLabel('Password').press('Enter');
    await expect(more).toBeEnabled();
    const [cookie] = await page.context().cookies();
    expect(cookie).toMatchObject({ httpOnly: true, sameSite: 'Strict' });
    await more.click();
    await expect(page.getByText('4 of 4 running')).toBeVisible(SWARM_TIME);

    await page.reload();
    await expect(more).toBeEnabled();
    await page.getByRole('button', { name: /sign out/i }).click();
    await expect(more).toBeDisabled();
  });
});

test.describe('with Basic', () => {
  test.use({ allowedErrors: [/401/] });

  test('accepts Basic from a program, and throttles guesses', async ({ request, start }) => {
    const { url } = await start({ env: { ...OPEN, DASHBOARD_PASSWORD: 'four zeros' } });
    const scale = (password: string) =>
      request.post(`${url}/api/services/goweb/scale`, {
        data: { replicas: 3 },
        headers: {
          authorization: `Basic ${Buffer.from(`:${password}`).toString('base64')}`,
          // Playwright's own User-Agent names a browser, whose Basic header is taken for a proxy's.
          'user-agent': 'curl/8.5.0',
        },
      });
    expect((await scale('four zeros')).status()).toBe(202);
    for (let tries = 0; tries < 10; tries++) expect((await scale('guess')).status()).toBe(401);
    expect((await scale('guess')).status()).toBe(429);
  });
});
