import type { Page } from '@playwright/test';
import { expectNoViolations, sticksOut } from '../support/axe';
import { createService, running, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** The sign of paused updates on the board, whichever service the panel shows. */

const sign = (page: Page) => page.getByRole('region', { name: 'Paused updates' });
const ways = (page: Page) =>
  sign(page).getByRole('group', { name: 'What to do', exact: true }).filter({ visible: true });
const all = (page: Page) => page.getByRole('group', { name: 'Why updates are paused' });
const WAYS = ['Roll back', 'Change image', 'Resume', 'Show logs'];

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

async function crash(swarm: DemoSwarm, name: string) {
  await updateService(swarm, name, (spec) => {
    if (spec.TaskTemplate.ContainerSpec) {
      spec.TaskTemplate.ContainerSpec.Image = 'carmeloc/goweb:crash';
    }
    return spec;
  });
}

/** Opens the page on goweb while the update of a second service, web, pauses. */
async function openBesidePausedWeb(page: Page, swarm: DemoSwarm, size: typeof PHONE) {
  await createService(swarm, 'web');
  await expect.poll(() => running(swarm, 'web')).toHaveLength(3);
  await crash(swarm, 'web');
  await page.setViewportSize(size);
  await page.goto('/?service=goweb');
}

/** Where what surrounds the sign is: the places of the board, the service panel and what is below. */
const places = (page: Page) =>
  page
    .locator('[data-board] [data-node], main h2, [aria-label^="Actions of"]')
    .evaluateAll((elements) =>
      elements.map((element) => {
        const { x, y, width } = element.getBoundingClientRect();
        return [element.textContent.slice(0, 12), x, y, width];
      }),
    );

for (const size of [DESKTOP, PHONE]) {
  test(`moves nothing when it appears: ${size.width} px`, async ({ page, swarm }) => {
    await page.setViewportSize(size);
    await page.goto('/');
    await expect(page.getByText('verify: Service goweb converged')).toBeAttached();
    await expect(page.getByRole('group', { name: 'Actions of goweb' })).toBeVisible();
    await expect(page.getByRole('heading', { name: 'Curl panel' })).toBeVisible();
    const before = await places(page);
    await crash(swarm, 'goweb');
    await expect(sign(page)).toBeVisible();
    expect(await places(page)).toEqual(before);
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
  });
}

test('has the ways out in sight on a desktop, and nothing lies over the progress', async ({
  page,
  swarm,
}) => {
  await page.setViewportSize(DESKTOP);
  await page.goto('/');
  await expect(page.getByText('verify: Service goweb converged')).toBeAttached();
  await crash(swarm, 'goweb');
  await expect(sign(page).getByRole('button').first()).toHaveText(
    /^Update paused: goweb goweb\.\d on \w+ failed: task: non-zero exit \(1\)$/,
  );
  await expect(ways(page).getByRole('button')).toHaveText(WAYS);
  for (const name of WAYS) {
    await expect(ways(page).getByRole('button', { name, exact: true })).toBeInViewport({
      ratio: 1,
    });
  }
  expect(await page.evaluate(() => scrollY)).toBe(0);
  // At every position of the page.
  const note = page.getByRole('region', { name: 'Update of goweb' });
  const rows = page.getByRole('region', { name: 'goweb', exact: true }).locator('li', {
    hasText: /goweb\.\d/,
  });
  await expect(rows).toHaveCount(3);
  for (const top of [0, 60, 120, 180, 2000]) {
    await page.evaluate((y) => scrollTo(0, y), top);
    const upper = (await note.boundingBox())?.y ?? 0;
    for (const row of await rows.all()) {
      const { y, height } = (await row.boundingBox()) ?? { y: Infinity, height: 0 };
      expect(y + height, `at ${top} px`).toBeLessThanOrEqual(upper);
    }
  }
});

test('names a service that the panel does not show, and shows it on a click', async ({
  page,
  swarm,
}) => {
  await openBesidePausedWeb(page, swarm, DESKTOP);
  await expect(sign(page)).toContainText('Update paused: web');
  await expect(page.getByLabel('Service shown').locator('option')).toHaveText([
    'goweb 3/3',
    /^web \d\/3, update paused$/,
  ]);
  // The ways out are those of the service that is not shown.
  await ways(page).getByRole('button', { name: 'Roll back', exact: true }).click();
  const box = page.getByRole('dialog', { name: 'Roll back web' });
  await expect(box).toContainText('docker service rollback web');
  await page.keyboard.press('Escape');
  await sign(page).getByRole('button', { name: 'Show service web' }).press('Enter');
  await expect(page.getByRole('heading', { name: 'web', exact: true })).toBeFocused();
  await expect(page).toHaveURL(/service=web/);
  await expect(page.getByRole('region', { name: 'Update of web' })).toBeAttached();
  await expect(sign(page).getByRole('button', { name: 'Show service web' })).toHaveCount(0);

  // With two of them the one that is shown comes first.
  await crash(swarm, 'goweb');
  await expect(sign(page)).toContainText('Update paused: web +1 more');
  await sign(page).getByRole('button').first().click();
  await expect(all(page)).toContainText('Update paused: goweb');
  await expect(all(page).getByRole('button', { name: 'Show service goweb' })).toBeVisible();
  await expectNoViolations(page);
});

test('on a phone one tap has the cause and the ways out, and the mini board names it', async ({
  page,
  swarm,
}) => {
  await openBesidePausedWeb(page, swarm, PHONE);
  await expect(sign(page)).toBeInViewport({ ratio: 1 });
  const { height } = (await sign(page).getByRole('button').first().boundingBox()) ?? {};
  expect(height).toBeGreaterThanOrEqual(44);
  await expect(page.locator('[data-mini-verdict]')).toContainText('web: update paused');
  await sign(page).getByRole('button').first().click();
  await expect(all(page)).toContainText(/web\.\d on \w+ failed: task: non-zero exit \(1\)/);
  await expect(ways(page).getByRole('button')).toHaveText(WAYS);
  await expectNoViolations(page);
  await all(page).getByRole('button', { name: 'Show service web' }).click();
  await expect(all(page)).toBeHidden();
  await expect(page.getByRole('heading', { name: 'web', exact: true })).toBeFocused();
  const note = page.getByRole('region', { name: 'Update of web' });
  await expect(note.getByRole('button', { name: 'Roll back', exact: true })).toBeInViewport({
    ratio: 1,
  });
});

for (const width of [390, 320]) {
  test(`stays within the board beside tasks that wait: ${width} px`, async ({ page, swarm }) => {
    await createService(swarm, 'waits', {
      TaskTemplate: {
        ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
        Placement: { Constraints: ['node.labels.disk==ssd'] },
        ForceUpdate: 0,
        Runtime: 'container',
      },
    });
    await page.setViewportSize({ width, height: 844 });
    await page.goto('/?service=waits');
    await crash(swarm, 'goweb');
    await expect(sign(page)).toContainText('Update paused: goweb');
    const waiting = page.getByRole('region', { name: 'Waiting for a node' });
    await expect(waiting.getByRole('button', { name: '+2 more' })).toBeVisible();
    const outside = await page.locator('.lane').evaluate((lane) => {
      const { right } = lane.getBoundingClientRect();
      return [...lane.querySelectorAll('section, button, li')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > right + 1)
        .map(({ outerHTML }) => outerHTML.slice(0, 120));
    });
    expect(outside).toEqual([]);
    // The reason in the panel has two lines, and no half of a third one.
    const reason = page
      .getByRole('region', { name: 'waits', exact: true })
      .getByRole('button', { name: /^waits\.1, waits\.2, waits\.3 wait/ });
    const isCut = reason.evaluate(
      (button) => button.scrollHeight > button.clientHeight && button.clientHeight > 0,
    );
    expect(await isCut).toBe(false);
  });
}
