import type { Locator, Page } from '@playwright/test';
import { createService, running } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** Dialogs and details with the longest names: nothing is cut, squeezed or out of reach. */

const NAME = 'a-very-long-service-name-for-the-tutorial-of-the-clusterhat-abc';
const SIZES = [
  { width: 320, height: 568 },
  { width: 390, height: 844 },
  { width: 1280, height: 800 },
];

const bar = (page: Page) => page.getByRole('group', { name: `Actions of ${NAME}` });
const ofNode = (page: Page, node: string) =>
  page.getByRole('group', { name: `Actions of ${node}` });
const press = (scope: Page | Locator, name: string) =>
  scope.getByRole('button', { name, exact: true }).first().press('Enter');

/** The buttons at the end of a dialog are in it and in the window, however long its title is. */
async function expectButtonsInReach(box: Locator, names: readonly string[]) {
  for (const name of names) {
    await expect(box.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
  }
  const scrolls = await box.evaluate(
    ({ scrollHeight, clientHeight, scrollWidth, clientWidth }) =>
      scrollHeight > clientHeight + 1 || scrollWidth > clientWidth + 1,
  );
  expect(scrolls, 'the dialog itself scrolls').toBe(false);
}

for (const size of SIZES) {
  test(`a service with the longest name: ${size.width} px`, async ({ page, swarm }) => {
    await createService(swarm, NAME, {
      TaskTemplate: {
        ContainerSpec: {
          Image: 'carmeloc/goweb:1.0',
          Env: Array.from({ length: 40 }, (_, at) => `VARIABLE_NUMBER_${at}=${'value'.repeat(9)}`),
        },
        ForceUpdate: 0,
        Runtime: 'container',
      },
    });
    await expect.poll(() => running(swarm, NAME)).toHaveLength(3);
    await page.setViewportSize(size);
    await page.goto(`/?service=${NAME}`);
    const box = page.getByRole('dialog');
    // The rows of the progress can be told apart.
    for (const slot of [1, 2, 3]) {
      const name = page.locator(`li > span[title="${NAME}.${slot}"]`);
      await expect(name).toHaveText(`${NAME}.${slot}`);
      const isOut = name.evaluate((span) => span.scrollWidth > span.clientWidth);
      expect(await isOut).toBe(false);
    }

    await press(bar(page), 'Update');
    await box.getByLabel('Replicas', { exact: true }).fill('4');
    await expect(box.locator('[data-checks="checked"]')).toBeAttached();
    await expectButtonsInReach(box, ['Discard edits', 'Update']);
    await box.locator('summary').filter({ hasText: 'Environment' }).click();
    // A name of usual length is not cut.
    const first = box.getByLabel('Name of variable 1', { exact: true });
    await expect(first).toHaveValue('VARIABLE_NUMBER_0');
    const isCut = first.evaluate((field) => field.scrollWidth > field.clientWidth);
    expect(await isCut).toBe(false);
    await page.keyboard.press('Escape');

    await press(bar(page), 'Restart');
    // A row of the preview is as high as its two texts, not one letter wide.
    const rows = box.locator('[data-preview] li');
    await expect(rows).toHaveCount(3);
    for (const place of await rows.locator('> :last-child').all()) {
      const { width, height } = (await place.boundingBox()) ?? { width: 0, height: Infinity };
      expect(width).toBeGreaterThan(60);
      expect(height).toBeLessThan(60);
    }
    await expectButtonsInReach(box, ['Cancel', 'Restart']);
    await page.keyboard.press('Escape');

    await press(bar(page), 'More actions');
    await press(page.getByRole('group', { name: 'More actions' }), 'Remove');
    await box.getByLabel(/to confirm/).fill(NAME);
    await expectButtonsInReach(box, ['Cancel', 'Remove']);
    await page.keyboard.press('Escape');

    await press(bar(page), 'More actions');
    await press(page.getByRole('group', { name: 'More actions' }), 'Inspect');
    await expect(box.getByRole('region', { name: 'Service' })).toContainText(NAME);
    await expectButtonsInReach(box, ['Copy the equivalent command', 'Close']);
  });

  test(`a node with long labels: ${size.width} px`, async ({ page, swarm }) => {
    const { Version, Spec } = (await swarm.engine('GET', '/nodes/zero1')) as {
      Version: { Index: number };
      Spec: object;
    };
    const Labels = Object.fromEntries(
      Array.from({ length: 9 }, (_, at) => [
        `com.example.a-long-label-name-${at}`,
        'value'.repeat(at),
      ]),
    );
    const labelled = { ...Spec, Labels };
    await swarm.engine('POST', `/nodes/zero1/update?version=${Version.Index}`, labelled);
    await createService(swarm, NAME, { Mode: { Global: {} } });
    await page.setViewportSize(size);
    await page.goto('/?node=zero1');
    const sheet = page.locator('[data-details-sheet]');
    await expect(sheet).toContainText('com.example.a-long-label-name-8=value');
    await expect(sheet.getByRole('button', { name: new RegExp(NAME) }).first()).toBeAttached();
    const outside = await sheet.evaluate((element) => {
      const edge = element.getBoundingClientRect().left + element.clientLeft + element.clientWidth;
      return [...element.querySelectorAll('*')]
        .filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > edge + 1)
        .map(({ outerHTML }) => outerHTML.slice(0, 160));
    });
    expect(outside).toEqual([]);
    await press(ofNode(page, 'zero1'), 'Labels');
    const box = page.getByRole('dialog', { name: 'Labels of zero1' });
    const label = box.locator('[data-label="com.example.a-long-label-name-8"] span').first();
    await expect(label).toBeAttached();
    const { height } = (await label.boundingBox()) ?? { height: Infinity };
    expect(height).toBeLessThan(45);
    // The command takes its room from the fields.
    await press(box, 'Add label');
    await box.getByLabel('Name of the new label').fill('new');
    const value = box.getByLabel('Value of the new label');
    await value.fill('x');
    await expect(box).toContainText('docker node update --label-add new=x zero1');
    // The edge of what scrolls is between two pixels.
    await expect(value).toBeInViewport({ ratio: 0.95 });
    await expectButtonsInReach(box, ['Cancel', 'Save']);
  });
}
