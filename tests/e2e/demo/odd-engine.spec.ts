import type { OddCase } from '../../support/odd-cases';
import { both, editList, ODD_CASES } from '../../support/odd-cases';
import { oddEngine, type OddEngine } from '../../support/odd-engine';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { expect, test as base } from '../support/demo-fixtures';

/** What the page shows of an engine with something odd about it; what the view has of it: tests/contract/odd. */

const test = base.extend<{ behind: (name: OddCase | null) => Promise<OddEngine> }>({
  /** Opens the page of a dashboard on the shared swarm with something odd about it. */
  behind: async ({ swarm, start, page }, use) => {
    const opened: OddEngine[] = [];
    await use(async (name) => {
      const odd = await oddEngine(swarm.socketPath, name && ODD_CASES[name]);
      opened.push(odd);
      const dashboard = await start({ dockerHost: odd.dockerHost });
      await page.goto(dashboard.url);
      return odd;
    });
    await page.goto('about:blank');
    for (const odd of opened) await odd.close();
  },
});

const PLACES = ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4'];

const NOTICES = [
  ['oddService', 'Service odd is shown without Spec.Mode.Replicated.Replicas (null).'],
  ['oddPort', 'Service odd is shown without Endpoint.Ports.TargetPort (missing).'],
  [
    'oddNode',
    'Node oddnodeoddno is shown without Version.Index (missing) and Spec.Labels.a (null).',
  ],
  ['oddTask', 'Task goweb.7 is shown without Spec (missing).'],
] as const;

for (const [name, notice] of NOTICES) {
  test(`${name}: the board is there, and one sentence names what is odd`, async ({
    page,
    behind,
  }) => {
    await behind(name);
    for (const place of PLACES) await expect(node(page, place)).toBeVisible();
    const sentence = page.getByRole('button', { name: notice });
    await expect(sentence).toBeVisible();
    await expectNoViolations(page);
    await sentence.click();
    const dialog = page.getByRole('dialog', { name: 'What this page cannot show' });
    await expect(dialog.getByRole('listitem')).toHaveCount(1);
    await expect(dialog).toContainText(/docker (node |service )?inspect/);
    await expectNoViolations(page);
    await page.keyboard.press('Escape');
    await expect(dialog).toBeHidden();
    await page.setViewportSize({ width: 360, height: 700 });
    await expect(sentence).toBeVisible();
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  });
}

test('a service without a number of replicas has no scale buttons', async ({ page, behind }) => {
  await behind('oddService');
  await expect(page.getByRole('button', { name: 'Add one goweb replica' })).toBeEnabled();
  await page.getByLabel('Service shown').selectOption({ label: 'odd 0/?' });
  await expect(
    page.getByText('The engine reports no number of replicas for odd, so it cannot be scaled here'),
  ).toBeVisible();
  await expect(page.getByRole('button', { name: /replica$/ })).toHaveCount(0);
});

test('a notice causes no layout shift', async ({ page, behind }) => {
  const odd = await behind(null);
  const card = node(page, 'zero1');
  await expect(card).toBeVisible();
  await page.getByRole('button', { name: 'Add one goweb replica' }).waitFor();
  const before = await card.boundingBox();
  odd.become(ODD_CASES.oddPort);
  await expect(page.getByRole('button', { name: NOTICES[1][1] })).toBeVisible();
  expect(await card.boundingBox()).toEqual(before);
});

test('a task that waits, one on a node that is gone and a notice fit the strip: nothing overlaps', async ({
  page,
  behind,
}) => {
  const odd = await behind(null);
  await expect(node(page, 'zero1')).toBeVisible();
  const tasks = editList('/tasks', ([task, ...others]) => {
    const status = {
      ...task?.Status,
      State: 'pending',
      Err: 'no suitable node (5 nodes not available)',
    };
    return [
      ...others,
      { ...task, ID: 'waitwaitwaitwaitwaitwait1', Slot: 11, NodeID: '', Status: status },
      { ...task, ID: 'lostlostlostlostlostlost1', Slot: 12, NodeID: 'gonegonegonegonegonegone1' },
    ];
  });
  odd.become(both(tasks, ODD_CASES.oddPort));
  await expect(page.getByRole('button', { name: NOTICES[1][1] })).toBeVisible();
  const lanes = ['Waiting for a node', 'on gonegonegone, a node that is gone'].map((name) =>
    page.getByRole('region', { name }).getByRole('listitem'),
  );
  for (const width of [1440, 768, 360]) {
    await page.setViewportSize({ width, height: 800 });
    for (const [at, lane] of lanes.entries()) {
      const name = lane.getByRole('button', { name: `goweb.${11 + at}`, exact: true });
      await expect(name).toBeInViewport();
      const box = await lane.boundingBox();
      const inner = await name.boundingBox();
      expect(inner!.x + inner!.width).toBeLessThanOrEqual(box!.x + box!.width);
      // Its state begins after the name.
      const state = await lane
        .getByText(/^(pending|unknown)/)
        .filter({ visible: true })
        .boundingBox();
      expect(state!.x).toBeGreaterThanOrEqual(inner!.x + inner!.width);
    }
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  }
});
