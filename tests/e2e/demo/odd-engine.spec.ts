import type { OddCase } from '../../support/odd-cases';
import { ODD_CASES } from '../../support/odd-cases';
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
