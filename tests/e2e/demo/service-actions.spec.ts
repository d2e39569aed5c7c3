import type { Locator, Page, Route } from '@playwright/test';
import { expectNoViolations, sticksOut } from '../support/axe';
import { node } from '../support/board';
import { createService, running, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { GUEST, PASSWORDS, REFUSALS, signIn } from '../support/sign-in';

/** What can be done with a service: restart, rebalance, roll back, remove, and the ways out of what is wrong. */

const bar = (page: Page) => page.getByRole('group', { name: 'Actions of web' });
const action = (page: Page, name: string) => bar(page).getByRole('button', { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });
/** The reason that is open. */
const reason = (page: Page) => bar(page).getByRole('group', { name: 'Why not' });
const outcome = (page: Page) => page.getByRole('group', { name: 'What was changed' });
const confirm = (box: Locator, name: string) => box.getByRole('button', { name, exact: true });

/** Opens the page on a service of this test alone, which was never changed. */
async function open(page: Page, swarm: DemoSwarm, replicas = 3, url = '') {
  await createService(swarm, 'web', { Mode: { Replicated: { Replicas: replicas } } });
  await expect.poll(() => running(swarm, 'web')).toHaveLength(replicas);
  await page.goto(`${url}/?service=web`);
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(page.getByText('verify: Service web converged')).toBeAttached();
}

/** The docker command is in sight without scrolling, on a desktop and on a phone. */
async function expectWholeCommand(page: Page, box: Locator) {
  const desktop = page.viewportSize() ?? { width: 1280, height: 720 };
  const command = box.getByRole('button', { name: 'Copy the equivalent command' }).locator('..');
  for (const size of [
    { width: 1440, height: 900 },
    { width: 390, height: 844 },
  ]) {
    await page.setViewportSize(size);
    await expect(command).toBeInViewport({ ratio: 1 });
  }
  await page.setViewportSize(desktop);
}

async function taskIds(swarm: DemoSwarm): Promise<string[]> {
  const { ID } = (await swarm.engine('GET', '/services/web')) as { ID: string };
  const tasks = (await swarm.engine('GET', '/tasks')) as {
    ID: string;
    ServiceID: string;
    Status: { State: string };
  }[];
  return tasks
    .filter(({ ServiceID, Status }) => ServiceID === ID && Status.State === 'running')
    .map((task) => task.ID);
}

const toImage = (image: string) => (spec: Parameters<Parameters<typeof updateService>[2]>[0]) => {
  spec.TaskTemplate.ContainerSpec.Image = image;
  return spec;
};

/** For a step that is tried again. */
const SOON = { timeout: 5000 };

test('a restart shows where its tasks go, replaces each of them, and is in the timeline', async ({
  page,
  swarm,
}) => {
  await open(page, swarm);
  const before = await taskIds(swarm);
  await action(page, 'Restart').focus();
  await page.keyboard.press('Enter');
  const box = dialog(page, 'Restart web');
  await expect(box).toContainText(
    'Replaces 3 tasks of web, one at a time. A task that is being replaced does not answer.',
  );
  await expect(box).toContainText('docker service update --force web');
  await expect(box.getByText('web.1', { exact: true })).toBeVisible();
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await expect(box).toHaveCount(0);
  await expect(action(page, 'Restart')).toBeFocused();
  expect(await taskIds(swarm)).toEqual(before);

  await page.keyboard.press('Enter');
  await confirm(box, 'Restart').click();
  await expect(box).toHaveCount(0);
  await expect(outcome(page)).toContainText('web: every task is being replaced.');
  await expect(outcome(page).getByRole('button', { name: 'Undo' })).toHaveCount(0);
  await expect
    .poll(async () => {
      const now = await taskIds(swarm);
      return now.length === 3 && now.every((id) => !before.includes(id));
    })
    .toBe(true);
  await expect(page.getByText(/converged in \d+\.\d s/)).toBeVisible();
  await page.getByRole('tab', { name: 'Timeline' }).click();
  await expect(page.locator('[data-entry="updated"]').first()).toContainText(
    /web was restarted.*by operator at 127\.0\.0\.1/,
  );
});

test('a rollback shows what it undoes, a scale or an update, and another one undoes that', async ({
  page,
  swarm,
}) => {
  await open(page, swarm);
  await expect(action(page, 'Roll back')).toBeDisabled();
  // Nobody needs a pointer to read why.
  await action(page, 'Roll back').focus();
  await page.keyboard.press('Enter');
  await expect(reason(page)).toHaveText('web has no earlier state to go back to.');
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: 'Add one web replica' }).click();
  await expect.poll(() => running(swarm, 'web')).toHaveLength(4);
  await action(page, 'Roll back').click();
  const box = dialog(page, 'Roll back web');
  await expect(box.getByRole('listitem')).toHaveText(['Replicas 4 → becomes3']);
  await expect(box).toContainText('No task is replaced. 1 task stops.');
  await expect(box).toContainText('whatever it was: an update, a restart or a scale');
  await expect(box).toContainText('docker service rollback web');
  await expectNoViolations(page);

  // Another program changes it meanwhile: the difference follows, and the button stays where it is.
  const place = await confirm(box, 'Roll back').boundingBox();
  await updateService(swarm, 'web', toImage('carmeloc/goweb:1.1'));
  await expect(box.getByRole('listitem')).toHaveText([/^Image .*goweb:1\.1 → becomes.*goweb:1\.0/]);
  await expect(box).toContainText(/Every task .*is replaced, one at a time\./);
  await expect(confirm(box, 'Roll back')).toBeEnabled();
  expect(await confirm(box, 'Roll back').boundingBox()).toEqual(place);
  await confirm(box, 'Roll back').click();
  await expect(outcome(page)).toContainText('web is being rolled back.');
  await expect(outcome(page)).toContainText('carmeloc/goweb:1.0');
  await expectNoViolations(page);

  await outcome(page).getByRole('button', { name: 'Undo' }).click();
  await expect(box.getByRole('listitem')).toHaveText([/^Image .*goweb:1\.0 → becomes.*goweb:1\.1/]);
  await expect(outcome(page)).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(page.getByText('verify: Service web converged')).toBeAttached();
  await expect(page.getByRole('region', { name: 'web', exact: true })).toContainText('goweb:1.0');
  await expect(page.getByLabel('Replicas of web')).toHaveValue('4');
});

test('a difference shows the values of variables once they are asked for', async ({
  page,
  swarm,
}) => {
  await open(page, swarm);
  for (const Env of [['TOKEN=planted'], ['TOKEN=other', 'NEW=value']]) {
    await updateService(swarm, 'web', (spec) => {
      Object.assign(spec.TaskTemplate.ContainerSpec, { Env });
      return spec;
    });
  }
  await action(page, 'Roll back').click();
  const box = dialog(page, 'Roll back web');
  await expect(box.getByRole('listitem')).toHaveText([
    'Variable TOKEN changed',
    'Variable NEW removed',
  ]);
  await box.getByRole('button', { name: 'Show values' }).click();
  await expect(box.getByRole('listitem')).toHaveText([
    'Variable TOKEN other → becomesplanted',
    'Variable NEW value removed',
  ]);
  await expectNoViolations(page);
  await box.getByRole('button', { name: 'Hide values' }).click();
  await expect(box.getByRole('listitem').first()).toHaveText('Variable TOKEN changed');
  await expectWholeCommand(page, box);
  await page.keyboard.press('Escape');

  // What is typed into a form is no secret to the one who types.
  await action(page, 'Update').click();
  const form = dialog(page, 'Update web');
  await form.locator('summary').filter({ hasText: 'Environment' }).click();
  await form.getByLabel('Value of variable 2', { exact: true }).fill('typed');
  const changes = form.getByRole('region', { name: 'What changes' });
  await expect(changes.getByRole('listitem')).toHaveText('Variable NEW typed changed');
  await form.getByRole('button', { name: 'Show values' }).first().click();
  await expect(changes.getByRole('listitem')).toHaveText('Variable NEW value → becomestyped');
  const first = form.getByLabel('Value of variable 1', { exact: true });
  await expect(first).toHaveValue('other');
  await form.getByRole('button', { name: 'Hide values' }).click();
  await expect(first).toHaveValue('');
  await expect(changes.getByRole('listitem')).toHaveText('Variable NEW typed changed');
  await expect(form.getByRole('button', { name: 'Show values' })).toBeFocused();
});

test.describe('with a change in between', () => {
  test.use({ allowedErrors: [/status of 412/] });

  test('what changed between the look and the click is not undone unseen', async ({
    page,
    swarm,
  }) => {
    await open(page, swarm);
    await updateService(swarm, 'web', toImage('carmeloc/goweb:1.1'));
    await action(page, 'Roll back').click();
    const box = dialog(page, 'Roll back web');
    await expect(box.getByRole('listitem')).toContainText(['goweb:1.1']);
    // The change comes just before the click arrives, so the page cannot have shown it.
    const late = async (route: Route) => {
      await updateService(swarm, 'web', (spec) => ({ ...spec, Labels: { stage: 'two' } }));
      await route.continue();
    };
    await page.route('**/api/services/*/rollback', late, { times: 1 });
    await confirm(box, 'Roll back').click();
    await expect(box.getByRole('alert')).toContainText('Nothing was changed');
    await expect(box.getByRole('listitem')).toHaveText([/^Label stage/]);
  });
});

test('a service is removed once its name was typed', async ({ page, swarm }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, swarm);
  await bar(page).getByRole('button', { name: 'More actions' }).click();
  const more = page.getByRole('group', { name: 'More actions' });
  await expect(more.getByRole('button')).toHaveText([
    'Inspect',
    'Create another service',
    'Remove',
  ]);
  await expectNoViolations(page);
  await more.getByRole('button', { name: 'Remove' }).click();
  const box = dialog(page, 'Remove web');
  const name = box.getByLabel('Type web to confirm');
  await expect(name).toBeFocused();
  await expect(box).toContainText('its 3 running tasks would be removed. This cannot be undone.');
  await expect(box).toContainText('docker service rm web');
  await expectNoViolations(page);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await name.fill('WEB');
  await expect(name).toHaveAccessibleDescription('Upper and lower case have to match the name.');
  await expect(confirm(box, 'Remove')).toBeDisabled();
  await name.fill('we');
  await expect(name).toHaveAccessibleDescription('The name is not complete yet.');
  await expect(confirm(box, 'Remove')).toBeDisabled();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(bar(page).getByRole('button', { name: 'More actions' })).toBeFocused();
  expect(await running(swarm, 'web')).toHaveLength(3);

  await page.keyboard.press('Enter');
  await more.getByRole('button', { name: 'Remove' }).click();
  await name.fill('web');
  await expect(confirm(box, 'Remove')).toBeEnabled();
  await page.keyboard.press('Enter');
  await expect(outcome(page)).toContainText('web is removed; its tasks are being stopped.');
  await expect(bar(page)).toHaveCount(0);
  await expect.poll(() => running(swarm, 'web')).toHaveLength(0);
});

test('a dialog asks nothing more about a service while its removal is on its way', async ({
  page,
  swarm,
}) => {
  await open(page, swarm);
  const asked: string[] = [];
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  await page.route(/\/api\/services\/[^/?]+$/, async (route) => {
    if (route.request().method() !== 'DELETE') return route.fallback();
    page.on('request', (request) => void asked.push(`${request.method()} ${request.url()}`));
    const response = await route.fetch();
    await gone;
    await route.fulfill({ response });
  });
  await bar(page).getByRole('button', { name: 'More actions' }).click();
  const more = page.getByRole('group', { name: 'More actions' });
  await more.getByRole('button', { name: 'Remove' }).click();
  const box = dialog(page, 'Remove web');
  await box.getByLabel('Type web to confirm').fill('web');
  await confirm(box, 'Remove').click();
  await expect(bar(page)).toHaveCount(0);
  await expect.poll(() => running(swarm, 'web')).toHaveLength(0);
  await expect(page.locator('[data-task] [title^="web."]')).toHaveCount(0);
  letGo();
  await expect(outcome(page)).toContainText('web is removed');
  // The button that had the focus has gone with the service; another one stands in its place.
  await expect(page.getByRole('heading', { name: 'goweb', exact: true })).toBeFocused();
  expect(asked.filter((line) => line.includes('/api/services/'))).toEqual([]);
});

test.describe('with the details of a task that swarm may forget', () => {
  // Then its log is gone, too.
  test.use({ allowedErrors: [/status of 404 .*\/logs$/] });

  test('a crash-looping update is understood, rolled back and has converged, from the drawer', async ({
    page,
    swarm,
  }) => {
    // High enough that nothing scrolls below the page's header, where axe finds parts of buttons too small.
    await page.setViewportSize({ width: 1280, height: 1500 });
    await open(page, swarm);
    await updateService(swarm, 'web', toImage('carmeloc/goweb:crash'));
    // The ways out of the paused update, with their commands.
    const note = page.getByRole('region', { name: 'Update of web' });
    await expect(note.getByRole('group', { name: 'What to do' }).getByRole('button')).toHaveText([
      'Roll back',
      'Change image',
      'Resume',
      'Show logs',
    ]);
    await note.getByRole('button').first().click();
    await expect(note.getByText('docker service rollback web')).toBeVisible();
    await expectNoViolations(page);
    await page.keyboard.press('Escape');

    const failed = page.locator('[data-board] [data-task][data-state="failed"]').first();
    const why = page
      .getByRole('group', { name: /^Why web\.\d is failed/ })
      .filter({ visible: true });
    // Swarm replaces a failed task after its delay: on a busy machine before both clicks.
    await expect(async () => {
      await failed.getByRole('button').filter({ hasText: 'non-zero exit' }).click(SOON);
      await expect(why.getByRole('button', { name: 'Roll back' })).toBeVisible(SOON);
      await why.getByRole('button', { name: /^Details of web/ }).click(SOON);
    }).toPass({ timeout: 120_000 });
    const sheet = page.getByRole('dialog', { name: /^web\.\d/ });
    await expect(sheet.getByRole('region', { name: 'Why it failed' })).toContainText(
      'non-zero exit (1)',
    );
    const now = sheet.getByRole('region', { name: 'What now?' });
    await expect(now.getByRole('button', { name: 'Show logs' })).toBeVisible();
    await expectNoViolations(page);
    await now.getByRole('button', { name: 'Roll back' }).click();
    const box = dialog(page, 'Roll back web');
    await expect(box.getByRole('listitem')).toHaveText([
      /^Image .*goweb:crash → becomes.*goweb:1\.0/,
    ]);
    // Some tasks have the earlier definition still.
    await expect(box).toContainText(
      'Every task without this definition is replaced, one at a time.',
    );
    await confirm(box, 'Roll back').click();
    // The note is in reach although the drawer is modal.
    await expect(outcome(page)).toContainText('web is being rolled back.');
    await outcome(page).getByRole('button', { name: 'Dismiss' }).click();
    await page.keyboard.press('Escape');
    await expect(page.getByText('verify: Service web converged')).toBeAttached();
    await expect.poll(() => running(swarm, 'web')).toHaveLength(3);
    await expect(note).toContainText('The service was rolled back at');
  });
});

test('a service is rebalanced over a node that came back', async ({ page, swarm }) => {
  await open(page, swarm, 5);
  const name = (await running(swarm, 'web'))[1]?.split(' ')[1] ?? '';
  const zero = name === 'ctrl' ? 'zero3' : name;
  await swarm.control('/node', { node: zero, power: false });
  await expect(node(page, zero)).toHaveAttribute('data-state', 'down');
  await expect.poll(() => running(swarm, 'web')).toHaveLength(5);
  await swarm.control('/node', { node: zero, power: true });
  const offer = page.getByRole('button', { name: 'Rebalance', exact: true });
  await offer.click();
  const box = dialog(page, 'Rebalance web');
  await expect(box).toContainText(`${zero} has no task of web`);
  await expect(box).toContainText(`${zero} 0 → 1`);
  await expectWholeCommand(page, box);
  await expectNoViolations(page);
  await confirm(box, 'Rebalance').click();
  await expect
    .poll(async () => new Set((await running(swarm, 'web')).map((task) => task.split(' ')[1])))
    .toEqual(new Set(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']));
  await expect(offer).toHaveCount(0);
});

test.describe('without permission', () => {
  test.use({ allowedErrors: REFUSALS });

  test('guests and readers see every action with the reason', async ({ page, swarm, start }) => {
    const { url } = await start({ env: PASSWORDS });
    await open(page, swarm, 3, url);
    const all = ['Update', 'Restart', 'Roll back', 'Logs'];
    for (const name of all) await expect(action(page, name)).toBeDisabled();
    // It opens the reason.
    await action(page, 'Restart').click({ force: true });
    await expect(reason(page)).toHaveText('Sign in to change things.');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expectNoViolations(page);
    await page.keyboard.press('Escape');

    await signIn(page, GUEST);
    await action(page, 'Restart').click({ force: true });
    await expect(reason(page)).toHaveText(/^Signed in as a guest/);
    await expect(page.getByRole('dialog')).toHaveCount(0);

    const readOnly = await start({ env: { HOSTNAME: '0.0.0.0' } });
    await page.goto(`${readOnly.url}/?service=web`);
    await action(page, 'Restart').click({ force: true });
    await expect(reason(page)).toHaveText(/^Read-only: to allow changes/);
  });
});
