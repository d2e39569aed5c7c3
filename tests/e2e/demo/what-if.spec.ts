import { createServer, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';
import { expectRecovered, watchHonesty } from '../support/honesty';

/** The "what if" menu: every entry does what it says, and it is there on the demo only. */

const panelOf = (page: Page) => page.getByRole('region', { name: 'Demo swarm' });
const press = (panel: Locator, name: string | RegExp) =>
  panel.getByRole('button', { name, exact: typeof name === 'string' }).click();
const names = (page: Page) =>
  page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node')));

async function openMenu(page: Page, url = '/'): Promise<Locator> {
  await page.goto(url);
  const panel = panelOf(page);
  await press(panel, 'What if …');
  await expect(panel.getByRole('group', { name: '… a task died?' })).toBeVisible();
  return panel;
}

test('power: a Zero keeps its place while it is down, its tasks are unknown and replaced; it returns', async ({
  page,
  swarm,
}) => {
  const panel = await openMenu(page);
  await page.getByRole('button', { name: 'Scale to 5' }).click();
  await expect(node(page, 'zero4').locator('[data-state="running"]')).toHaveCount(1, {
    timeout: 20_000,
  });
  await panel.getByLabel('Zero', { exact: true }).selectOption('zero4');
  await press(panel, 'Power zero4 off');
  await expect(panel).toContainText('zero4 has no power');
  await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'down', { timeout: 20_000 });
  await expect(node(page, 'zero4')).toContainText('unknown for');
  await expect(page.getByRole('banner')).toContainText('4/5 nodes ready');
  expect(await names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
  // Five run again, elsewhere.
  await expect(page.getByText('5 of 5 running')).toBeVisible({ timeout: 20_000 });
  await press(panel, 'Power zero4 on');
  await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'ready', { timeout: 20_000 });
  await expect(node(page, 'zero4').locator('[data-state="running"]')).toHaveCount(0);
  expect((await swarm.state()).calm).toBe(true);
});

test('cut: a node that cannot be reached is down, and ready again once mended', async ({
  page,
}) => {
  const panel = await openMenu(page);
  await panel.getByLabel('Zero', { exact: true }).selectOption('zero2');
  await press(panel, 'Cut zero2 off');
  await expect(panel).toContainText('zero2 is cut off');
  await expect(node(page, 'zero2')).toHaveAttribute('data-state', 'down', { timeout: 20_000 });
  await press(panel, "Mend zero2's link");
  await expect(node(page, 'zero2')).toHaveAttribute('data-state', 'ready', { timeout: 20_000 });
});

test('a task killed: failed with 137, then another one in its slot', async ({ page }) => {
  const panel = await openMenu(page);
  const chip = page.locator('[data-node] [data-task][data-slot="2"][data-state="running"]');
  const container = (await chip.getAttribute('data-container')) ?? '';
  await panel.getByLabel('Task', { exact: true }).selectOption({ label: 'goweb.2' });
  await press(panel, 'Kill goweb.2');
  await expect(page.locator('[data-task][data-state="failed"]').first()).toContainText('137');
  await expect(chip).not.toHaveAttribute('data-container', container, { timeout: 20_000 });
});

test('an image that cannot be pulled: the next task of it is rejected, mended it runs', async ({
  page,
}) => {
  const panel = await openMenu(page);
  await panel.getByLabel('Image', { exact: true }).selectOption('carmeloc/goweb:1.0');
  await press(panel, 'It cannot be pulled');
  await expect(panel).toContainText('carmeloc/goweb:1.0 fails');
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  const rejected = page.locator('[data-task][data-state="rejected"]').first();
  await expect(rejected).toContainText('No such image', { timeout: 20_000 });
  await press(panel, 'Mend the image');
  await expect(page.getByText('4 of 4 running')).toBeVisible({ timeout: 20_000 });
});

test('an image that crashes', async ({ page }) => {
  const panel = await openMenu(page);
  await press(panel, 'It crashes');
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  await expect(page.locator('[data-task][data-state="failed"]').first()).toContainText(
    'non-zero exit (1)',
    { timeout: 20_000 },
  );
});

test('the engine stopped and started from the page itself', async ({ page }) => {
  const panel = await openMenu(page);
  await watchHonesty(page);
  await press(panel, 'Stop the engine');
  await expect(page.getByRole('banner')).toContainText('stale');
  await expect(panel).toContainText('the engine is stopped');
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  const ended = Date.now();
  await press(panel, 'Start the engine');
  await expectRecovered(page, { noticed: ended, ended });
  await expect(panel).not.toContainText('the engine is stopped');
});

test('slowed down, without quorum, and everything put right at once', async ({ page, swarm }) => {
  const panel = await openMenu(page);
  await watchHonesty(page);
  await press(panel, 'Slow it to 4 s');
  await expect(panel).toContainText('the engine takes 4 s to answer');
  await press(panel, 'Lose quorum');
  await expect(panel).toContainText('the manager has no quorum');
  await expect(page.getByRole('main')).toContainText('The swarm has no leader', {
    timeout: 20_000,
  });
  await expect(page.getByRole('banner')).toContainText('stale');
  const ended = Date.now();
  await panel.getByRole('button', { name: 'Put everything right' }).first().click();
  await expectRecovered(page, { noticed: ended, ended });
  await expect.poll(async () => (await swarm.state()).calm).toBe(true);
  await expect(panel).not.toContainText('Made to go wrong');
});

test('what another tab or a terminal has done is told too', async ({ page, swarm }) => {
  const panel = await openMenu(page);
  await swarm.control('/node', { node: 'zero1', link: false });
  // The page learns of it with the next change of the picture.
  await expect(node(page, 'zero1')).toHaveAttribute('data-state', 'down', { timeout: 20_000 });
  await expect(panel).toContainText('zero1 is cut off');
});

test('all by keyboard', async ({ page }) => {
  await page.goto('/');
  const open = panelOf(page).getByRole('button', { name: 'What if …' });
  await open.focus();
  await page.keyboard.press('Enter');
  await expect(open).toHaveAttribute('aria-expanded', 'true');
  await expect(panelOf(page).getByLabel('Zero', { exact: true })).toBeVisible();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(panelOf(page).getByLabel('Zero', { exact: true })).toBeFocused();
  await page.keyboard.press('Tab');
  await expect(panelOf(page).getByRole('button', { name: 'Power zero4 off' })).toBeFocused();
});

test.describe('who may', () => {
  test.use({ allowedErrors: [/40[13]/] });

  test('read-only: the entries are disabled and say why, and the server refuses', async ({
    page,
    start,
    swarm,
  }) => {
    const { url } = await start({ env: { HOSTNAME: '0.0.0.0' } });
    const panel = await openMenu(page, url);
    await expect(panel).toContainText('Read-only: this page shows, it does not change.');
    await expect(panel.getByRole('button', { name: 'Stop the engine' })).toBeDisabled();
    await expect(panel.getByRole('button', { name: 'Power zero4 off' })).toBeDisabled();
    const data = { path: '/engine', body: { running: false } };
    expect((await page.request.post(`${url}/api/demo`, { data })).status()).toBe(403);
    expect((await swarm.state()).calm).toBe(true);
  });

  test('not signed in: disabled until one is', async ({ page, start }) => {
    const env = { HOSTNAME: '0.0.0.0', DASHBOARD_PASSWORD: 'four zeros' };
    const { url } = await start({ env });
    const panel = await openMenu(page, url);
    const stop = panel.getByRole('button', { name: 'Stop the engine' });
    await expect(stop).toBeDisabled();
    await press(panel, 'Sign in');
    await page.getByLabel('Password').fill('four zeros');
    await page.getByLabel('Password').press('Enter');
    await expect(stop).toBeEnabled();
  });
});

test.describe('the API', () => {
  test('nonsense is a problem document and changes nothing', async ({ request, swarm }) => {
    for (const data of [
      {},
      { path: '/nosuch', body: {} },
      { path: '/node' },
      { path: '/node', body: { node: 'nobody', power: false } },
      { path: '/engine', body: { running: 'no' } },
      { path: '/fill', body: { nodes: 1e9, tasks: 1 } },
    ]) {
      const answer = await request.post('/api/demo', { data });
      expect(answer.status(), JSON.stringify(data)).toBeGreaterThanOrEqual(400);
      expect(answer.status()).toBeLessThan(500);
      expect(answer.headers()['content-type']).toBe('application/problem+json');
    }
    expect((await swarm.state()).calm).toBe(true);
  });

  test('another site’s page may not', async ({ request, swarm }) => {
    const answer = await request.post('/api/demo', {
      headers: { origin: 'http://evil.example' },
      data: { path: '/engine', body: { running: false } },
    });
    expect(answer.status()).toBe(403);
    expect((await swarm.state()).engine.running).toBe(true);
  });
});

test('an engine that does not call itself a demo: no label, no menu, no faults', async ({
  page,
  swarm,
  start,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-e2e-'));
  // The same engine, without the labels by which it says what it is.
  const plain = createServer((asked, answer) => {
    const { method, url, headers } = asked;
    const passed = request(
      { socketPath: swarm.socketPath, method, path: url, headers },
      (response) => {
        answer.writeHead(response.statusCode ?? 502, response.headers);
        if (url !== '/info') {
          response.pipe(answer);
          return;
        }
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () => answer.end(text.replaceAll('clusterhat.demo', 'other')));
      },
    );
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  await new Promise<void>((done) => plain.listen(join(folder, 'docker.sock'), done));
  try {
    const { url } = await start({ dockerHost: `unix://${join(folder, 'docker.sock')}` });
    await page.goto(url);
    await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
    await expect(page.getByRole('tabpanel')).toBeVisible();
    await expect(page.getByText('demo swarm')).toHaveCount(0);
    await expect(panelOf(page)).toHaveCount(0);
    const data = { path: '/reset', body: {} };
    expect((await page.request.get(`${url}/api/demo`)).status()).toBe(404);
    expect((await page.request.post(`${url}/api/demo`, { data })).status()).toBe(404);
  } finally {
    await page.goto('about:blank');
    plain.closeAllConnections();
    await new Promise((done) => plain.close(done));
    rmSync(folder, { recursive: true, force: true });
  }
});
