import type { Page } from '@playwright/test';
import { docker, removeService, SWARM_TIME, tasksOf } from '../support/lab';
import { expect, test } from '../support/fixtures';

/**
 * The tutorial in the browser, from an empty swarm to the last request: each step leaves the swarm as the docker command
 * does that the page shows for it. A second service is made by those commands, with the docker client.
 */

const BY_CLIENT = 'client';
const panel = (page: Page) => page.getByRole('region', { name: 'goweb', exact: true });
const curl = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const dialog = (page: Page) => page.getByRole('dialog');
const field = (page: Page, label: string) => dialog(page).getByLabel(label, { exact: true });
const press = (page: Page, name: string) =>
  dialog(page).getByRole('button', { name, exact: true }).click();

/** The command that a dialog shows, for the service of the docker client. */
async function clientCommand(page: Page): Promise<string[]> {
  const shown = dialog(page).getByRole('region', { name: 'Equivalent command' });
  const command = /docker service .*/.exec(await shown.innerText())?.[0].trim() ?? '';
  const [program, ...words] = command.split(' ');
  expect(program).toBe('docker');
  return words.map((word) => word.replace(/^goweb$/, BY_CLIENT).replace('8888:', '8889:'));
}

/** Runs a command of the docker client without its wait, which is as long as the page's. */
async function byClient([service = '', action = '', ...words]: readonly string[]): Promise<void> {
  await docker(service, action, '--detach', ...words);
}

/** What should be of a service: all that the engine has of it, but for its name and its port. */
async function specOf(name: string): Promise<unknown> {
  const [json = '{}'] = await docker('service', 'inspect', '--format', '{{json .Spec}}', name);
  const spec = JSON.parse(json) as {
    Name: string;
    EndpointSpec: { Ports: { PublishedPort: number }[] };
  };
  const { Name, EndpointSpec, ...others } = spec;
  expect(Name).toBe(name);
  const Ports = EndpointSpec.Ports.map((port) => ({ ...port, PublishedPort: 0 }));
  return { ...others, EndpointSpec: { ...EndpointSpec, Ports } };
}

async function expectAlike(): Promise<void> {
  expect(await specOf('goweb')).toEqual(await specOf(BY_CLIENT));
}

async function expectConverged(page: Page, tasks: number): Promise<void> {
  await expect(panel(page)).toContainText(
    `overall progress: ${tasks} out of ${tasks} tasks`,
    SWARM_TIME,
  );
  await expect(panel(page)).toContainText(/verify: Service (goweb )?converged/, SWARM_TIME);
  await expect.poll(() => tasksOf('goweb'), SWARM_TIME).toHaveLength(tasks);
}

/** Sends a burst, of which each task answers as many. */
async function burst(page: Page, expected: readonly number[]): Promise<void> {
  await curl(page).getByRole('radio', { name: 'Burst' }).check();
  await curl(page).getByRole('button', { name: 'Start', exact: true }).click();
  const rows = curl(page)
    .getByRole('table', { name: /answers/i })
    .first()
    .getByRole('row');
  const counts = () =>
    rows.evaluateAll((all) =>
      all
        .slice(1)
        .map((row) => Number(/\b(?:20|3[34])\b/.exec((row as HTMLElement).innerText)?.[0]))
        .sort((a, b) => a - b),
    );
  // Until then the numbers are those of the run before.
  await expect.poll(counts).toEqual(expected);
  await expect(curl(page)).toContainText('Finished');
  await expect(curl(page)).toContainText(/answered\s*100/);
}

test.afterAll(async () => {
  for (const name of [BY_CLIENT, 'goweb']) await removeService(name);
});

test('from an empty swarm to the last request, as the commands do it', async ({ page }) => {
  for (const name of await docker('service', 'ls', '--format', '{{.Name}}')) {
    await removeService(name);
  }
  await page.goto('/');
  await page.getByRole('button', { name: 'Create service' }).click();
  await expect(field(page, 'Name')).toHaveValue('goweb');
  const create = await clientCommand(page);
  expect(create).toEqual(
    `service create --name ${BY_CLIENT} --replicas 3 --publish 8889:8080 carmeloc/goweb:1.0`.split(
      ' ',
    ),
  );
  // The lab's machines run ARM programs by emulation, which their engines do not list.
  await expect(dialog(page)).toContainText('The image is for linux/arm/v6');
  await press(page, 'Create');
  await expect(dialog(page)).toBeHidden();
  await expectConverged(page, 3);
  await expect(panel(page)).toContainText(/converged in \d+\.\d s/);
  await byClient(create);
  await expectAlike();
  expect(new Set((await tasksOf('goweb')).map((task) => task.split(' ')[1])).size).toBe(3);

  await burst(page, [33, 33, 34]);

  const more = page.getByRole('button', { name: 'Add one goweb replica' });
  await more.click();
  await more.click();
  await expectConverged(page, 5);
  await byClient(['service', 'scale', `${BY_CLIENT}=5`]);
  await expectAlike();
  await burst(page, [20, 20, 20, 20, 20]);

  // Beyond the tutorial: what people do next, by the command that the form shows.
  await panel(page).getByRole('button', { name: 'Update', exact: true }).click();
  await dialog(page).locator('summary').filter({ hasText: 'Environment' }).click();
  await dialog(page).getByRole('button', { name: 'Add variable' }).click();
  await field(page, 'Name of variable 1').fill('GREETING');
  await field(page, 'Value of variable 1').fill('Hello');
  await dialog(page).locator('summary').filter({ hasText: 'Labels' }).click();
  await dialog(page).getByRole('button', { name: 'Add label' }).first().click();
  await field(page, 'Name of label 1').fill('stage');
  await field(page, 'Value of label 1').fill('two');
  await expect(dialog(page)).toContainText('--label-add stage=two');
  const update = await clientCommand(page);
  await press(page, 'Update');
  await expect(dialog(page)).toBeHidden();
  await byClient(update);
  await expectAlike();

  await panel(page).getByRole('button', { name: 'Restart', exact: true }).click();
  await press(page, 'Restart');
  await expect(dialog(page)).toBeHidden();
  await byClient(['service', 'update', '--force', BY_CLIENT]);
  await expectAlike();

  await panel(page).getByRole('button', { name: 'Roll back', exact: true }).click();
  await press(page, 'Roll back');
  await expect(dialog(page)).toBeHidden();
  await byClient(['service', 'rollback', BY_CLIENT]);
  await expectAlike();
  await expectConverged(page, 5);

  await panel(page).getByRole('button', { name: 'More actions' }).click();
  await page.getByRole('button', { name: 'Remove', exact: true }).click();
  await dialog(page).getByLabel('Type goweb to confirm').fill('goweb');
  await press(page, 'Remove');
  await expect(panel(page)).toHaveCount(0);
  expect(await docker('service', 'ls', '--format', '{{.Name}}')).toEqual([BY_CLIENT]);
});

test('an update whose tasks crash is diagnosed, rolled back and verified in under a minute', async ({
  page,
  seed,
}) => {
  await seed();
  const before = await specOf('goweb');
  await page.goto('/');
  await expectConverged(page, 3);
  await panel(page).getByRole('button', { name: 'Update', exact: true }).click();
  await dialog(page).locator('summary').filter({ hasText: 'Container' }).click();
  await field(page, 'Arguments').fill('-nosuch');
  await expect(dialog(page).getByRole('region', { name: 'What changes' })).toContainText('-nosuch');
  await press(page, 'Update');
  await expect(dialog(page)).toBeHidden();
  const began = performance.now();
  // What is wrong, …
  await expect(panel(page)).toContainText(/update (has been|is) paused/i);
  await panel(page).getByRole('button', { name: 'Logs', exact: true }).click();
  const logs = page.getByRole('dialog', { name: /^Logs of / });
  await expect(logs.getByLabel('Log lines')).toContainText('nosuch');
  await page.keyboard.press('Escape');
  // … the way out, …
  await panel(page).getByRole('button', { name: 'Roll back', exact: true }).first().click();
  await expect(dialog(page).getByRole('listitem')).toContainText(['Arguments']);
  await press(page, 'Roll back');
  await expect(dialog(page)).toBeHidden();
  await expectConverged(page, 3);
  // … and that it works again.
  await burst(page, [33, 33, 34]);
  expect(performance.now() - began).toBeLessThan(60_000);
  expect(await specOf('goweb')).toEqual(before);
});

test('the logs of all five nodes stream on one screen', async ({ page, seed }) => {
  await seed({ mesh: false });
  await docker('service', 'scale', '--detach', 'goweb=5');
  await page.goto('/');
  await panel(page).getByRole('button', { name: 'Logs', exact: true }).click();
  const logs = page.getByRole('dialog', { name: /^Logs of / });
  const lines = logs.getByLabel('Log lines').locator('[data-line]');
  await expect(logs.locator('[data-log-status]')).toHaveText('Live');
  await expect
    .poll(() => lines.evaluateAll((all) => new Set(all.map((line) => line.dataset.nodeId)).size))
    .toBe(5);
});
