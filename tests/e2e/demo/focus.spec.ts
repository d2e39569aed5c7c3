import type { Locator, Page } from '@playwright/test';
import { expect, test } from '../support/demo-fixtures';

/**
 * Holds the answer to a change until the page has shown what it did: the engine's events reach a page over another
 * connection than the answer, and on a busy machine before it.
 */
async function holdAnswer(page: Page, url: RegExp, isShown: () => Promise<void>) {
  await page.route(url, async (route) => {
    if (route.request().method() !== 'POST' || route.request().url().includes('dry-run')) {
      await route.continue();
      return;
    }
    const response = await route.fetch();
    await isShown();
    await route.fulfill({ response });
  });
}

/** Creates the tutorial's service by keyboard from a button. */
async function create(page: Page, opener: Locator) {
  await opener.press('Enter');
  const form = page.getByRole('dialog', { name: /^Create/ });
  await form.getByRole('button', { name: 'Create', exact: true }).click();
  await expect(form).toBeHidden();
}

const heading = (page: Page) => page.getByRole('heading', { name: 'goweb', exact: true });

for (const order of ['before', 'after'] as const) {
  test(`the button that created a service is gone ${order} the answer: the service has the focus`, async ({
    page,
    startSwarm,
    start,
  }) => {
    const swarm = await startSwarm({ replicas: 0 });
    const { url } = await start({ dockerHost: swarm.dockerHost });
    const converged = page.getByText('overall progress: 3 out of 3 tasks');
    if (order === 'before')
      await holdAnswer(page, /\/api\/services/, () => expect(converged).toBeAttached());
    await page.goto(url);
    await create(page, page.getByRole('button', { name: 'Create service' }));
    await expect(heading(page)).toBeFocused();
  });

  test(`the button that rolled back an update is gone ${order} the answer: the service has the focus`, async ({
    page,
  }) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Update', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'Update goweb' });
    await form.getByLabel('Image', { exact: true }).fill('carmeloc/goweb:crash');
    await form.getByRole('button', { name: 'Update', exact: true }).click();
    const note = page.locator('[aria-label="Update of goweb"]');
    const rollBack = note.getByRole('button', { name: 'Roll back', exact: true });
    await expect(rollBack).toBeVisible();
    if (order === 'before')
      await holdAnswer(page, /\/rollback/, () => expect(rollBack).toHaveCount(0));
    await rollBack.press('Enter');
    const box = page.getByRole('dialog', { name: 'Roll back goweb' });
    await box.getByRole('button', { name: 'Roll back', exact: true }).click();
    await expect(box).toBeHidden();
    await expect(heading(page)).toBeFocused();
  });
}

test('on a phone the heading that has the focus after a creation is in sight', async ({
  page,
  startSwarm,
  start,
}) => {
  const swarm = await startSwarm({ replicas: 0 });
  const { url } = await start({ dockerHost: swarm.dockerHost });
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(url);
  const opener = page.getByRole('button', { name: 'Create service' });
  await expect(opener).toBeVisible();
  // As far down as possible with the button still in sight.
  await opener.evaluate((element) => element.scrollIntoView({ block: 'start' }));
  await create(page, opener);
  await expect(heading(page)).toBeFocused();
  await expect(heading(page)).toBeInViewport({ ratio: 1 });
});
