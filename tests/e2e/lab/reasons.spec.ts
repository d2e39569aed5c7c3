import { node } from '../support/board';
import { expect, test } from '../support/fixtures';
import { docker, lab, slotsOf, SWARM_TIME, zeroWith } from '../support/lab';

/** Common mistakes, each shown on the board with the engine's reason and a hint. */

const CREATE = ['service', 'create', '--detach', '--quiet', '--no-resolve-image'];

test.beforeEach(async ({ seed, page }) => {
  await seed();
  await page.goto('/');
});

test('an image that does not exist', async ({ page, cleanUp }) => {
  await docker(
    ...CREATE,
    '--name',
    cleanUp('typo'),
    '--restart-delay',
    '60s',
    'carmeloc/nosuch:1.0',
  );
  const task = page.locator('[data-node] [data-task][data-state="rejected"]');
  await expect(task).toContainText('No such image: carmeloc/nosuch:1.0', SWARM_TIME);
  await expect(task).toContainText('Check the name and tag');
});

test('a port that another service has on that node', async ({ page, cleanUp }) => {
  const publish = ['--publish', 'mode=host,published=8890,target=8080'];
  await docker(
    ...CREATE,
    '--name',
    cleanUp('first'),
    '--mode',
    'global',
    ...publish,
    'carmeloc/goweb:1.0',
  );
  await expect(page.locator('[data-task][data-state="running"]')).toHaveCount(8, SWARM_TIME);
  await docker(...CREATE, '--name', cleanUp('second'), ...publish, 'carmeloc/goweb:1.0');
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  await expect(lane).toContainText('no suitable node (host-mode port already in use on 5 nodes)');
  await expect(lane).toContainText(
    'Port 8890 is taken on ctrl, zero1, zero2, zero3 and zero4 by first',
  );
});

test('a published port that another service has: docker rejects the service', async ({ page }) => {
  const refused = docker(
    ...CREATE,
    '--name',
    'again',
    '--publish',
    '8888:8080',
    'carmeloc/goweb:1.0',
  );
  await expect(refused).rejects.toThrow(/port '8888' is already in use by service 'goweb'/);
  await expect(page.getByText('1 service', { exact: false }).first()).toBeVisible();
});

test('an image for another architecture', async ({ page, cleanUp }) => {
  await lab('image', 'carmeloc/foreign:1.0', 'linux/s390x');
  await docker(
    'service',
    'create',
    '--detach',
    '--quiet',
    '--name',
    cleanUp('foreign'),
    'carmeloc/foreign:1.0',
  );
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  await expect(lane).toContainText(
    'no suitable node (unsupported platform on 5 nodes)',
    SWARM_TIME,
  );
  await expect(lane).toContainText(
    'The image is for linux/s390x only, and ctrl, zero1, zero2, zero3 and zero4 (',
  );
});

test('more replicas than the nodes may take', async ({ page, cleanUp }) => {
  const limit = ['--replicas', '6', '--replicas-max-per-node', '1'];
  await docker(...CREATE, '--name', cleanUp('spread'), ...limit, 'carmeloc/goweb:1.0');
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  await expect(lane.locator('[data-task]')).toHaveCount(1, SWARM_TIME);
  await expect(lane).toContainText('max replicas per node limit exceed');
});

test('a killed task is shown as failed with its exit code, then its replacement', async ({
  page,
}) => {
  const [slot] = await slotsOf('goweb');
  const chip = page.locator(`[data-task][data-slot="${slot}"][data-state="running"]`);
  const container = (await chip.getAttribute('data-container')) ?? '';
  const where = await page.locator('[data-node]', { has: chip }).getAttribute('data-node');
  await lab('docker', where ?? '', 'kill', container);
  const failed = page.locator(`[data-container="${container}"][data-state="failed"]`);
  await expect(failed).toContainText('non-zero exit (137)');
  await expect(failed).toContainText('killed from outside');
  await expect(chip).not.toHaveAttribute('data-container', container, SWARM_TIME);
});

test('a node whose engine dies is down, and its tasks are not shown as running', async ({
  page,
}) => {
  const victim = await zeroWith('goweb');
  const card = node(page, victim);
  const running = card.locator('[data-task][data-state="running"]');
  await expect(running.first()).toBeVisible();
  await lab('kill', victim);
  try {
    await expect(card).toHaveAttribute('data-state', 'down');
    // docker still lists `running`, and so does the attribute; the text does not.
    await expect(running.filter({ hasText: 'unknown for' }).first()).toBeVisible();
    await expect(running.filter({ hasNotText: 'unknown for' })).toHaveCount(0);
    await expect(page.getByRole('banner')).toContainText('4/5 nodes ready');
  } finally {
    await lab('start', victim);
  }
  await expect(card).toHaveAttribute('data-state', 'ready');
});
