import { everLit, expectBoardShows, node } from '../support/board';
import { expect, test } from '../support/fixtures';
import { docker, slotsOf, SWARM_TIME, tasksOf, zeroWith } from '../support/lab';

/** The main job, end to end on real engines. */

test.beforeEach(async ({ seed, page }) => {
  await seed();
  await page.goto('/');
});

test('shows the five nodes in their places and the tasks on the nodes that docker lists', async ({
  page,
}) => {
  const names = await page
    .locator('[data-node]')
    .evaluateAll((nodes) => nodes.map((n) => n.getAttribute('data-node')));
  expect(names).toEqual(['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']);
  for (const name of names) {
    await expect(node(page, name ?? '')).toHaveAttribute('data-state', 'ready');
    await expect(node(page, name ?? '')).toHaveAttribute('data-availability', 'active');
  }
  await expect(node(page, 'ctrl')).toContainText('leader');
  const [address] = await docker('node', 'inspect', 'ctrl', '--format', '{{.ManagerStatus.Addr}}');
  await expect(node(page, 'ctrl')).toContainText(address?.split(':')[0] ?? 'an address');
  await expectBoardShows(page, 3, () => tasksOf('goweb'));
  const containers = await page
    .locator('[data-task]')
    .evaluateAll((tasks) => tasks.map((t) => t.getAttribute('data-container')));
  for (const container of containers) expect(container).toMatch(/^[0-9a-f]{12}$/);
});

test('the first HTML already shows the board', async ({ page, request }) => {
  const html = await (await request.get('/')).text();
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'])
    expect(html).toContain(`data-node="${name}"`);
  await expect(page.getByRole('banner')).toContainText('live');
});

test('clicking + twice shows 5 as requested at once, then converges', async ({ page }) => {
  const more = page.getByRole('button', { name: 'Add one goweb replica' });
  const panel = page.getByRole('region', { name: 'goweb', exact: true });
  await more.click();
  await more.click();
  await expect(page.getByLabel('Replicas of goweb')).toHaveValue('5');
  await expect(panel).toContainText('overall progress: 5 out of 5 tasks', SWARM_TIME);
  await expect(panel).toContainText(/verify: Service (goweb )?converged/, SWARM_TIME);
  await expectBoardShows(page, 5, () => tasksOf('goweb'));
  expect(await docker('service', 'ls', '--format', '{{.Replicas}}')).toEqual(['5/5']);
});

test('with clicks faster than the engine the last one wins', async ({ page }) => {
  for (const preset of [10, 5, 1, 3])
    await page.getByRole('button', { name: `Scale to ${preset}`, exact: true }).click();
  await page.getByRole('button', { name: 'Add one goweb replica' }).click();
  await expect(page.getByText('4 of 4 running')).toBeVisible(SWARM_TIME);
  const spec = await docker(
    'service',
    'inspect',
    'goweb',
    '--format',
    '{{.Spec.Mode.Replicated.Replicas}}',
  );
  expect(spec).toEqual(['4']);
});

test('accepts a typed number; rejects invalid input with a sentence and sends no request', async ({
  page,
}) => {
  const field = page.getByLabel('Replicas of goweb');
  await field.fill('2.5');
  await field.press('Enter');
  await expect(page.getByText(/whole number/)).toBeVisible();
  await field.press('Escape');
  await expect(field).toHaveValue('3');
  await field.fill('4');
  await field.press('Enter');
  await expect(page.getByText('4 of 4 running')).toBeVisible(SWARM_TIME);
});

test('shows changes made in a terminal in every tab', async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto('/');
  await docker('service', 'scale', '--detach', 'goweb=4');
  for (const tab of [page, other]) {
    await expect(tab.locator('[data-task][data-state="running"]')).toHaveCount(4, SWARM_TIME);
  }
  const drained = await zeroWith('goweb');
  const card = node(page, drained);
  await expect(card.locator('[data-state="running"]').first()).toBeVisible();
  await docker('node', 'update', '--availability', 'drain', drained);
  try {
    await expect(card).toHaveAttribute('data-availability', 'drain');
    await expect(card.locator('[data-state="running"]')).toHaveCount(0, SWARM_TIME);
  } finally {
    await docker('node', 'update', '--availability', 'active', drained);
  }
  await expect(card).toHaveAttribute('data-availability', 'active');
});

test('a hundred requests differ by at most one per task, and each lights its task', async ({
  page,
}) => {
  // A burst waits for responses; a steady run skips requests on a busy machine.
  await page.getByRole('radio', { name: 'Burst' }).check();
  const slots = await slotsOf('goweb');
  expect(slots).toHaveLength(3);
  const lit = await everLit(page);
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const panel = page.getByRole('region', { name: 'Curl panel' });
  await expect(panel).toContainText('Finished');
  await expect(panel).toContainText(/sent\s*100 of 100/);
  await expect(panel).toContainText(/answered\s*100/);
  await expect(panel.getByRole('heading', { name: /even to within 1 request/ })).toBeVisible();
  const rows = panel
    .getByRole('table', { name: /answers/i })
    .first()
    .getByRole('row');
  await expect(rows).toHaveCount(4);
  const counts = await rows.evaluateAll((all) =>
    all.slice(1).map((row) => Number(/\b3[34]\b/.exec((row as HTMLElement).innerText)?.[0])),
  );
  expect(counts.toSorted((a, b) => a - b)).toEqual([33, 33, 34]);
  await expect.poll(lit).toEqual(slots);
});

test('every tab shows the run and can stop it', async ({ page, context }) => {
  const other = await context.newPage();
  await other.goto('/');
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(other.getByText('A shared run is in progress')).toBeVisible();
  await other.getByRole('button', { name: 'Stop' }).click();
  await expect(page.getByRole('button', { name: 'Start', exact: true })).toBeVisible();
});

test('tables print what docker prints', async ({ page }) => {
  const tables = page.getByRole('tabpanel');
  // Read at each try, because swarm removes past tasks at any time.
  await expect(async () => {
    const ids = await docker('service', 'ps', 'goweb', '--format', '{{.ID}}');
    await expect(tables.getByRole('row')).toHaveCount(ids.length + 1, { timeout: 1000 });
    for (const id of ids) await expect(tables).toContainText(id, { timeout: 1000 });
  }).toPass({ timeout: 45_000 });
  await page.getByRole('tab', { name: 'Nodes' }).click();
  const nodes = await docker(
    'node',
    'ls',
    '--format',
    '{{.Hostname}}|{{.Status}}|{{.Availability}}|{{.ManagerStatus}}|{{.EngineVersion}}',
  );
  for (const line of nodes) {
    const [hostname, ...rest] = line.split('|');
    const row = tables.getByRole('row').filter({ hasText: hostname ?? '' });
    for (const cell of rest) await expect(row).toContainText(cell);
  }
  await page.getByRole('tab', { name: 'Services' }).click();
  await expect(tables).toContainText('*:8888->8080/tcp');
});
