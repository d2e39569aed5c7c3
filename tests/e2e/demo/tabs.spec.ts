import type { BrowserContext, Page } from '@playwright/test';
import { updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { startProxy } from '../support/proxy';
import { OPERATOR, PASSWORDS, signIn } from '../support/sign-in';

/** Tabs of one browser share one live stream; hidden ones receive nothing. */

/** Open live streams of the dashboard, by its own count. */
async function streams(url: string): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^clusterhat_live_streams (\d+)$/m.exec(metrics)?.[1]);
}

async function openTabs(context: BrowserContext, url: string, count: number): Promise<Page[]> {
  const tabs = await Promise.all(Array.from({ length: count }, () => context.newPage()));
  for (const tab of tabs) await tab.goto(url);
  for (const tab of tabs) await expect(tab.getByRole('banner')).toContainText('live');
  return tabs;
}

const scale = (swarm: DemoSwarm, Replicas: number) =>
  updateService(swarm, 'goweb', (spec) => ({ ...spec, Mode: { Replicated: { Replicas } } }));

const expectReplicas = (tab: Page, count: number) =>
  expect(tab.getByText(`of ${count} running`)).toBeVisible();

/** Headless browsers show all tabs at once, so a hidden one is played. */
async function setHidden(tab: Page, hidden: boolean): Promise<void> {
  await tab.evaluate((value) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => value });
    document.dispatchEvent(new Event('visibilitychange'));
  }, hidden);
}

test('ten tabs share one stream, whichever of them are closed or frozen', async ({
  page,
  context,
  dashboard: { url },
  swarm,
}) => {
  await page.goto(url);
  const others = await openTabs(context, url, 9);
  const tenth = others[8] ?? page;
  await expect.poll(() => streams(url)).toBe(1);
  await scale(swarm, 4);
  for (const tab of [page, ...others]) await expectReplicas(tab, 4);
  // With a connection per tab there would be none left for this.
  await tenth.getByRole('button', { name: 'Add one goweb replica' }).click();
  for (const tab of [page, ...others]) await expectReplicas(tab, 5);

  await page.close();
  const [frozen, ...rest] = others;
  const session = frozen && (await context.newCDPSession(frozen));
  await session?.send('Page.setWebLifecycleState', { state: 'frozen' });
  await scale(swarm, 3);
  for (const tab of rest) await expectReplicas(tab, 3);
  expect(await streams(url)).toBe(1);
  await session?.send('Page.setWebLifecycleState', { state: 'active' });
  if (frozen) await expectReplicas(frozen, 3);
});

test('a hidden tab does not change until it is shown again', async ({
  page,
  context,
  dashboard: { url },
  swarm,
}) => {
  const [hidden = page] = await openTabs(context, url, 1);
  await page.goto(url);
  await expectReplicas(page, 3);
  await setHidden(hidden, true);
  const states: string[] = [];
  await hidden.exposeFunction('note', (text: string) => states.push(text));
  await hidden.evaluate(() => {
    const { note } = window as unknown as { note: (text: string) => void };
    new MutationObserver(() => note(document.querySelector('header')?.textContent ?? '')).observe(
      document.body,
      { subtree: true, childList: true, characterData: true, attributes: true },
    );
  });
  await scale(swarm, 5);
  await expectReplicas(page, 5);
  expect(states).toEqual([]);
  await setHidden(hidden, false);
  await expectReplicas(hidden, 5);
  await scale(swarm, 4);
  await expectReplicas(hidden, 4);
  expect(states.join()).not.toMatch(/stale|connecting/);
  await hidden.close();
});

test('without shared workers, a hidden tab lets go of its stream after a minute and catches up', async ({
  page,
  context,
  dashboard: { url },
  swarm,
}) => {
  await context.addInitScript(() => {
    Reflect.deleteProperty(window, 'SharedWorker');
  });
  await page.clock.install();
  await page.goto(url);
  const [other = page] = await openTabs(context, url, 1);
  await expect(page.getByRole('banner')).toContainText('live');
  await expect.poll(() => streams(url)).toBe(2);
  await setHidden(page, true);
  await page.clock.fastForward('01:01');
  await expect.poll(() => streams(url)).toBe(1);
  await scale(swarm, 5);
  await expectReplicas(other, 5);
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
  await setHidden(page, false);
  await expectReplicas(page, 5);
  await expect(page.getByRole('banner')).toContainText('live');
  await other.close();
});

test.describe('sessions and servers', () => {
  test.use({ allowedErrors: [/status of 40[13]|ERR_/] });

  test('a sign-in, a sign-out, and a server that restarts reach all tabs', async ({
    page,
    context,
    start,
  }) => {
    const dashboard = await start({ env: PASSWORDS });
    await page.goto(dashboard.url);
    const [other = page] = await openTabs(context, dashboard.url, 1);
    const add = (tab: Page) => tab.getByRole('button', { name: 'Add one goweb replica' });
    await expect(add(other)).toBeDisabled();
    await signIn(page, OPERATOR);
    for (const tab of [page, other]) await expect(add(tab)).toBeEnabled();
    await other.getByRole('banner').getByRole('button', { name: 'Sign out' }).click();
    for (const tab of [page, other]) await expect(add(tab)).toBeDisabled();
    await signIn(other, OPERATOR);
    await expect(add(page)).toBeEnabled();
    await dashboard.stop();
    await dashboard.restart();
    // Sessions end with their server.
    for (const tab of [page, other]) {
      await expect(add(tab)).toBeDisabled();
      await expect(tab.getByRole('banner')).toContainText('live');
    }
    await expect.poll(() => streams(dashboard.url)).toBe(1);
    await other.close();
  });

  test('an upgrade is offered in all tabs, also in one that was hidden', async ({
    page,
    context,
    dashboard,
  }) => {
    const proxy = await startProxy(dashboard.url);
    try {
      await page.goto(proxy.url);
      const [hidden = page] = await openTabs(context, proxy.url, 1);
      await setHidden(hidden, true);
      proxy.play((chunk) => chunk.replace(/"build":"\w+"/, '"build":"next"'));
      const reload = (tab: Page) => tab.getByRole('button', { name: /dashboard was upgraded/ });
      await expect(reload(page)).toBeVisible();
      await expect(reload(hidden)).toHaveCount(0);
      await setHidden(hidden, false);
      await expect(reload(hidden)).toBeVisible();
      await hidden.close();
      await page.goto('about:blank');
    } finally {
      await proxy.stop();
    }
  });
});
