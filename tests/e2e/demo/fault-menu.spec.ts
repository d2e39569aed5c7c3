import { createServer, request } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator, Page } from '@playwright/test';
import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';
import { expectRecovered, recordStatus } from '../support/status-record';

/** The menu of faults. */

const panelOf = (page: Page) => page.getByRole('region', { name: 'Demo swarm' });
const press = (panel: Locator, name: string | RegExp) =>
  panel.getByRole('button', { name, exact: typeof name === 'string' }).click();
const names = (page: Page) =>
  page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node')));

async function openMenu(page: Page, url = '/'): Promise<Locator> {
  await page.goto(url);
  const panel = panelOf(page);
  await press(panel, 'Simulate faults');
  await expect(panel.getByRole('group', { name: 'Task failure' })).toBeVisible();
  return panel;
}

test('powers a Zero off and on: it keeps its place, its tasks are lost and replaced', async ({
  page,
  swarm,
}) => {
  const panel = await openMenu(page);
  await page.getByRole('button', { name: 'Scale to 5' }).click();
  await expect(page.getByText('5 of 5 running')).toBeVisible();
  await panel.getByLabel('Zero', { exact: true }).selectOption('zero4');
  await press(panel, 'Power zero4 off');
  await expect(panel).toContainText('zero4 powered off');
  await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'down');
  await expect(node(page, 'zero4')).toContainText('unknown for');
  await expect(page.getByRole('banner')).toContainText('4/5 nodes ready');
  expect(await names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
  await expect(page.getByText('5 of 5 running')).toBeVisible();
  await press(panel, 'Power zero4 on');
  await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'ready');
  await expect(node(page, 'zero4').locator('[data-state="running"]')).toHaveCount(0);
  expect((await swarm.state()).calm).toBe(true);
});

test('disconnects a node, which is down, and reconnects it', async ({ page }) => {
  const panel = await openMenu(page);
  await panel.getByLabel('Zero', { exact: true }).selectOption('zero2');
  await press(panel, 'Disconnect zero2');
  await expect(panel).toContainText('zero2 disconnected');
  await expect(node(page, 'zero2')).toHaveAttribute('data-state', 'down');
  await press(panel, 'Reconnect zero2');
  await expect(node(page, 'zero2')).toHaveAttribute('data-state', 'ready');
});

test('kills a task, which fails with 137 and is replaced in its slot', async ({ page }) => {
  const panel = await openMenu(page);
  const chip = page.locator('[data-node] [data-task][data-slot="2"][data-state="running"]');
  const container = (await chip.getAttribute('data-container')) ?? '';
  await panel.getByLabel('Task', { exact: true }).selectOption({ label: 'goweb.2' });
  await press(panel, 'Kill goweb.2');
  await expect(page.locator('[data-task][data-state="failed"]').first()).toContainText('137');
  await expect(chip).not.toHaveAttribute('data-container', container);
});

test('makes pulls of an image fail: its next task is rejected until the image is repaired', async ({
  page,
}) => {
  const panel = await openMenu(page);
  await panel.getByLabel('Image', { exact: true }).selectOption('carmeloc/goweb:1.0');
  await press(panel, 'Make pulls fail');
  await expect(panel).toContainText('carmeloc/goweb:1.0 failing');
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  const rejected = page.locator('[data-task][data-state="rejected"]').first();
  await expect(rejected).toContainText('No such image');
  await press(panel, 'Repair the image');
  await expect(page.getByText('4 of 4 running')).toBeVisible();
});

test('makes an image crash: its next task fails', async ({ page }) => {
  const panel = await openMenu(page);
  await press(panel, 'Make it crash');
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  await expect(page.locator('[data-task][data-state="failed"]').first()).toContainText(
    'non-zero exit (1)',
  );
});

test('stops and starts the engine: the page is stale, then live', async ({ page }) => {
  const panel = await openMenu(page);
  await recordStatus(page);
  const began = Date.now();
  await press(panel, 'Stop the engine');
  await expect(page.getByRole('banner')).toContainText('stale');
  await expect(panel).toContainText('engine stopped');
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  const ended = Date.now();
  await press(panel, 'Start the engine');
  await expectRecovered(page, { began, ended });
  await expect(panel).not.toContainText('engine stopped');
});

test('resets a delay and a lost quorum at once', async ({ page, swarm }) => {
  const panel = await openMenu(page);
  await recordStatus(page);
  await press(panel, 'Add 4 s delay');
  await expect(panel).toContainText('engine responses delayed by 4 s');
  await press(panel, 'Lose quorum');
  await expect(panel).toContainText('no quorum');
  await expect(page.getByRole('main')).toContainText('The swarm has no leader');
  await expect(page.getByRole('banner')).toContainText('stale');
  const ended = Date.now();
  await panel.getByRole('button', { name: 'Reset demo' }).first().click();
  await expectRecovered(page, { began: ended, ended });
  await expect.poll(async () => (await swarm.state()).calm).toBe(true);
  await expect(panel).not.toContainText('Active faults');
});

test('lists faults that were set outside this tab', async ({ page, swarm }) => {
  const panel = await openMenu(page);
  await swarm.control('/node', { node: 'zero1', link: false });
  await expect(node(page, 'zero1')).toHaveAttribute('data-state', 'down');
  await expect(panel).toContainText('zero1 disconnected');
});

test('works by keyboard', async ({ page }) => {
  await page.goto('/');
  const open = panelOf(page).getByRole('button', { name: 'Simulate faults' });
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

test.describe('permissions', () => {
  test.use({ allowedErrors: [/40[13]/] });

  test('read-only: the controls are disabled with the reason, and the server refuses', async ({
    page,
    start,
    swarm,
  }) => {
    const { url } = await start({ env: { HOSTNAME: '0.0.0.0' } });
    const panel = await openMenu(page, url);
    await expect(panel).toContainText('Read-only: to allow changes');
    await expect(panel.getByRole('button', { name: 'Stop the engine' })).toBeDisabled();
    await expect(panel.getByRole('button', { name: 'Power zero4 off' })).toBeDisabled();
    const data = { path: '/engine', body: { running: false } };
    expect((await page.request.post(`${url}/api/demo`, { data })).status()).toBe(403);
    expect((await swarm.state()).calm).toBe(true);
  });

  test('not signed in: the controls are disabled until the operator signs in', async ({
    page,
    start,
  }) => {
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

test('asks to reload when the dashboard was upgraded since the page was loaded', async ({
  page,
}) => {
  await page.route('**/api/demo', (route) =>
    route.fulfill({ json: { another: 'build' }, headers: { 'x-clusterhat-build': 'another' } }),
  );
  await page.goto('/');
  const panel = panelOf(page);
  await press(panel, 'Simulate faults');
  await expect(panel.getByRole('alert')).toContainText('The dashboard was upgraded');
  await expect(panel.getByRole('alert')).toContainText('Reload the page.');
  await expect(panel.getByRole('button', { name: 'Stop the engine' })).toHaveCount(0);
});

test.describe('the API', () => {
  test('rejects an invalid body with a problem document and changes nothing', async ({
    request,
    swarm,
  }) => {
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

  test('rejects a request from another origin', async ({ request, swarm }) => {
    const answer = await request.post('/api/demo', {
      headers: { origin: 'http://evil.example' },
      data: { path: '/engine', body: { running: false } },
    });
    expect(answer.status()).toBe(403);
    expect((await swarm.state()).engine.running).toBe(true);
  });
});

test('an engine without the demo labels has no demo panel and no demo API', async ({
  page,
  swarm,
  start,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-e2e-'));
  // The same engine without its demo labels.
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
