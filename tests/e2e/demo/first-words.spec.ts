import type { Locator, Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { expect, test } from '../support/demo-fixtures';

/** What a newcomer sees: the meanings of words, and the call-outs of a first visit. */

const tip = (page: Page) => page.getByRole('tooltip');
const term = (page: Page, name: string) =>
  page.getByRole('button', { name, exact: true }).and(page.locator('[data-term]'));

/** Records the elements of the largest paints, and the sum of layout shifts. Plain text: it runs before the page. */
const RECORD_PAINTS = `
  window.paints = { largest: [], shift: 0 };
  new PerformanceObserver((list) => list.getEntries().forEach(({ element }) =>
    paints.largest.push(element?.outerHTML ?? 'removed')
  )).observe({ type: 'largest-contentful-paint', buffered: true });
  new PerformanceObserver((list) => list.getEntries().forEach((entry) => {
    if (!entry.hadRecentInput) paints.shift += entry.value;
  })).observe({ type: 'layout-shift', buffered: true });
`;

/** Whether two elements overlap on the screen. */
async function overlap(a: Locator, b: Locator): Promise<boolean> {
  const [x, y] = [await a.boundingBox(), await b.boundingBox()];
  if (!x || !y) throw new Error('not visible');
  return x.x < y.x + y.width && y.x < x.x + x.width && x.y < y.y + y.height && y.y < x.y + x.height;
}

test('the meaning of a word is shown on hover, focus and click', async ({ page }) => {
  await page.goto('/');
  const leader = term(page, 'leader');
  // The whole page is there.
  await expect(term(page, 'NAME')).toBeVisible();
  const places = () =>
    Promise.all([leader, term(page, 'Replicas')].map((one) => one.boundingBox()));
  const before = await places();
  await leader.hover();
  await expect(tip(page)).toContainText('The one manager that makes the decisions');
  await expect(leader).toHaveAccessibleDescription(/The one manager/);
  expect(await overlap(tip(page), leader)).toBe(false);
  expect(await places()).toEqual(before);
  await expectNoViolations(page);
  // The pointer may move onto it; Escape closes it without moving the pointer.
  await tip(page).hover();
  await expect(tip(page)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(tip(page)).toHaveCount(0);

  // By keyboard: the focus shows it and keeps it, and another word replaces it.
  await page.mouse.move(0, 0);
  await term(page, 'nodes ready').focus();
  await page.keyboard.press('Tab');
  await expect(tip(page)).toContainText('What should run: an image');
  await page.keyboard.press('Tab');
  await expect(tip(page)).toHaveCount(1);
  await expect(tip(page)).toContainText("One attempt to run a slot's container");
  await page.keyboard.press('Escape');
  await expect(tip(page)).toHaveCount(0);

  // A click keeps it until the next one.
  await term(page, 'NAME').click();
  await page.mouse.move(0, 0);
  await expect(tip(page).locator('code')).toHaveText('goweb.2');
  await term(page, 'NAME').click();
  await expect(tip(page)).toHaveCount(0);
});

test('a tap shows the meaning of a word on a phone', async ({ browser, baseURL }) => {
  const context = await browser.newContext({
    baseURL: baseURL ?? '',
    hasTouch: true,
    viewport: { width: 390, height: 844 },
  });
  await context.addInitScript(() => localStorage.setItem('clusterhat.guide', 'shown'));
  const page = await context.newPage();
  await page.goto('/');
  // The whole page is there.
  await expect(term(page, 'NAME')).toBeVisible();
  await term(page, 'Replicas').tap();
  await expect(tip(page)).toContainText('One of the tasks that a replicated service should have');
  expect(await overlap(tip(page), term(page, 'Replicas'))).toBe(false);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await page.getByRole('heading', { level: 1 }).tap();
  await expect(tip(page)).toHaveCount(0);
  await context.close();
});

test.describe('a first visit', () => {
  test.use({ firstVisit: true });
  /** The page has loaded, and somebody moves the pointer: call-outs appear within a second. */
  const used = async (page: Page) => {
    await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
    await page.mouse.move(3, 300);
    await page.mouse.move(5, 310);
    await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1500)));
  };
  const callOut = (page: Page) => page.getByRole('region', { name: 'First steps' });

  test('has three call-outs, which never return', async ({ page }) => {
    await page.setViewportSize({ width: 1440, height: 900 });
    await page.goto('/');
    await used(page);
    await expect(callOut(page)).toContainText('Each card is a node of your swarm');
    // Over the board, where it has no task.
    const controls = page.getByRole('region', { name: 'goweb', exact: true });
    await expect.poll(() => overlap(callOut(page), controls)).toBe(false);
    for (const task of await page.locator('[data-board] [data-task]').all()) {
      expect(await overlap(callOut(page), task)).toBe(false);
    }
    await expectNoViolations(page);
    // By keyboard, and without blocking the page.
    await page.keyboard.press('Tab');
    await page.keyboard.press('Tab');
    await expect(callOut(page).getByRole('button', { name: 'Next' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(callOut(page)).toContainText('Change the number of replicas');
    await expect(callOut(page).getByRole('button', { name: 'Next' })).toBeFocused();
    const add = page.getByRole('button', { name: 'Add one goweb replica' });
    expect(await overlap(callOut(page), add)).toBe(false);
    await add.click();
    await expect(page.getByText('4 of 4 running')).toBeVisible();
    await callOut(page).getByRole('button', { name: 'Next' }).click();
    await expect(callOut(page)).toContainText('each answer lights the task');
    const start = page.getByRole('button', { name: 'Start', exact: true });
    await expect(start).toBeInViewport();
    await expect.poll(() => overlap(callOut(page), start)).toBe(false);
    await callOut(page).getByRole('button', { name: 'Done' }).click();
    await expect(callOut(page)).toHaveCount(0);

    await page.reload();
    await expect(page.getByRole('banner')).toContainText('live');
    await used(page);
    await expect(callOut(page)).toHaveCount(0);
  });

  test('the call-outs wait while a dialog or a log is open', async ({ page }) => {
    await page.goto('/');
    const service = page.getByRole('region', { name: 'goweb', exact: true });
    await service.getByRole('button', { name: 'Restart' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog).toBeVisible();
    await used(page);
    await expect(callOut(page)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(dialog).toHaveCount(0);
    await expect(callOut(page)).toContainText('Each card is a node of your swarm');
  });

  test('the call-outs do not come after a change was made', async ({ page }) => {
    await page.goto('/');
    const service = page.getByRole('region', { name: 'goweb', exact: true });
    await service.getByRole('button', { name: 'Restart' }).click();
    const dialog = page.getByRole('dialog', { name: 'Restart goweb' });
    await dialog.getByRole('button', { name: 'Restart', exact: true }).click();
    const note = page.getByRole('group', { name: 'What was changed' });
    await expect(note).toBeVisible();
    await used(page);
    await note.getByRole('button', { name: 'Dismiss' }).click();
    await used(page);
    await expect(callOut(page)).toHaveCount(0);
  });

  test('Skip by keyboard leaves the focus at what the call-out is about', async ({ page }) => {
    await page.goto('/');
    await used(page);
    await callOut(page).getByRole('button', { name: 'Skip' }).press('Enter');
    await expect(callOut(page)).toHaveCount(0);
    await expect(page.getByRole('heading', { name: 'ClusterHAT', level: 2 })).toBeFocused();
  });

  test('the call-outs wait for the visitor, and neither are the largest paint nor shift anything', async ({
    browser,
    baseURL,
  }) => {
    const context = await browser.newContext({
      baseURL: baseURL ?? '',
      hasTouch: true,
      isMobile: true,
      viewport: { width: 412, height: 823 },
    });
    const page = await context.newPage();
    await page.addInitScript(RECORD_PAINTS);
    await page.goto('/');
    await expect(page.getByRole('tab', { name: 'Timeline' })).toBeVisible();
    await expect(callOut(page)).toHaveCount(0);
    await page.getByRole('heading', { level: 1 }).tap();
    await expect(callOut(page)).toContainText('Each card is a node of your swarm');
    await callOut(page).getByRole('button', { name: 'Next' }).tap();
    await expect(callOut(page)).toContainText('Change the number of replicas');
    const { largest, shift } = await page.evaluate<{ largest: string[]; shift: number }>('paints');
    // The first HTML has the largest paint.
    expect(largest.at(-1)).toContain('Nothing here is real');
    expect(await (await page.request.get('/')).text()).toContain('Nothing here is real');
    expect(shift).toBeLessThanOrEqual(0.02);
    await context.close();
  });

  test('shows them again where nothing can be stored, but once for each time the page is loaded', async ({
    page,
  }) => {
    await page.addInitScript(() => {
      Storage.prototype.setItem = () => {
        throw new DOMException('full', 'QuotaExceededError');
      };
    });
    await page.goto('/');
    await used(page);
    await callOut(page).getByRole('button', { name: 'Skip' }).click();
    await expect(callOut(page)).toHaveCount(0);
    await page.keyboard.press('p');
    await expect(page.locator('[data-present]')).toBeVisible();
    await page.keyboard.press('p');
    await used(page);
    await expect(callOut(page)).toHaveCount(0);
  });

  test('has none in present mode, on the help page and where nothing can be stored', async ({
    page,
  }) => {
    await page.goto('/help');
    await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(callOut(page)).toHaveCount(0);
    await page.goto('/?present');
    await expect(page.locator('[data-present]')).toBeVisible();
    await expect(page.locator('html[data-scripts]')).toBeAttached();
    await expect(callOut(page)).toHaveCount(0);
    await page.addInitScript(() => {
      Object.defineProperty(window, 'localStorage', {
        get: () => {
          throw new DOMException('blocked', 'SecurityError');
        },
      });
    });
    await page.goto('/');
    await used(page);
    await expect(callOut(page)).toHaveCount(0);
  });
});
