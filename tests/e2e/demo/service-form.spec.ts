import type { Locator, Page, Request } from '@playwright/test';
import { expectNoViolations, sticksOut } from '../support/axe';
import { createService, running, services, updateService, type DemoSwarm } from '../support/demo';
import { expect, SPEED, test } from '../support/demo-fixtures';

/** The forms that create and change a service. */

const dialog = (page: Page) => page.getByRole('dialog');
const panel = (page: Page, name = 'goweb') => page.getByRole('region', { name, exact: true });
const field = (page: Page, label: string | RegExp) =>
  dialog(page).getByLabel(label, { exact: typeof label === 'string' });
const group = (page: Page, name: string) =>
  dialog(page).locator('summary').filter({ hasText: name });
const confirm = (page: Page, name: 'Create' | 'Update') =>
  dialog(page).getByRole('button', { name, exact: true });
const check = (page: Page, text: string | RegExp) =>
  dialog(page).getByRole('listitem').filter({ hasText: text });

/** Requests that would change something, from now on. */
function changesOf(page: Page): Request[] {
  const sent: Request[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET' && !/[?&]dry-run/.test(request.url())) sent.push(request);
  });
  return sent;
}

async function specOf(swarm: DemoSwarm, name = 'goweb') {
  const service = (await services(swarm)).find(({ Spec }) => Spec.Name === name);
  if (!service) throw new Error(`no service ${name}`);
  return service.Spec;
}

/** goweb with values in its environment that nobody should see. */
async function withSecrets(swarm: DemoSwarm): Promise<void> {
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    TaskTemplate: {
      ...spec.TaskTemplate,
      // Without the platforms that a resolved image has.
      Placement: {},
      ContainerSpec: {
        ...spec.TaskTemplate.ContainerSpec,
        Image: 'carmeloc/goweb:1.0',
        Env: ['TOKEN=planted', 'EMPTY=', 'A=1'],
      },
    },
  }));
}

async function openUpdate(page: Page): Promise<void> {
  await page.goto('/');
  await panel(page).getByRole('button', { name: 'Update', exact: true }).click();
  await expect(field(page, 'Image')).toBeFocused();
}

/** The message that a control is described by. */
async function expectNote(control: Locator, message: string | RegExp): Promise<void> {
  await expect(control).toHaveAttribute('aria-invalid', 'true');
  await expect(control).toHaveAccessibleDescription(message);
}

test('the tutorial’s first step: from an empty swarm to a converged service, and a run', async ({
  page,
  startSwarm,
  start,
}) => {
  const swarm = await startSwarm({ replicas: 0, speed: SPEED });
  const { url } = await start({ dockerHost: swarm.dockerHost });
  await page.goto(url);
  await page.getByRole('button', { name: 'Create service' }).click();
  await expect(field(page, 'Name')).toBeFocused();
  await expect(field(page, 'Name')).toHaveValue('goweb');
  await expect(field(page, 'Image')).toHaveValue('carmeloc/goweb:1.0');
  await expect(field(page, 'Replicas')).toHaveValue('3');
  await expect(dialog(page)).toContainText(
    'docker service create --name goweb --replicas 3 --publish 8888:8080 carmeloc/goweb:1.0',
  );
  await expect(check(page, 'No other service has this name.')).toHaveAttribute('data-check', 'ok');
  await expect(check(page, 'Port 8888 is free.')).toHaveAttribute('data-check', 'ok');
  await expect(check(page, 'The image is built for every node.')).toBeVisible();
  await expect(check(page, /The nodes have room|It would run on/)).toBeVisible();
  await expectNoViolations(page);

  await confirm(page, 'Create').click();
  await expect(dialog(page)).toBeHidden();
  // The button that opened the form has gone with the empty page.
  await expect(page.getByRole('heading', { name: 'goweb', exact: true })).toBeFocused();
  // A creation is undone by a removal, which asks for the name.
  const created = page.getByRole('group', { name: 'What was changed' });
  await expect(created).toContainText('goweb is created.');
  await created.getByRole('button', { name: 'Undo' }).click();
  const removal = page.getByRole('dialog', { name: 'Remove goweb' });
  await expect(removal.getByRole('button', { name: 'Remove', exact: true })).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(created).toHaveCount(0);
  await expect(panel(page)).toContainText('overall progress: 3 out of 3 tasks');
  await expect(panel(page)).toContainText('verify: Service goweb converged');
  await expect(panel(page)).toContainText(/converged in \d+\.\d s/);
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
  const { Mode, EndpointSpec, TaskTemplate } = await specOf(swarm);
  expect(Mode).toEqual({ Replicated: { Replicas: 3 } });
  expect(EndpointSpec?.Ports).toEqual([
    { Protocol: 'tcp', TargetPort: 8080, PublishedPort: 8888, PublishMode: 'ingress' },
  ]);
  expect(TaskTemplate.ContainerSpec?.Image).toMatch(/^carmeloc\/goweb:1\.0@sha256:/);

  const curl = page.getByRole('region', { name: 'Curl panel' });
  await curl.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await curl.getByRole('button', { name: 'Stop', exact: true }).click();
});

test('what is wrong is said at its field while it is typed, and nothing is sent', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  await panel(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Create another service' }).click();
  const sent = changesOf(page);
  await expect(field(page, 'Name')).toHaveValue('goweb2');
  await field(page, 'Name').fill('go web; rm -rf /');
  await expectNote(field(page, 'Name'), 'A name has letters (a to z), digits, - and _ only.');
  await field(page, 'Image').fill('');
  await expectNote(field(page, 'Image'), 'An image is required.');
  await field(page, 'Replicas').fill('-3');
  await expectNote(field(page, 'Replicas'), /^Enter a whole number from 0 to \d+/);
  await field(page, /^Published of port 1/).fill('99999');
  await expectNote(field(page, /^Published of port 1/), 'Enter a whole number from 0 to 65535.');
  await group(page, 'Mode and placement').click();
  await dialog(page).getByRole('button', { name: 'Add constraint' }).click();
  await expect(field(page, 'Constraint 1')).toBeFocused();
  await page.keyboard.type('node.role=worker');
  await expectNote(field(page, 'Constraint 1'), /^A constraint needs == or !=/);
  await group(page, 'Environment').click();
  await dialog(page).getByRole('button', { name: 'Add variable' }).click();
  await page.keyboard.type('ÄÖ');
  await dialog(page).getByRole('button', { name: 'Add variable' }).click();
  await page.keyboard.type('ÄÖ');
  await expectNote(field(page, 'Name of variable 2'), 'This name is there already.');
  await group(page, 'Labels').click();
  await dialog(page).getByRole('button', { name: 'Add label' }).click();
  await page.keyboard.type('com.docker.swarm.x');
  await expectNote(field(page, 'Name of label 1'), /^Swarm sets the labels/);
  // A field that was never touched, in a group that is closed.
  await group(page, 'Labels').click();
  await expect(dialog(page)).toContainText('7 fields are wrong');
  await expectNoViolations(page);
  await confirm(page, 'Create').click();
  await expect(field(page, 'Name')).toBeFocused();
  expect(sent).toEqual([]);

  await field(page, 'Name').fill('shop');
  await field(page, 'Image').fill('nginx:1');
  await field(page, 'Replicas').fill('2');
  await field(page, /^Published of port 1/).fill('');
  await field(page, 'Constraint 1').fill('node.role==worker');
  await dialog(page).getByRole('button', { name: 'Remove ÄÖ' }).last().click();
  await group(page, 'Labels').click();
  await field(page, 'Name of label 1').fill('shop.owner');
  await expect(dialog(page)).not.toContainText('wrong');
  // nginx has no build for the Zeros, and workers are Zeros only.
  await expect(check(page, /^.*The image is for linux\/arm\/v7/)).toHaveAttribute(
    'data-check',
    'warning',
  );
  await confirm(page, 'Create').click();
  await expect(dialog(page)).toBeHidden();
  await expect(panel(page, 'shop')).toBeVisible();
  expect(await specOf(swarm, 'shop')).toMatchObject({
    Labels: { 'shop.owner': '' },
    TaskTemplate: {
      ContainerSpec: { Env: ['ÄÖ='] },
      Placement: { Constraints: ['node.role==worker'] },
    },
  });
});

test.describe('what others have', () => {
  test.use({ allowedErrors: [/status of 4(09|12|22)/] });

  test('a name and a port that are taken are refused at their fields, before and after it is sent', async ({
    page,
    swarm,
  }) => {
    await page.goto('/');
    await panel(page).getByRole('button', { name: 'More actions' }).click();
    await page.getByRole('button', { name: 'Create another service' }).click();
    const sent = changesOf(page);
    await field(page, 'Name').fill('goweb');
    await field(page, /^Published of port 1/).fill('8888');
    await expectNote(field(page, 'Name'), 'There is a service called goweb already.');
    await expectNote(
      field(page, /^Published of port 1/),
      'Port 8888 is published by goweb already.',
    );
    await confirm(page, 'Create').click();
    await expect(field(page, 'Name')).toBeFocused();
    expect(sent).toEqual([]);

    await field(page, 'Name').fill('shop');
    await field(page, /^Published of port 1/).fill('9999');
    await expect(check(page, 'Port 9999 is free.')).toBeVisible();
    // Somebody else is faster.
    await page.route('**/api/services', async (route) => {
      await createService(swarm, 'shop');
      await route.continue();
    });
    await confirm(page, 'Create').click();
    await expectNote(field(page, 'Name'), /already|conflict/);
    await expect(field(page, 'Name')).toBeFocused();
    await expect(field(page, /^Published of port 1/)).toHaveValue('9999');

    // What only the engine can know.
    await page.unroute('**/api/services');
    await field(page, 'Name').fill('shop2');
    await group(page, 'Container').click();
    await field(page, 'Hostname').fill('{{.Foo}}');
    await group(page, 'Container').click();
    await confirm(page, 'Create').click();
    await expectNote(field(page, 'Hostname'), /expanding hostname failed/);
    await expect(field(page, 'Hostname')).toBeFocused();
    expect((await services(swarm)).map(({ Spec }) => Spec.Name)).not.toContain('shop2');
  });

  test('a change that was made meanwhile is shown, and what was typed is kept', async ({
    page,
    swarm,
  }) => {
    await withSecrets(swarm);
    await openUpdate(page);
    await field(page, 'Image').fill('carmeloc/goweb:1.1');
    await field(page, 'Replicas').fill('4');
    await expect(dialog(page).locator('[data-checks="checked"]')).toHaveCount(1);
    const scaled = (count: number) =>
      updateService(swarm, 'goweb', (spec) => ({
        ...spec,
        Labels: { team: 'blue' },
        Mode: { Replicated: { Replicas: count } },
      }));
    let answered = 0;
    await page.route('**/api/services/*', async (route) => {
      const request = route.request();
      const isSent = request.method() === 'PATCH' && !request.url().includes('dry-run');
      if (isSent && answered++ === 0) await scaled(2);
      await route.continue();
    });
    await confirm(page, 'Update').click();
    await expect(dialog(page)).toContainText('goweb is no longer as it was when you looked.');
    const theirs = dialog(page).getByRole('region', { name: 'Changed meanwhile' });
    await expect(theirs).toContainText(/Replicas\s*3.*2/);
    await expect(theirs).toContainText('team');
    await expect(field(page, 'Image')).toHaveValue('carmeloc/goweb:1.1');
    await expect(field(page, 'Replicas')).toHaveValue('4');
    await expect(field(page, 'Replicas')).toHaveAccessibleDescription(
      'Somebody else has changed this, too. Your value is kept.',
    );
    await expectNoViolations(page);
    await confirm(page, 'Update').click();
    await expect(dialog(page)).toBeHidden();
    expect(await specOf(swarm)).toMatchObject({
      Labels: { team: 'blue' },
      Mode: { Replicated: { Replicas: 4 } },
      TaskTemplate: { ContainerSpec: { Env: ['TOKEN=planted', 'EMPTY=', 'A=1'] } },
    });
  });
});

test('an update sends what was edited, after the difference was shown; hidden values stay', async ({
  page,
  swarm,
}) => {
  await withSecrets(swarm);
  await openUpdate(page);
  await expect(field(page, 'Image')).toHaveValue('carmeloc/goweb:1.0');
  await expect(confirm(page, 'Update')).toBeDisabled();
  await field(page, 'Image').fill('carmeloc/goweb:1.1');
  await group(page, 'Environment').click();
  await expect(dialog(page)).not.toContainText('planted');
  await expect(field(page, 'Value of variable 1')).toHaveAttribute('placeholder', 'hidden');
  await field(page, 'Value of variable 3').fill('2');
  await dialog(page).getByRole('button', { name: 'Add variable' }).click();
  await page.keyboard.type('NEW');
  await page.keyboard.press('Tab');
  await page.keyboard.type("it's new");
  await group(page, 'Mode and placement').click();
  await dialog(page).getByRole('button', { name: 'Add constraint' }).click();
  await page.keyboard.type('node.role==worker');

  const changes = dialog(page).getByRole('region', { name: 'What changes' });
  // The image, its platforms, two variables and the constraint.
  await expect(changes.getByRole('listitem')).toHaveCount(5);
  await expect(changes).toContainText(/Image\s*carmeloc\/goweb:1\.0.*carmeloc\/goweb:1\.1/);
  await expect(changes).toContainText('node.role==worker');
  await expect(changes).toContainText(/Every task .*is replaced, one at a time\./);
  await expect(dialog(page)).toContainText(
    String.raw`docker service update --image carmeloc/goweb:1.1 --env-add A=2 --env-add 'NEW=it'\''s new' --constraint-add node.role==worker goweb`,
  );
  const sent = page.waitForRequest(
    (request) => request.method() === 'PATCH' && !request.url().includes('dry-run'),
  );
  await confirm(page, 'Update').click();
  const request = await sent;
  expect(request.postDataJSON()).toEqual({
    image: 'carmeloc/goweb:1.1',
    env: { A: '2', NEW: "it's new" },
    constraints: { add: ['node.role==worker'] },
  });
  expect(request.headers()['if-match']).toMatch(/^"/);
  await expect(dialog(page)).toBeHidden();
  const outcome = page.getByRole('group', { name: 'What was changed' });
  await expect(outcome).toContainText('goweb is being updated.');
  await expect(outcome.getByRole('listitem')).toHaveCount(5);
  const { ContainerSpec, Placement } = (await specOf(swarm)).TaskTemplate;
  expect(ContainerSpec).toMatchObject({
    Image: expect.stringMatching(/^carmeloc\/goweb:1\.1@sha256:/),
    Env: ['TOKEN=planted', 'EMPTY=', 'A=2', "NEW=it's new"],
  });
  expect(Placement).toMatchObject({ Constraints: ['node.role==worker'] });
  await expect(panel(page)).toContainText(/converged in \d+\.\d s/);

  // The values are there for those who ask.
  await panel(page).getByRole('button', { name: 'Update', exact: true }).click();
  await group(page, 'Environment').click();
  await dialog(page).getByRole('button', { name: 'Show values' }).click();
  await expect(field(page, 'Value of variable 1')).toHaveValue('planted');
  await dialog(page).getByRole('button', { name: 'Remove EMPTY' }).click();
  await confirm(page, 'Update').click();
  await expect(dialog(page)).toBeHidden();
  await expect
    .poll(async () => (await specOf(swarm)).TaskTemplate.ContainerSpec?.Env)
    .toEqual(['TOKEN=planted', 'A=2', "NEW=it's new"]);
});

test('by keyboard alone; closing loses nothing', async ({ page, swarm }) => {
  await page.goto('/');
  await panel(page).getByRole('button', { name: 'Update', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(field(page, 'Image')).toBeFocused();
  // Past the tag's choice and the explanation of the word.
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await expect(field(page, 'Replicas')).toBeFocused();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('many');
  await page.keyboard.press('Enter');
  await expect(field(page, 'Replicas')).toBeFocused();
  await expectNote(field(page, 'Replicas'), /^Enter a whole number/);
  await page.keyboard.press('Escape');
  await expect(dialog(page)).toBeHidden();
  await expect(panel(page).getByRole('button', { name: 'Update', exact: true })).toBeFocused();

  await page.keyboard.press('Enter');
  await expect(field(page, 'Replicas')).toHaveValue('many');
  await field(page, 'Replicas').focus();
  await page.keyboard.press('Control+A');
  await page.keyboard.type('2');
  await page.keyboard.press('Enter');
  await expect(dialog(page)).toBeHidden();
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(2);

  // The draft was sent, so the form starts anew.
  await page.keyboard.press('Enter');
  await expect(field(page, 'Replicas')).toHaveValue('2');
  await expect(dialog(page).getByRole('button', { name: 'Discard edits' })).toBeHidden();
});

test('on a phone the form is a sheet of one column with all of its fields', async ({
  page,
  swarm,
}) => {
  await withSecrets(swarm);
  await page.setViewportSize({ width: 390, height: 844 });
  await openUpdate(page);
  for (const summary of await dialog(page).locator('summary').all()) await summary.click();
  await dialog(page).getByRole('button', { name: 'Add preference' }).click();
  await expect(field(page, 'Preference 1')).toBeFocused();
  for (const width of [360, 390]) {
    await page.setViewportSize({ width, height: 844 });
    expect(await sticksOut(page), `${width} px`).toBeLessThanOrEqual(0);
    const wider = await dialog(page).evaluate((element) =>
      [element, ...element.querySelectorAll('*')]
        .filter(({ scrollWidth, clientWidth }) => clientWidth > 60 && scrollWidth > clientWidth + 1)
        .map(({ tagName, className }) => `${tagName} ${className}`)
        .filter((name) => !/^(INPUT|SELECT|OPTION)|truncate/.test(name)),
    );
    expect(wider).toEqual([]);
  }
  await expectNoViolations(page);
  // The difference is below the fields; the line above the buttons says what is in it.
  const brief = dialog(page).locator('[data-brief]');
  await field(page, 'Preference 1').fill('spread=node.labels.zone');
  await field(page, 'Replicas').fill('2');
  await expect(brief).toHaveText(/^Changes: Replicas, .*reference/);
  await expect(brief).toBeInViewport();
  // It leads there.
  await brief.click();
  const command = dialog(page).getByRole('region', { name: 'Equivalent command' });
  await expect(command).toBeInViewport({ ratio: 1 });
  await expect(command).toContainText('docker service update --replicas 2');
  await field(page, 'Replicas').fill('x');
  await expect(dialog(page)).toContainText('1 field is wrong');
  await expect(brief).toHaveCount(0);
  const small = await dialog(page)
    .locator('input:not([type=checkbox]), select, textarea, button:not([data-term]), summary')
    .evaluateAll((all) =>
      all
        .filter((element) => element.checkVisibility({ visibilityProperty: true }))
        .map((element) => [element.outerHTML.slice(0, 80), element.getBoundingClientRect().height])
        .filter(([, height]) => Number(height) < 44),
    );
  expect(small).toEqual([]);
});

test('on a phone a message in a folded group is not below the shadow at the end', async ({
  page,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await openUpdate(page);
  const wrong = field(page, 'Stop grace period');
  await group(page, 'Container').click();
  await wrong.fill('many');
  await group(page, 'Container').click();
  await expect(wrong).toHaveCount(0);
  await field(page, 'Image').focus();
  await confirm(page, 'Update').click();
  await expect(wrong).toBeFocused();
  const message = dialog(page).locator('[data-field-note].text-bad');
  await expect(message).toHaveCount(1);
  const below = await message.evaluate((note) => {
    const box = note.closest('.max-md\\:scrolls') ?? document.body;
    return box.getBoundingClientRect().bottom - note.getBoundingClientRect().bottom;
  });
  // The shadow is 10 px high.
  expect(below).toBeGreaterThanOrEqual(12);
});

test.describe('a server that is gone', () => {
  test.use({ allowedErrors: [/status of 40[13]|ERR_/] });

  test('leaves the form as it is, and it can be sent when it is back', async ({
    page,
    start,
    swarm,
  }) => {
    const dashboard = await start();
    await page.goto(dashboard.url);
    await panel(page).getByRole('button', { name: 'Update', exact: true }).click();
    await field(page, 'Replicas').fill('4');
    await dashboard.stop('SIGKILL');
    await expect(dialog(page).getByRole('alert')).toContainText('Waiting');
    await expect(confirm(page, 'Update')).toBeDisabled();
    await expect(field(page, 'Replicas')).toHaveValue('4');
    await dashboard.restart();
    await expect(confirm(page, 'Update')).toBeEnabled();
    await confirm(page, 'Update').click();
    await expect(dialog(page)).toBeHidden();
    await expect.poll(() => running(swarm, 'goweb')).toHaveLength(4);
  });
});
