import type { Locator, Page } from '@playwright/test';
import { node, runningTasks } from '../support/board';
import { running, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** The timeline of the last hour, and the board at an earlier time. */

const panel = (page: Page) => page.getByRole('tabpanel', { name: 'Timeline' });
const entries = (page: Page) => panel(page).getByRole('list', { name: /^Events/ });
const entry = (page: Page, text: string | RegExp) =>
  entries(page).getByRole('listitem').filter({ hasText: text });
const slider = (within: Page | Locator) =>
  within.getByRole('slider', { name: 'Time shown on the board' });
const bar = (page: Page) => page.getByRole('region', { name: 'The board shows the past' });

async function openTimeline(page: Page, url = '/'): Promise<void> {
  await page.goto(url);
  await expect(page.getByRole('banner')).toContainText('live');
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(panel(page).getByRole('img')).toBeVisible();
}

/** Scales with the page's button and waits until the tasks run. */
async function scaleTo(page: Page, swarm: DemoSwarm, replicas: 1 | 3 | 5 | 10): Promise<void> {
  await page.getByRole('button', { name: `Scale to ${replicas}`, exact: true }).click();
  await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(replicas);
}

test('lists events at once, newest first, with problems marked in words', async ({
  page,
  swarm,
}) => {
  await openTimeline(page);
  await scaleTo(page, swarm, 5);
  await expect(entry(page, 'goweb was scaled from 3 to 5').first()).toBeVisible();
  await expect(entry(page, /goweb\.5 runs on/).first()).toBeVisible();
  await swarm.control('/task', { kill: 'goweb.5' });
  const failed = entry(page, /goweb\.5 on .+ died \(exit 137\)/).first();
  await expect(failed).toContainText('Problem');
  await expect(failed).toContainText(/\d\d:\d\d:\d\d/);
  const texts = await entries(page).getByRole('listitem').allInnerTexts();
  const since = texts.slice(
    0,
    texts.findIndex((line) => /scaled from 3 to 5/.test(line)),
  );
  // The task that replaces it may run by now: it is a later entry of the same words.
  const at = (text: RegExp) => since.findLastIndex((line) => text.test(line));
  expect(at(/goweb\.5 on .+ died/)).toBeGreaterThanOrEqual(0);
  expect(at(/goweb\.5 on .+ died/)).toBeLessThan(at(/goweb\.5 runs/));

  await panel(page).getByLabel('Problems only').check();
  await expect(entry(page, 'scaled from 3 to 5')).toHaveCount(0);
  await expect(failed).toBeVisible();
});

test('the slider shows the board at an earlier time; a click or Escape goes back to now', async ({
  page,
  swarm,
}) => {
  await openTimeline(page);
  const three = await running(swarm, 'goweb');
  await scaleTo(page, swarm, 5);
  await expect(entry(page, 'goweb was scaled from 3 to 5').first()).toBeVisible();
  const five = await running(swarm, 'goweb');

  // One second before the scaling: a click in the list, then a step of the slider by keyboard.
  await entry(page, 'goweb was scaled from 3 to 5').first().getByRole('button').click();
  await expect(bar(page)).toContainText(/State at \d\d:\d\d:\d\d/);
  await slider(panel(page)).press('ArrowLeft');
  await expect.poll(() => runningTasks(page)).toEqual(three);
  await expect(page.getByRole('region', { name: 'ClusterHAT' })).toContainText(/State at/);
  await expect(slider(panel(page))).toHaveAttribute('aria-valuetext', /\d\d:\d\d:\d\d, .+ ago/);

  // Changes are disabled, and the header still shows the live state.
  await expect(page.getByRole('button', { name: 'Scale to 1', exact: true })).toBeDisabled();
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(page.getByRole('banner')).toContainText('5/5 tasks running');

  await bar(page)
    .getByRole('button', { name: /^Back to now/ })
    .click();
  await expect(bar(page)).toHaveCount(0);
  expect(await runningTasks(page)).toEqual(five);
  await expect(page.getByRole('button', { name: 'Scale to 3', exact: true })).toBeEnabled();

  await panel(page).getByRole('button', { name: 'Previous event' }).click();
  await expect(bar(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(bar(page)).toHaveCount(0);
});

test('the button to return to now counts events that arrived since', async ({ page, swarm }) => {
  await openTimeline(page);
  await scaleTo(page, swarm, 5);
  await entry(page, /goweb\.5 runs/)
    .first()
    .getByRole('button')
    .click();
  await expect(bar(page)).toBeVisible();
  // The last hour includes the failures of other tests.
  const failed = entry(page, /goweb\.1 on .+ died/);
  const before = await failed.count();
  await swarm.control('/task', { kill: 'goweb.1' });
  await expect(bar(page).getByRole('button', { name: /^Back to now/ })).toContainText(/\d+ new/);
  await expect(failed).toHaveCount(before + 1);
});

test('a powered-off node is marked in its lane and its tasks are in unknown state', async ({
  page,
  swarm,
}) => {
  await openTimeline(page);
  const [name = ''] = (await running(swarm, 'goweb')).flatMap((task) => {
    const [, on = ''] = task.split(' ');
    return on.startsWith('zero') ? [on] : [];
  });
  await swarm.control('/node', { node: name, power: false });
  await expect(entry(page, `${name} went down`).first()).toContainText('Problem');
  await expect(panel(page).getByRole('img')).toHaveAccessibleName(/in unknown state/);
  await expect(node(page, name)).toContainText('unknown');
  await panel(page).getByLabel('Node', { exact: true }).selectOption(name);
  const others = entries(page).locator('[data-entry]:not([data-entry="gap"])');
  await expect(others.filter({ hasNotText: name })).toHaveCount(0);
});

test('all tabs show the same list; without recording, with a gap for the time in which no tab was open', async ({
  page,
  swarm,
  start,
  context,
}) => {
  const { url } = await start({ env: { DASHBOARD_RECORD: 'off' } });
  await openTimeline(page, url);
  await scaleTo(page, swarm, 5);
  await expect(entry(page, 'goweb was scaled from 3 to 5')).toBeVisible();
  await page.goto('about:blank');
  const left = Date.now();
  // Without a tab the server does not poll; the swarm's tasks still change.
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(4);
  await expect.poll(async () => (await running(swarm, 'goweb')).length).toBe(5);
  // Up to 4 s without a tab is no gap: a page needs that to load.
  await expect.poll(() => Date.now() - left).toBeGreaterThan(4500);

  const [one, two] = [await context.newPage(), await context.newPage()];
  for (const tab of [one, two]) await openTimeline(tab, url);
  for (const tab of [one, two]) {
    await expect(entry(tab, 'goweb was scaled from 3 to 5')).toBeVisible();
    // A slow page leaves one more such gap until its stream is open.
    await expect(
      entry(tab, /^Not recorded \([\d.]+ s\): the dashboard was not open/).first(),
    ).toBeVisible();
    await expect(entry(tab, /goweb\.2 .*not recorded/).first()).toBeVisible();
  }
  const texts = (tab: Page) => entries(tab).locator('[data-entry]').allInnerTexts();
  const withoutAges = async (tab: Page) =>
    (await texts(tab)).map((line) => line.replace(/[^\n]* ago$/, ''));
  expect(await withoutAges(one)).toEqual(await withoutAges(two));
  for (const tab of [one, two]) await tab.close();
});

test('a timeline without events shows a note', async ({ page, start }) => {
  const { url } = await start();
  await openTimeline(page, url);
  await expect(panel(page)).toContainText(/No events since .* yet/);
});
