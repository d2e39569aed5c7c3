import type { Locator, Page } from '@playwright/test';
import { expectNoViolations, sticksOut } from '../support/axe';
import { node } from '../support/board';
import { createService, running, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { GUEST, PASSWORDS, REFUSALS, signIn } from '../support/sign-in';

/** What can be done with a node, in its details: availability, labels, role, removal, and how a node joins. */

const details = (page: Page) => page.locator('[data-details-sheet]');
const action = (page: Page, of: string, name: string) =>
  page.getByRole('group', { name: `Actions of ${of}` }).getByRole('button', { name, exact: true });
const dialog = (page: Page, name: string) => page.getByRole('dialog', { name, exact: true });
const button = (box: Locator, name: string) => box.getByRole('button', { name, exact: true });
const outcome = (page: Page) => page.getByRole('group', { name: 'What was changed' });
const fact = (page: Page, name: string) =>
  details(page)
    .locator('dt', { hasText: new RegExp(`^${name}$`) })
    .locator('xpath=following-sibling::dd[1]');

/** Opens the details of a node. */
async function open(page: Page, name: string, url = '') {
  await page.goto(`${url}/?node=${name}`);
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(details(page)).toBeVisible();
}

/** Opens the reason why a button cannot be used; Playwright clicks no button that is disabled. */
async function whyNot(disabled: Locator) {
  await expect(disabled).toHaveAttribute('aria-disabled', 'true');
  await disabled.press('Enter');
}

/** The paths of the requests that would change something, or ask what it would do. */
function changes(page: Page): string[] {
  const seen: string[] = [];
  page.on('request', (request) => {
    if (request.method() !== 'GET') seen.push(`${request.method()} ${request.url()}`);
  });
  return seen;
}

async function specOf(swarm: DemoSwarm, name: string) {
  const { Spec } = (await swarm.engine('GET', `/nodes/${name}`)) as {
    Spec: { Availability: string; Role: string; Labels: Record<string, string> };
  };
  return Spec;
}

test('a drain says where its tasks go, and an activation offers to spread them again', async ({
  page,
  swarm,
}) => {
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 5 } },
  }));
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(5);
  await open(page, 'zero2');
  await action(page, 'zero2', 'Drain').focus();
  await page.keyboard.press('Enter');
  const drain = dialog(page, 'Drain zero2');
  await expect(drain).toContainText('1 task moves: another node can take it.');
  await expect(drain.getByText(/^zero2 → (ctrl|zero[134])$/)).toBeVisible();
  await expect(drain).toContainText('docker node update --availability drain zero2');
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await expect(drain).toHaveCount(0);
  await expect(action(page, 'zero2', 'Drain')).toBeFocused();

  await page.keyboard.press('Enter');
  await button(drain, 'Drain').click();
  await expect(drain).toHaveCount(0);
  await expect(outcome(page)).toContainText(/zero2 is (being )?drained\./);
  await expect(node(page, 'zero2')).toHaveAttribute('data-availability', 'drain');
  await expect
    .poll(async () => (await running(swarm, 'goweb')).filter((task) => task.endsWith('zero2')))
    .toEqual([]);
  await expect(outcome(page)).toContainText('zero2 is drained.');
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(5);
  await expect(fact(page, 'Availability')).toHaveText('drain');

  await action(page, 'zero2', 'Activate').click();
  const activate = dialog(page, 'Activate zero2');
  await expect(activate).toContainText('running tasks stay where they are');
  await expect(activate).toContainText('zero2 has no task of goweb');
  await expectNoViolations(page);
  await button(activate, 'Activate').click();
  await expect(node(page, 'zero2')).toHaveAttribute('data-availability', 'active');
  await button(outcome(page), 'Rebalance goweb').click();
  const rebalance = dialog(page, 'Rebalance goweb');
  await expect(rebalance.getByText('docker service update --force goweb')).toBeVisible();
  await button(rebalance, 'Rebalance').click();
  await expect
    .poll(async () => (await running(swarm, 'goweb')).map((task) => task.split(' ')[1]).join(' '))
    .toMatch(/zero2/);
  await expect(details(page).locator('[data-node-events]')).toContainText('zero2 was made active');
});

test('a node and a task are shown as the engine has them', async ({ page, swarm }) => {
  await updateService(swarm, 'goweb', (spec) => {
    Object.assign(spec.TaskTemplate.ContainerSpec, { Env: ['TOKEN=planted'] });
    return spec;
  });
  await open(page, 'zero1');
  await button(details(page), 'Inspect').click();
  const ofNode = dialog(page, 'Inspect zero1');
  await expect(ofNode.getByRole('region', { name: 'Node' })).toContainText('Hostname:');
  await expect(ofNode).toContainText('docker node inspect --pretty zero1');
  await expect(ofNode.getByRole('button', { name: 'Show values' })).toHaveCount(0);
  await expectNoViolations(page);
  await ofNode.getByText('JSON', { exact: true }).click();
  await expect(ofNode.getByRole('region', { name: 'JSON' })).toContainText('"Role": "worker"');
  await page.keyboard.press('Escape');
  await expect(button(details(page), 'Inspect')).toBeFocused();

  await expect
    .poll(async () => {
      const tasks = (await swarm.engine('GET', '/tasks')) as {
        Spec: { ContainerSpec: { Env?: string[] } };
        Status: { State: string };
      }[];
      return tasks.some(({ Spec, Status }) => Spec.ContainerSpec.Env && Status.State === 'running');
    })
    .toBe(true);
  await page.goto('/?task=goweb.1');
  await button(details(page), 'Inspect').click();
  const ofTask = dialog(page, 'Inspect goweb.1');
  const json = ofTask.getByRole('region', { name: 'JSON' });
  await expect(json).toContainText('"DesiredState": "running"');
  await expect(ofTask).toContainText('docker inspect --type task ');
  await expect(json).toContainText('TOKEN=(hidden)');
  await button(ofTask, 'Show values').click();
  await expect(json).toContainText('TOKEN=planted');
  await expectNoViolations(page);

  // Hidden at once, also while the server does not answer.
  await page.route(/\/api\/tasks\/[^/]+\/inspect$/, () => {});
  await button(ofTask, 'Hide values').click();
  await expect(button(ofTask, 'Show values')).toBeVisible();
  await expect(ofTask).not.toContainText('planted', { timeout: 1000 });
});

test('a pause keeps the tasks, and another tab sees it', async ({ page, swarm, context }) => {
  const [first = ''] = await running(swarm, 'goweb');
  const [, name = ''] = first.split(' ');
  await open(page, name);
  const other = await context.newPage();
  await open(other, name);
  await action(other, name, 'Pause').click();
  await expect(dialog(other, `Pause ${name}`)).toContainText('keeps running there');

  await action(page, name, 'Pause').click();
  await button(dialog(page, `Pause ${name}`), 'Pause').click();
  await expect(node(page, name)).toHaveAttribute('data-availability', 'pause');
  await expect(action(page, name, 'Pause')).toHaveAttribute('aria-disabled', 'true');
  // The focus stays where it was.
  await expect(action(page, name, 'Pause')).toBeFocused();
  await button(outcome(page), 'Undo').click();
  await expect(dialog(page, `Activate ${name}`)).toContainText('--availability active');
  await page.keyboard.press('Escape');
  // The button that opened the dialog has gone with its note.
  await expect(action(page, name, 'Pause')).toBeFocused();
  const late = dialog(other, `Pause ${name}`);
  await expect(late.getByRole('alert')).toContainText(`${name} is paused already.`);
  await expect(button(late, 'Pause')).toBeDisabled();
  expect(await running(swarm, 'goweb')).toContain(first);
});

test('a hint adds the label that a task waits for; the form adds, changes and removes', async ({
  page,
  swarm,
}) => {
  await createService(swarm, 'web', {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
      Placement: { Constraints: ['node.labels.disk==ssd'] },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: 1 } },
  });
  await page.goto('/?task=web.1');
  await details(page).getByRole('button', { name: 'Add label disk=ssd to zero1' }).click();
  const hint = dialog(page, 'Add label disk=ssd to zero1');
  await expect(hint).toContainText('web.1');
  await expect(hint).toContainText('docker node update --label-add disk=ssd zero1');
  await expectNoViolations(page);
  await button(hint, 'Add label').click();
  await expect(outcome(page)).toContainText('zero1 has the label disk=ssd.');
  await expect.poll(() => running(swarm, 'web')).toEqual(['web.1 zero1']);

  await open(page, 'zero1');
  await expect(details(page)).toContainText('disk=ssd');
  await action(page, 'zero1', 'Labels').click();
  const labels = dialog(page, 'Labels of zero1');
  await expect(labels.locator('[data-label="disk"]')).toContainText('web: node.labels.disk==ssd');
  const sent = changes(page);
  await button(labels, 'Add label').click();
  const name = labels.getByLabel('Name of the new label');
  await expect(name).toBeFocused();
  for (const [typed, message] of [
    ['disk', 'There is a label disk already.'],
    ['a b', 'The name of a label cannot contain spaces and control characters.'],
    ['a=b', 'The name of a label cannot contain =.'],
  ] as const) {
    await name.fill(typed);
    await expect(name).toHaveAttribute('aria-invalid', 'true');
    await expect(labels.getByText(message)).toBeVisible();
    await page.keyboard.press('Enter');
    await expect(button(labels, 'Save')).toBeDisabled();
  }
  expect(sent).toEqual([]);
  await expectNoViolations(page);
  await button(labels, 'Remove the new label').press('Enter');
  await expect(button(labels, 'Add label')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(name).toBeFocused();
  await name.fill('raum');
  await labels.getByLabel('Value of the new label').fill('Küche "1"');
  await labels.getByLabel('Value of disk').fill('hdd');
  await expect(labels.getByText(/^docker node update/)).toHaveText(
    `docker node update --label-add disk=hdd --label-add 'raum=Küche "1"' zero1`,
  );
  await expect(labels).toContainText('1 task would wait, as no other node can take it.');
  await button(labels, 'Keep disk as it is').click();
  await expect(labels).toContainText('No task moves.');
  await labels.getByLabel('Value of the new label').press('Enter');
  await expect(outcome(page)).toContainText('The labels of zero1 are changed.');
  expect((await specOf(swarm, 'zero1')).Labels).toEqual({ disk: 'ssd', raum: 'Küche "1"' });
  await expect(details(page)).toContainText('raum=Küche "1"');

  // Another node is offered what services look for; what another tab removes is no longer there.
  await open(page, 'zero2');
  await action(page, 'zero2', 'Labels').click();
  const second = dialog(page, 'Labels of zero2');
  await button(second, 'Add disk=ssd for web').click();
  await expect(second.getByText(/^docker node update/)).toHaveText(
    'docker node update --label-add disk=ssd zero2',
  );
});

test('a promotion and a demotion show the quorum that they leave; the last manager stays', async ({
  page,
  swarm,
}) => {
  const sent = changes(page);
  await open(page, 'ctrl');
  await action(page, 'ctrl', 'Demote').click();
  const last = dialog(page, 'Demote ctrl');
  await expect(last.getByRole('alert')).toHaveText(
    'ctrl is the last manager: promote another node first.',
  );
  await expect(button(last, 'Demote')).toBeDisabled();
  expect(sent.filter((one) => one.includes('/nodes/'))).toEqual([]);
  await expectNoViolations(page);

  await open(page, 'zero1');
  await action(page, 'zero1', 'Promote').click();
  const promote = dialog(page, 'Promote zero1');
  const row = (box: Locator, what: string) => box.locator(`[data-quorum="${what}"] td`);
  await expect(row(promote, 'managers')).toHaveText(['1', '2']);
  await expect(row(promote, 'needed')).toHaveText(['1', '2']);
  await expect(row(promote, 'tolerated')).toHaveText(['0', '0']);
  await expect(promote).toContainText('Two are no safer than one');
  await expect(promote).toContainText('docker node promote zero1');
  await expectNoViolations(page);
  await button(promote, 'Promote').click();
  await expect(outcome(page)).toContainText('zero1 becomes a manager.');
  await expect(fact(page, 'Role')).toHaveText('manager');
  await action(page, 'zero1', 'Remove').click();
  await expect(dialog(page, 'Remove zero1').getByRole('alert')).toHaveText(
    'zero1 is a manager: demote it first.',
  );
  await page.keyboard.press('Escape');

  await action(page, 'zero1', 'Demote').click();
  const demote = dialog(page, 'Demote zero1');
  await expect(row(demote, 'managers')).toHaveText(['2', '1']);
  await button(demote, 'Demote').click();
  await expect(fact(page, 'Role')).toHaveText('worker');
  expect((await specOf(swarm, 'zero1')).Role).toBe('worker');
});

test.describe('with the details of a node that leaves', () => {
  // They may be asked for once more before the page knows that it has left.
  test.use({ allowedErrors: [/status of 404 .*\/api\/nodes\//] });

  test('a node that is down is removed and joins again; a dialog of one that has left says so', async ({
    page,
    startSwarm,
    start,
  }) => {
    const swarm = await startSwarm({ speed: 8 });
    const { url } = await start({ dockerHost: swarm.dockerHost });
    await open(page, 'zero4', url);
    await action(page, 'zero4', 'Remove').click();
    const remove = dialog(page, 'Remove zero4');
    await expect(remove.getByRole('alert')).toContainText('docker swarm leave');
    await expect(button(remove, 'Remove')).toBeDisabled();
    for (const name of ['zero3', 'zero4']) {
      await swarm.control('/node', { node: name, power: false });
    }
    // It becomes possible in the open dialog.
    await expect(remove).toContainText(
      'zero4 leaves the swarm; to come back it has to join again.',
    );
    await expect(remove).toContainText('docker node rm zero4');
    await expect(button(remove, 'Remove')).toBeEnabled();
    await expectNoViolations(page);
    await button(remove, 'Remove').click();
    await expect(outcome(page)).toContainText('zero4 is removed from the swarm.');
    await expect(details(page)).toContainText('This node has left the swarm.');
    await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'absent');

    await open(page, 'zero3', url);
    await action(page, 'zero3', 'Drain').click();
    const drain = dialog(page, 'Drain zero3');
    await expect(drain).toContainText('docker node update --availability drain zero3');
    await swarm.engine('DELETE', '/nodes/zero3?force=true');
    await expect(drain.getByRole('alert')).toHaveText('zero3 has left the swarm.');
    await expect(button(drain, 'Drain')).toBeDisabled();
  });
});

test('the join command is shown, hidden and renewed by keyboard alone', async ({ page, start }) => {
  const { url } = await start({ env: { CLUSTERHAT_NODES: 'ctrl,zero1,zero2,zero3,spare' } });
  await page.goto(url);
  await node(page, 'spare').getByRole('button', { name: 'Show the join command' }).press('Enter');
  const join = dialog(page, 'Bring spare into the swarm');
  const worker = join.getByRole('group', { name: 'Join as a worker' });
  const show = worker.getByRole('button', { name: 'Show the join command' });
  await show.press('Enter');
  await expect(button(worker, 'Hide')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(show).toBeFocused();

  await button(worker, 'Rotate the token').press('Enter');
  const rotation = worker.getByRole('group', { name: 'Rotate the token' });
  await expect(rotation).toBeFocused();
  await button(rotation, 'Cancel').press('Enter');
  await expect(button(worker, 'Rotate the token')).toBeFocused();
  await page.keyboard.press('Enter');
  await button(rotation, 'Rotate').press('Enter');
  await expect(worker).toContainText('The token is new');
  await expect(button(worker, 'Rotate the token')).toBeFocused();
});

test('the join command is shown on request only, and its token can be rotated', async ({
  page,
  start,
}) => {
  const { url } = await start({ env: { CLUSTERHAT_NODES: 'ctrl,zero1,zero2,zero3,spare' } });
  await page.goto(url);
  const opener = node(page, 'spare').getByRole('button', { name: 'Show the join command' });
  const sent = changes(page);
  await opener.click();
  const join = dialog(page, 'Bring spare into the swarm');
  await expect(join).toContainText('clusterctrl on p4');
  await expect(join).toContainText('docker swarm join --token ••••••••');
  expect(sent.filter((one) => one.endsWith('/join-command'))).toEqual([]);
  await expectNoViolations(page);
  const worker = join.getByRole('group', { name: 'Join as a worker' });
  await worker.getByRole('button', { name: 'Show the join command' }).click();
  const command = worker.getByText(/^docker swarm join --token SWMTKN-/);
  await expect(command).toBeVisible();
  const first = (await command.textContent()) ?? '';

  await button(worker, 'Rotate the token').click();
  await expect(worker).toContainText('Nodes that have joined stay');
  await expect(worker).toContainText('docker swarm join-token --rotate worker');
  await expectNoViolations(page);
  await button(worker, 'Rotate').click();
  await expect(worker.getByRole('status').last()).toContainText('The token is new');
  const second = (await command.textContent()) ?? '';
  expect(second).not.toBe(first);

  await join.getByText('More', { exact: true }).click();
  const manager = join.getByRole('group', { name: 'Join as a manager' });
  await manager.getByRole('button', { name: "Show the manager's join command" }).click();
  const managers = (await manager.getByText(/SWMTKN-/).textContent()) ?? '';
  expect(managers).not.toBe(second);
  await page.setViewportSize({ width: 390, height: 844 });
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await expectNoViolations(page);

  await button(worker, 'Hide').click();
  await expect(command).toHaveCount(0);
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();
  await opener.click();
  await expect(join.getByText(/SWMTKN/)).toHaveCount(0);
  const kept = await page.evaluate(() =>
    JSON.stringify([
      location.href,
      history.state,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
    ]),
  );
  expect(kept).not.toContain('SWMTKN');
});

test('guests see the actions with the reason why not, and the past has none', async ({
  page,
  start,
  swarm,
}) => {
  const { url } = await start({ env: PASSWORDS });
  await open(page, 'zero1', url);
  const drain = action(page, 'zero1', 'Drain');
  await whyNot(drain);
  await expect(page.getByRole('group', { name: 'Why not' })).toContainText('to change things.');
  await expectNoViolations(page);
  await page.goto(url);
  await signIn(page, GUEST);
  await open(page, 'zero1', url);
  await whyNot(drain);
  await expect(page.getByRole('group', { name: 'Why not' })).toContainText(
    'Signed in as a guest: you can start runs, but not change the swarm.',
  );
  await page.goto(`${url}/?tab=nodes`);
  await whyNot(page.getByRole('button', { name: 'Add a node' }));
  await expect(page.getByRole('group', { name: 'Why not' })).toContainText('Signed in as a guest');
  expect((await specOf(swarm, 'zero1')).Availability).toBe('active');
  const time = new Date(Date.now() - 1000).toISOString().replace(/\.\d+/, '');
  await page.goto(`${url}/?node=zero1&time=${time}`);
  await expect(details(page)).toContainText('As it was at');
  await expect(page.getByRole('group', { name: 'Actions of zero1' })).toHaveCount(0);
});

test.describe('with a guest’s session', () => {
  test.use({ allowedErrors: REFUSALS });

  test('what the page does not offer the server refuses', async ({ start }) => {
    const { url } = await start({ env: PASSWORDS });
    const answer = await fetch(`${url}/api/nodes/zero1?dry-run`, {
      method: 'PATCH',
      headers: {
        'content-type': 'application/json',
        authorization: `Basic ${btoa(`:${GUEST}`)}`,
      },
      body: JSON.stringify({ availability: 'drain' }),
    });
    expect(answer.status).toBe(403);
  });
});

/** Where the buttons of zero2 are. */
const places = (page: Page) =>
  Promise.all(
    [action(page, 'zero2', 'Remove'), button(details(page), 'Inspect')].map((one) =>
      one.boundingBox(),
    ),
  );

for (const width of [1440, 390]) {
  test(`what others do to a node moves none of its buttons: ${width} px`, async ({
    page,
    swarm,
  }) => {
    await page.setViewportSize({ width, height: 844 });
    await open(page, 'zero2');
    await expect(details(page)).toContainText('Takes tasks.');
    await expect(details(page).getByRole('table')).toBeVisible();
    const before = await places(page);
    for (const [Availability, words] of [
      ['drain', /Takes no tasks/],
      ['pause', /Takes no new tasks|takes no new ones/],
      ['active', 'Takes tasks.'],
    ] as const) {
      const { Version, Spec } = (await swarm.engine('GET', '/nodes/zero2')) as {
        Version: { Index: number };
        Spec: object;
      };
      const changed = { ...Spec, Availability };
      await swarm.engine('POST', `/nodes/zero2/update?version=${Version.Index}`, changed);
      await expect(details(page)).toContainText(words);
      expect(await places(page)).toEqual(before);
    }
  });
}

test.describe('without an engine', () => {
  // Browsers log each failed request.
  test.use({ allowedErrors: [/status of 503 .*\/api\/nodes\//] });

  test('the buttons of a node stay where they were', async ({ page, swarm }) => {
    await open(page, 'zero2');
    await expect(details(page).getByRole('table')).toBeVisible();
    const before = await places(page);
    await swarm.control('/engine', { running: false });
    await expect(details(page)).toContainText('Not live.');
    await expect(details(page)).toContainText('Not all details can be shown.');
    expect(await places(page)).toEqual(before);
  });
});

test('on a phone', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, 'zero1');
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await action(page, 'zero1', 'Drain').click();
  await expect(dialog(page, 'Drain zero1')).toContainText('docker node update');
  await expectNoViolations(page);
  await page.keyboard.press('Escape');
  await action(page, 'zero1', 'Labels').click();
  const labels = dialog(page, 'Labels of zero1');
  await button(labels, 'Add label').click();
  await labels.getByLabel('Name of the new label').fill('a-very-long-name-'.repeat(12));
  await labels.getByLabel('Value of the new label').fill('<b>"$(x)` \u202e'.repeat(20));
  await expect(labels.getByText(/^docker node update/)).toBeVisible();
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  await expectNoViolations(page);
});
