import type { ServiceSpec } from '@/demo/types';
import { expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { createService, running, services, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { editEach, ODD_CASES } from '../../support/odd-cases';
import { oddEngine } from '../../support/odd-engine';

/** Updates that fail, rollbacks, what is left of removed services and nodes, and clocks that are wrong. */

const HOUR = 3_600_000;

/** Updates goweb as `docker service update` does. */
const update = (swarm: DemoSwarm, change: (spec: ServiceSpec) => void) =>
  updateService(swarm, 'goweb', (spec) => {
    change(spec);
    return spec;
  });

async function goweb(swarm: DemoSwarm) {
  const service = (await services(swarm)).find(({ Spec }) => Spec.Name === 'goweb');
  if (!service) throw new Error('no goweb');
  return service;
}

const toImage =
  (image: string, more: Partial<ServiceSpec> = {}) =>
  (spec: ServiceSpec) => {
    Object.assign(spec, more);
    spec.TaskTemplate.ContainerSpec.Image = image;
  };

const CONFIG = {
  Parallelism: 1,
  Monitor: 1_000_000_000,
  MaxFailureRatio: 0,
  Order: 'stop-first',
} as const;

test('a paused update names the task that failed, and its rollback when it was rolled back', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  await update(swarm, toImage('carmeloc/goweb:crash'));
  const note = page.getByRole('region', { name: 'Update of goweb' });
  await expect(note).toContainText(/The update has been paused since \d\d:\d\d\./);
  await expect(note).toContainText(/goweb\.\d on \w+ failed: task: non-zero exit \(1\)/);
  await expect(page.locator('main')).toContainText(
    // As docker's client prints it; the note names the task.
    /service update paused: .* due to failure or early termination of task \w{25}/,
  );
  await expect(note).toContainText('docker service rollback goweb');
  await expect(note).toContainText('docker service update goweb');
  await expectNoViolations(page);

  const { ID, Version, Spec } = await goweb(swarm);
  const rollback = `/services/${ID}/update?version=${Version.Index}&rollback=previous`;
  await swarm.engine('POST', rollback, Spec);
  await expect(note).toContainText(
    /The service was rolled back at \d\d:\d\d, as requested; carmeloc\/goweb:1\.0 runs\./,
  );
  await expect(page.getByText('verify: Service goweb converged')).toBeVisible();
  await expect(page.getByText('overall progress: 3 out of 3 tasks')).toBeVisible();
  await expect(page.getByText('rolling back update')).toHaveCount(0);

  await update(swarm, (spec) => void (spec.Labels = { next: 'change' }));
  await expect(note).toHaveCount(0);
});

const SIZES = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

for (const size of SIZES) {
  test(`a paused update shows its cause and its cures where it was made: ${size.width} px`, async ({
    page,
    swarm,
  }) => {
    await page.setViewportSize(size);
    await page.goto('/');
    await expect(page.getByText('verify: Service goweb converged')).toBeAttached();
    await page.getByRole('button', { name: 'Update', exact: true }).click();
    const form = page.getByRole('dialog', { name: 'Update goweb' });
    await form.getByLabel('Image', { exact: true }).fill('carmeloc/goweb:crash');
    await form.getByRole('button', { name: 'Update', exact: true }).click();
    const toast = page.getByRole('group', { name: 'What was changed' });
    // On a busy machine the first task has failed by then.
    await expect(toast).toContainText(/goweb is being updated\.|The update of goweb is paused\./);
    const scrolled = await page.evaluate(() => scrollY);

    await expect(toast).toContainText('The update of goweb is paused.');
    await expect(toast).toContainText(/goweb\.\d on \w+ failed: task: non-zero exit \(1\)/);
    await expect(toast.getByRole('button', { name: 'Roll back' })).toBeInViewport({ ratio: 1 });
    await expectNoViolations(page);
    await toast.getByRole('button', { name: 'Dismiss' }).click();

    // Nothing was scrolled or opened.
    expect(await page.evaluate(() => scrollY)).toBe(scrolled);
    // On wide pages on the board, on narrow ones at the window's edge.
    const isWide = size.width > 1088;
    const note = page.getByRole('region', { name: isWide ? 'Paused updates' : 'Update of goweb' });
    const reason = note.getByRole('button').first();
    await expect(reason).toHaveText(
      isWide
        ? /^Update paused: goweb goweb\.\d on \w+ failed: task: non-zero exit \(1\)$/
        : /^Update paused \d\d:\d\d: goweb\.\d on \w+ failed: task: non-zero exit \(1\)$/,
    );
    await expect(reason).toBeInViewport({ ratio: 1 });
    const isCut = reason.evaluate((element) => element.scrollHeight > element.clientHeight + 1);
    expect(await isCut).toBe(false);
    for (const name of ['Roll back', 'Change image', 'Resume', 'Show logs']) {
      await expect(note.getByRole('button', { name, exact: true })).toBeInViewport({ ratio: 1 });
    }
    const ways = note.getByRole('group', { name: 'What to do' }).filter({ visible: true });
    await ways.getByRole('button', { name: 'Resume', exact: true }).click();
    await expect(page.getByRole('dialog', { name: 'Resume the update of goweb' })).toBeVisible();
    await page.keyboard.press('Escape');
    await note.getByRole('button', { name: 'Roll back', exact: true }).press('Enter');
    const box = page.getByRole('dialog', { name: 'Roll back goweb' });
    await box.getByRole('button', { name: 'Roll back', exact: true }).click();
    await expect(toast).toContainText('goweb is rolled back.');
    // The button that had the focus has gone with the paused update.
    const heading = isWide ? 'ClusterHAT' : 'goweb';
    await expect(page.getByRole('heading', { name: heading, exact: true })).toBeFocused();
    await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
  });
}

test('an update that swarm rolled back by itself says that it failed', async ({ page, swarm }) => {
  await page.goto('/');
  const UpdateConfig = { ...CONFIG, FailureAction: 'rollback' as const };
  await update(swarm, toImage('carmeloc/goweb:crash', { UpdateConfig }));
  const note = page.getByRole('region', { name: 'Update of goweb' });
  await expect(note).toContainText(
    /The update failed and was rolled back at \d\d:\d\d; carmeloc\/goweb:1\.0 runs\./,
  );
  await expect(note).toContainText(/goweb\.\d on \w+ failed/);
  await expect(page.getByText('rolling back update')).toHaveCount(0);
});

test('tasks of a removed service stay on their nodes until they have stopped', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  const ContainerSpec = {
    Image: 'carmeloc/goweb:1.0',
    // Its process ignores this, so it is killed after 24 s: 6 s in this demo.
    StopSignal: 'SIGWINCH',
    StopGracePeriod: 24e9,
  };
  const id = await createService(swarm, 'slow', {
    TaskTemplate: { ContainerSpec, ForceUpdate: 0, Runtime: 'container' },
  });
  await expect(page.getByText('6/6 tasks running')).toBeVisible();
  await swarm.engine('DELETE', `/services/${id}`);
  const leaving = page.locator('[data-node] [data-task]').filter({ hasText: 'stopping' });
  await expect(leaving).toHaveCount(3);
  for (const chip of await leaving.all()) await expect(chip).toContainText(/^\S*slow\.\d/);
  await expect(page.getByText('3/3 tasks running')).toBeVisible();
  await expect(page.locator('[data-task]')).toHaveCount(3);
});

test('a node whose clock is off: its card says so once, and its tasks have the right age', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  const name = 'zero2';
  await swarm.control('/node', { node: name, clockSkewMs: -3 * HOUR });
  const late = await createService(swarm, 'late', {
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
      Placement: { Constraints: [`node.hostname==${name}`] },
      ForceUpdate: 0,
      Runtime: 'container',
    },
    Mode: { Replicated: { Replicas: 1 } },
  });
  const words = "At its last report its clock was 3 hours behind the manager's";
  await expect(node(page, name)).toContainText(words);
  await expect(page.getByText(words)).toHaveCount(1);
  await page.reload();
  const task = node(page, name).locator('[data-task][data-state="running"]');
  await expect(task.filter({ hasText: 'late.1' })).toContainText(/running \d+ s/);
  await swarm.engine('DELETE', `/services/${late}`);
});

test.describe('with an odd engine in front of the demo', () => {
  // The demo's control endpoint is not behind it.
  test.use({ allowedErrors: [/status of 503/] });

  test('a task on a node that is gone is shown under its name, not as waiting for a node', async ({
    page,
    swarm,
    start,
  }) => {
    const odd = await oddEngine(swarm.socketPath, ODD_CASES.goneNode);
    const dashboard = await start({ dockerHost: odd.dockerHost });
    await page.goto(dashboard.url);
    const gone = page.getByRole('region', { name: 'on nosuchnodeno, a node that is gone' });
    await expect(gone.locator('[data-task]')).toHaveCount(1);
    await expect(gone).toContainText('unknown');
    await expect(page.getByRole('region', { name: 'Waiting for a node' })).toHaveCount(0);
    await expect(page.getByText('2/3 tasks running')).toBeVisible();
    await expectNoViolations(page);
    await page.goto('about:blank');
    await odd.close();
  });

  test('missing or impossible times show no age of years', async ({ page, swarm, start }) => {
    const at = ['0001-01-01T00:00:00Z', '2300-01-01T00:00:00Z', 'yesterday'];
    const odd = await oddEngine(
      swarm.socketPath,
      editEach('/tasks', (task, index) => ({
        ...task,
        Status: { ...task.Status, Timestamp: at[index % at.length] },
      })),
    );
    const dashboard = await start({ dockerHost: odd.dockerHost });
    await page.goto(dashboard.url);
    const chips = page.locator('[data-node] [data-task]');
    await expect(chips).toHaveCount(3);
    for (const chip of await chips.all()) await expect(chip).toContainText(/running \d{1,2} [sm]/);
    await expect(page.locator('main')).not.toContainText(/NaN|Invalid/);
    await page.goto('about:blank');
    await odd.close();
  });
});
