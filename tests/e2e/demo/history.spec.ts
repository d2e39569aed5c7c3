import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe';
import { running, updateService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** What is recorded while no page is open, and kept across a restart of the dashboard. */

const panel = (page: Page) => page.getByRole('tabpanel', { name: 'Timeline' });
const entry = (page: Page, text: string | RegExp) =>
  panel(page)
    .getByRole('list', { name: /^Events/ })
    .getByRole('listitem')
    .filter({ hasText: text });

async function openTimeline(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText('live');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(panel(page).getByRole('img')).toBeVisible();
}

/** The texts of the last hour's entries, without a page. */
async function texts(url: string): Promise<string> {
  const response = await fetch(`${url}/api/timeline`);
  const { entries } = (await response.json()) as { entries: { text: string }[] };
  return entries.map(({ text }) => text).join('\n');
}

test('records without a tab; a restart keeps the history and shows itself as a gap', async ({
  page,
  swarm,
  start,
}) => {
  const folder = mkdtempSync(join(tmpdir(), 'clusterhat-e2e-'));
  const state = { DASHBOARD_STATE: join(folder, 'state') };
  const dashboard = await start({ env: state });
  const { url } = dashboard;
  const data = { service: 'goweb', publishedPort: 8888, mode: 'burst', burst: 5 };
  expect((await page.request.post(`${url}/api/runs`, { data })).ok()).toBe(true);
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect.poll(() => texts(url)).toMatch(/goweb\.2 on .+ died/);

  await openTimeline(page, url);
  const died = entry(page, /goweb\.2 on .+ died/).first();
  await expect(died).toBeVisible();
  await expect(died).not.toContainText('not recorded');
  await expect(entry(page, 'Curl run to goweb started (burst of 5)')).toBeVisible();
  await expect(entry(page, /Curl run to goweb ended/)).toBeVisible();
  await expect(entry(page, /^Not recorded/)).toHaveCount(0);

  // A second dashboard on the folder, and one without a usable folder, keep their history in memory.
  const second = await start({ env: state });
  const lost = await start({ env: { DASHBOARD_STATE: join(folder, 'no', 'folder') } });
  await expect.poll(() => second.output()).toContain('another dashboard keeps its history in');
  await expect.poll(() => lost.output()).toContain('there is no folder');
  await openTimeline(page, second.url);
  await openTimeline(page, lost.url);

  await page.goto('about:blank');
  await dashboard.stop();
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 4 } },
  }));
  await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(4);
  await dashboard.restart();
  await openTimeline(page, url);
  await expect(died).toBeVisible();
  await expect(
    entry(page, /^Not recorded \([\d.]+ s\): the dashboard was not running/),
  ).toBeVisible();
  await expect(entry(page, 'goweb was scaled from 3 to 4')).toContainText('not recorded');
  await expect(panel(page).locator('[data-band="run"]')).toHaveCount(1);

  // A longer time is loaded when it is shown.
  await expect(panel(page)).not.toContainText('Loading');
  const loaded = page.waitForResponse(/api\/timeline\?from=\d+&to=\d+$/);
  await panel(page).getByText('24 h', { exact: true }).click();
  expect((await loaded).ok()).toBe(true);
  await expect(panel(page)).toContainText('No data: recording had not started');
  await expect(died).toBeVisible();
  await expectNoViolations(page);

  // The board shows what an earlier process has recorded.
  await died.getByRole('button').click();
  const bar = page.getByRole('region', { name: 'The board shows the past' });
  await expect(bar).toContainText(/State at \d\d:\d\d:\d\d/);
  await expect(bar).not.toContainText('No data');
  await page.keyboard.press('Escape');
  await page.goto('about:blank');
  rmSync(folder, { recursive: true, force: true });
});

test('a node that was removed keeps its name and its lane', async ({ page, start, startSwarm }) => {
  const swarm = await startSwarm({ speed: 8 });
  const { url } = await start({ dockerHost: swarm.dockerHost });
  await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(3);
  await openTimeline(page, url);
  const [name = ''] = (await running(swarm, 'goweb')).flatMap((task) => {
    const [, on = ''] = task.split(' ');
    return on.startsWith('zero') ? [on] : [];
  });
  await swarm.control('/node', { node: name, power: false });
  await expect(entry(page, `${name} went down`)).toBeVisible();
  const nodes = (await swarm.engine('GET', '/nodes')) as {
    ID: string;
    Description: { Hostname: string };
  }[];
  const id = nodes.find(({ Description }) => Description.Hostname === name)?.ID;
  await swarm.engine('DELETE', `/nodes/${id}?force=1`);
  await expect(entry(page, `${name} left the swarm`)).toBeVisible();
  await expect(panel(page).getByTitle(`${name}: no longer in the swarm`)).toBeVisible();
  await panel(page).getByLabel('Node', { exact: true }).selectOption(`${name} (left)`);
  await expect(entry(page, `${name} left the swarm`)).toBeVisible();
});
