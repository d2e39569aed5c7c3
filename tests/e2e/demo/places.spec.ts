import type { Page } from '@playwright/test';
import { ODD_CASES } from '../../support/odd-cases';
import { oddEngine, type OddEngine, type Oddity } from '../../support/odd-engine';
import { renamed } from '../../support/odd-names';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { test as base, expect } from '../support/demo-fixtures';

/** Nodes whose names are not the tutorial's: their places on the HAT, and their names on the page. */

/** `at` opens the page of a dashboard that sees the demo through an odd engine. */
const test = base.extend<{
  at: (oddity: Oddity, env?: Record<string, string>) => Promise<OddEngine>;
}>({
  at: async ({ page, swarm, start }, use) => {
    const opened: OddEngine[] = [];
    await use(async (oddity, env = {}) => {
      const odd = await oddEngine(swarm.socketPath, oddity);
      opened.push(odd);
      const { url } = await start({ dockerHost: odd.dockerHost, env });
      await page.goto(url);
      await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
      return odd;
    });
    await Promise.all(opened.map((odd) => odd.close()));
  },
});

const names = (page: Page) =>
  page.locator('[data-node]').evaluateAll((all) => all.map((one) => one.getAttribute('data-node')));
const others = (page: Page) => page.getByRole('region', { name: 'Other nodes' });
const notice = (page: Page) => page.locator('[data-notices]');

test.use({
  viewport: { width: 1440, height: 1000 },
  // The demo's control endpoint is not beside the odd engine's socket.
  allowedErrors: [/status of 503/],
});

for (const [name, hostnames] of [
  ['hatNames', ['cbridge', 'p1', 'p2', 'p3', 'p4']],
  ['fqdnNames', ['Ctrl', 'zero1.local', 'zero2.local', 'zero3.local', 'zero4.local']],
] as const) {
  test(`${name}: the nodes are in the HAT's places under their own names`, async ({ page, at }) => {
    await at(ODD_CASES[name]);
    expect(await names(page)).toEqual(hostnames);
    const board = page.getByRole('region', { name: 'ClusterHAT' });
    await expect(board.locator('[data-node]')).toHaveCount(5);
    await expect(others(page)).toHaveCount(0);
    await expect(notice(page)).toHaveCount(0);
    await expectNoViolations(page);
  });
}

test('nodes that share a hostname: each can be the entry node, and the link keeps it', async ({
  page,
  at,
}) => {
  await at(ODD_CASES.sameName);
  const all = await names(page);
  expect(new Set(all).size).toBe(5);
  const [, second = ''] = all.filter((name) => name?.startsWith('raspberrypi'));
  const entry = page.getByRole('combobox', { name: 'Entry node' });
  await entry.scrollIntoViewIfNeeded();
  await entry.selectOption({ label: second ?? '' });
  await expect(page).toHaveURL(/[?&]at=[a-z0-9]{25}/);
  await page.reload();
  await expect(entry.locator('option:checked')).toHaveText(second ?? '');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(node(page, second ?? '').locator('[data-entry-mark]')).toBeVisible();
  await expect(page.locator('[data-entry-mark]')).toHaveCount(1);
  // There is no room for the hostname too.
  await page.setViewportSize({ width: 390, height: 844 });
  const places = page.getByRole('button', { name: /^Show the board:/ }).locator('[data-mini-node]');
  const address = /^127\.0\.\d+\.\d/;
  await expect(places).toHaveText([/^ctrl/, address, address, address, address]);
});

test('a hostname that changes: the entry node stays selected and keeps its place', async ({
  page,
  at,
}) => {
  const hostnames = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];
  const odd = await at(renamed(hostnames));
  const entry = page.getByRole('combobox', { name: 'Entry node' });
  await entry.selectOption('zero3');
  await expect(page).toHaveURL(/[?&]at=zero3/);
  odd.become(renamed(['ctrl', 'zero1', 'zero2', 'raspberrypi', 'zero4']));
  const selected = entry.locator('option:checked');
  await expect(selected).toHaveText('raspberrypi');
  await expect(page.getByText('is not available')).toHaveCount(0);
  expect(await names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'raspberrypi', 'zero4']);
});

const CUSTOM = renamed(['eve', 'alice', 'bob', 'carol', 'dave']);

for (const width of [1440, 390]) {
  test(`other names: the nodes are shown in a grid, one line offers the setting: ${width} px`, async ({
    page,
    at,
  }) => {
    await page.setViewportSize({ width, height: 900 });
    await at(CUSTOM);
    const swarm = page.getByRole('region', { name: 'Swarm', exact: true });
    await expect(swarm.locator('[data-node]')).toHaveCount(5);
    await expect(page.locator('[data-state="absent"]')).toHaveCount(0);
    await expect(others(page)).toHaveCount(0);
    await expect(notice(page)).toContainText('No node matches a place of the ClusterHAT');
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
    await notice(page).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toContainText('CLUSTERHAT_NODES=eve,alice,bob,carol,dave');
    await expect(dialog.getByRole('button', { name: 'Copy command' })).toBeVisible();
    await expectNoViolations(page);
  });
}

test('the setting that is offered puts the nodes into their places', async ({ page, at }) => {
  await at(CUSTOM, { CLUSTERHAT_NODES: 'eve,alice,bob,carol,dave' });
  expect(await names(page)).toEqual(['eve', 'alice', 'bob', 'carol', 'dave']);
  await expect(page.getByRole('region', { name: 'ClusterHAT' })).toContainText('alice');
  await expect(notice(page)).toHaveCount(0);
});

test('some names match: an empty place says that it may be one of the other nodes', async ({
  page,
  at,
}) => {
  await at(renamed(['ctrl', 'zero1', 'zero2', 'carol', 'dave']));
  expect(await names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'P3', 'P4', 'carol', 'dave']);
  await expect(others(page)).toContainText('2 beyond the HAT');
  const place = node(page, 'P4');
  await expect(place).toContainText('Powered off, under another name, or not joined yet.');
  await place.getByRole('button', { name: 'Show the join command' }).click();
  const dialog = page.getByRole('dialog', { name: 'Bring the Zero in P4 into the swarm' });
  await dialog.getByRole('combobox', { name: 'Node' }).selectOption('dave');
  await expect(dialog).toContainText('docker node update --label-add clusterhat.port=P4 dave');
  await dialog.getByRole('button', { name: 'Show the join command' }).click();
  await expect(dialog).toContainText('docker swarm join --token SWMTKN-');
  await expectNoViolations(page);
});

test('a label puts a node into its place at once', async ({ page, swarm, start }) => {
  const { url } = await start();
  await page.goto(url);
  const label = async (from: string, Labels: Record<string, string>) => {
    const { ID, Version, Spec } = (await swarm.engine('GET', `/nodes/${from}`)) as {
      ID: string;
      Version: { Index: number };
      Spec: object;
    };
    const path = `/nodes/${ID}/update?version=${Version.Index}`;
    await swarm.engine('POST', path, { ...Spec, Labels });
  };
  await expect.poll(() => names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
  await label('zero4', { 'clusterhat.port': 'P1' });
  await expect.poll(() => names(page)).toEqual(['ctrl', 'zero4', 'zero2', 'zero3', 'P4', 'zero1']);
  await label('zero1', { 'clusterhat.port': 'P4' });
  await expect.poll(() => names(page)).toEqual(['ctrl', 'zero4', 'zero2', 'zero3', 'zero1']);
  await label('zero4', {});
  await label('zero1', {});
  await expect.poll(() => names(page)).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
});
