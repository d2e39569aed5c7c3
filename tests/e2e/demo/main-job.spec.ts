import type { Page } from '@playwright/test';
import { expectBoardShows, node } from '../support/board';
import { createService, running, updateService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** The main job on the demo, with what a lab of PCs cannot show: ARMv6 boards, absent places, many replicas. */

const open = async (page: Page) => {
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('live');
};

test('a ClusterHAT: ctrl is an armv7l, the Zeros are armv6l with one core and an older engine', async ({
  page,
  swarm,
}) => {
  await open(page);
  for (const fact of ['manager', 'armv7l', '4 cpu', /92[67] MiB/, '29.7.0', 'leader'])
    await expect(node(page, 'ctrl')).toContainText(fact);
  for (const [i, name] of ['zero1', 'zero2', 'zero3', 'zero4'].entries()) {
    for (const fact of [
      'worker',
      'armv6l',
      '1 cpu',
      '427 MiB',
      '28.',
      swarm.addresses[i + 1] ?? '',
    ])
      await expect(node(page, name)).toContainText(fact);
  }
  await expect(node(page, 'zero4')).toContainText('28.2.2');
  await expectBoardShows(page, 3, () => running(swarm, 'goweb'));
});

test('clicking + twice converges at five; the board equals the engine’s list', async ({
  page,
  swarm,
}) => {
  await open(page);
  const more = page.getByRole('button', { name: 'Add one goweb replica' });
  await more.click();
  await more.click();
  await expect(page.getByLabel('Replicas of goweb')).toHaveValue('5');
  const panel = page.getByRole('region', { name: 'goweb', exact: true });
  await expect(panel).toContainText('overall progress: 5 out of 5 tasks');
  await expect(panel).toContainText('verify: Service goweb converged');
  await expectBoardShows(page, 5, () => running(swarm, 'goweb'));
});

test('a run of the curl panel is even to within one request, and each answer lights its task', async ({
  page,
}) => {
  await open(page);
  const panel = page.getByRole('region', { name: 'Curl panel' });
  await panel.getByRole('radio', { name: '10/s' }).check();
  await panel.getByLabel('Duration').selectOption('10 s');
  await panel.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await expect(panel).toContainText('Finished');
  await expect(panel.getByRole('heading', { name: /even to within 1 request/ })).toBeVisible();
});

test('shows each of fifty replicas and scales back to three', async ({ page, swarm }) => {
  await open(page);
  const field = page.getByLabel('Replicas of goweb');
  await field.fill('50');
  await field.press('Enter');
  await expect(page.getByText('50 of 50 running')).toBeVisible();
  await expect.poll(() => page.locator('[data-node] [data-state="running"]').count()).toBe(50);
  await expectBoardShows(page, 50, () => running(swarm, 'goweb'));
  await page.getByRole('button', { name: 'Scale to 3' }).click();
  await expect(page.getByText('3 of 3 running')).toBeVisible();
});

test('a service above the limit shows a sentence and accepts any lower number', async ({
  page,
  swarm,
}) => {
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 102 } },
  }));
  await open(page);
  const limit = page.getByText('This page scales to at most 100 replicas (MAX_REPLICAS).');
  await expect(limit).toBeVisible();
  await expect(page.getByRole('button', { name: 'Remove one goweb replica' })).toBeDisabled();
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeDisabled();
  const field = page.getByLabel('Replicas of goweb');
  await field.fill('101');
  await expect(limit).toBeVisible();
  await expect(page.getByRole('button', { name: 'Scale to 101' })).toHaveCount(0);
  await field.fill('2');
  await page.getByRole('button', { name: 'Scale to 2', exact: true }).click();
  await expect(page.getByText('2 of 2 running')).toBeVisible();
});

test('a global service has one task on each node and no scale control', async ({ page, swarm }) => {
  await open(page);
  await createService(swarm, 'everywhere', { Mode: { Global: {} } });
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']) {
    const chip = node(page, name).locator('[data-slot=""][data-state="running"]');
    await expect(chip).toHaveCount(1);
    await expect(chip).toContainText('everywhere');
  }
  await page.getByRole('tab', { name: 'Services' }).click();
  const row = page.getByRole('tabpanel').getByRole('row').filter({ hasText: 'everywhere' });
  await expect(row).toContainText('global');
  await expect(row).toContainText('5/5');
});

test('a job whose retries are used up shows its last failure, and that it is final', async ({
  page,
  swarm,
}) => {
  await open(page);
  await createService(swarm, 'backup', {
    Mode: { ReplicatedJob: { MaxConcurrent: 1, TotalCompletions: 1 } },
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0', Args: ['-nosuch'] },
      RestartPolicy: { Condition: 'on-failure', Delay: 300_000_000, MaxAttempts: 1 },
      ForceUpdate: 0,
      Runtime: 'container',
    },
  });
  await page.getByLabel('Service shown').selectOption({ label: 'backup 0/1 (0/1 completed)' });
  const panel = page.getByRole('region', { name: 'backup' });
  const final = 'Swarm starts no further attempt: the restart policy allows none.';
  await expect(panel).toContainText(final);
  await expect(panel).toContainText('task: non-zero exit (2)');
  await expect(panel).toContainText('backup.0');
  // What can be done about it, each with its command.
  await panel.getByRole('button', { name: /^backup\.0 failed/ }).click();
  const ways = panel.getByRole('group', { name: 'What to do' });
  await expect(ways.getByRole('button')).toHaveText(['Show logs', 'Change image', 'Run again']);
  await ways.getByRole('button', { name: 'Run again' }).click();
  const again = page.getByRole('dialog', { name: 'Run backup again' });
  await expect(again).toContainText('docker service update --force backup');
  await expect(again).toContainText('backup is a job: it starts again from the beginning.');
  await page.keyboard.press('Escape');
  // Both attempts are of slot 0, whichever nodes they ran on: the board shows the last one.
  const chips = page.locator('[data-board] [data-task]').filter({ hasText: 'backup' });
  await expect(chips).toHaveCount(1);
  await expect(chips).toContainText('Failed 1 time before');
  await expect(chips).toHaveAttribute('data-slot', '0');
});

test('without services shows the five nodes and how to begin', async ({
  page,
  startSwarm,
  start,
}) => {
  const empty = await startSwarm({ replicas: 0 });
  const { url } = await start({ dockerHost: empty.dockerHost });
  await page.goto(url);
  await expect(page.locator('[data-node][data-state="ready"]')).toHaveCount(5);
  await expect(page.locator('[data-task]')).toHaveCount(0);
  // The command that the form shows, too.
  await expect(page.getByRole('main')).toContainText(
    'docker service create --name goweb --replicas 3 --publish 8888:8080 carmeloc/goweb:1.0',
  );
  await createService(empty, 'goweb');
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
});

test('a place without a node stays on the board with instructions', async ({ page, start }) => {
  const { url } = await start({ env: { CLUSTERHAT_NODES: 'ctrl,zero1,nobody,zero3,zero4' } });
  await page.goto(url);
  const names = () =>
    page
      .locator('[data-node]')
      .evaluateAll((all) => all.map((one) => one.getAttribute('data-node')));
  await expect.poll(names).toEqual(['ctrl', 'zero1', 'nobody', 'zero3', 'zero4', 'zero2']);
  const place = page.getByRole('article', { name: 'nobody: not in the swarm' });
  await expect(place).toContainText('Powered off, or not joined yet.');
  await expect(place).toHaveAttribute('data-state', 'absent');
  await place.getByRole('button', { name: 'Show the join command' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Show the join command' }).click();
  await expect(page.getByRole('dialog')).toContainText('docker swarm join --token SWMTKN-');
  await page.keyboard.press('Escape');
  // zero2 is still shown, below the HAT.
  await expect(page.getByRole('region', { name: 'Other nodes' })).toContainText('zero2');
});

for (const [what, answer, words] of [
  [
    'of another build asks to reload',
    { json: { line: 'docker' }, headers: { 'x-clusterhat-build': 'another' } },
    ['The dashboard was upgraded', 'Reload the page.'],
  ],
  [
    'that a proxy stripped of its build names the header',
    { json: { command: 'docker' } },
    ["The answer lacks the dashboard's header x-clusterhat-build.", 'such as a proxy'],
  ],
  [
    "that is a proxy's own page is called that",
    { body: '<h1>Welcome</h1>', contentType: 'text/html' },
    ['Another program answered in place of the dashboard.', 'such as a proxy'],
  ],
] as const) {
  test(`in the join dialog an answer ${what}`, async ({ page, start }) => {
    const { url } = await start({ env: { CLUSTERHAT_NODES: 'ctrl,absent' } });
    await page.route('**/api/join-command', (route) => route.fulfill(answer));
    await page.goto(url);
    await page.getByRole('button', { name: 'Show the join command' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Show the join command' }).click();
    for (const each of words) await expect(dialog).toContainText(each);
    await expect(dialog.getByText('SWMTKN')).toHaveCount(0);
  });
}

test('a rolling update shows old and new tasks until all are new', async ({ page, swarm }) => {
  await open(page);
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { Image: 'carmeloc/goweb:1.1' } },
    // Old and new tasks side by side for a while.
    UpdateConfig: {
      Parallelism: 1,
      Delay: 3e9,
      FailureAction: 'pause',
      MaxFailureRatio: 0,
      Order: 'stop-first',
    },
  }));
  await expect(page.locator('[data-task]', { hasText: 'old version' }).first()).toBeVisible();
  const panel = page.getByRole('region', { name: 'goweb', exact: true });
  await expect(panel).toContainText('carmeloc/goweb:1.1');
  await expect(panel).toContainText('verify: Service goweb converged');
  await expect(page.locator('[data-task]', { hasText: 'old version' })).toHaveCount(0);
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(3);
});

test('an update to a crashing image shows the failure with its reason, then the rollback', async ({
  page,
  swarm,
}) => {
  await open(page);
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    TaskTemplate: { ...spec.TaskTemplate, ContainerSpec: { Image: 'carmeloc/goweb:crash' } },
    UpdateConfig: {
      Parallelism: 1,
      FailureAction: 'rollback',
      Monitor: 5e9,
      MaxFailureRatio: 0,
      Order: 'stop-first',
    },
  }));
  const failed = page.locator('[data-task][data-state="failed"]').first();
  // Checked at once: the failed task disappears soon after the rollback's task takes its slot.
  await expect(failed).toContainText(
    /non-zero exit \(1\).*The program itself ended with an error/s,
  );
  const panel = page.getByRole('region', { name: 'goweb', exact: true });
  await expect(panel).toContainText(/rolling back update: \d out of 3 tasks/);
  await expect(panel).toContainText('carmeloc/goweb:1.0');
  await expect(panel).toContainText('verify: Service goweb converged');
  await expect(page.locator('[data-node] [data-task][data-state="running"]')).toHaveCount(3);
});

test('an image for PCs fits no Pi, and the board shows the reason', async ({ page, swarm }) => {
  await open(page);
  await createService(swarm, 'foreign', {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:amd64' },
      Placement: { Platforms: [{ Architecture: 'amd64', OS: 'linux' }] },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: 1 } },
  });
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  await expect(lane).toContainText('unsupported platform on 5 nodes');
  await expect(lane).toContainText('Build it for linux/arm/v6');
});

test('an ARMv7 image runs on ctrl and exits with 132 on a Zero, with an explanation', async ({
  page,
  swarm,
}) => {
  await open(page);
  await createService(swarm, 'newer', {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:armv7' },
      RestartPolicy: { Condition: 'on-failure', Delay: 30e9 },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Global: {} },
  });
  const failed = node(page, 'zero1').locator('[data-task][data-state="failed"]');
  await expect(failed).toContainText('non-zero exit (132)');
  await expect(failed).toContainText('a Pi Zero is ARMv6');
  const runs = node(page, 'ctrl').locator('[data-task][data-state="running"]', {
    hasText: 'newer',
  });
  await expect(runs).toHaveCount(1);
});
