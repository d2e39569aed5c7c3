import type { Locator, Page } from '@playwright/test';
import { createService, running, updateService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { PASSWORDS } from '../support/sign-in';

/** Where the focus is when a dialog opens: on its first field, without fields on the button that changes nothing. */

const press = (scope: Page | Locator, name: string) =>
  scope.getByRole('button', { name, exact: true }).first().press('Enter');
const service = (page: Page) => page.getByRole('group', { name: 'Actions of web' });
const more = async (page: Page, name: string) => {
  await press(service(page), 'More actions');
  await press(page.getByRole('group', { name: 'More actions' }), name);
};
const ofNode = (page: Page) => page.getByRole('group', { name: 'Actions of zero1' });
const cancel = (box: Locator) => box.getByRole('button', { name: 'Cancel' });

interface Dialog {
  title: string;
  /** The page's address. */
  at: string;
  open: (page: Page) => Promise<void>;
  first: (box: Locator) => Locator;
}

const WEB = '/?service=web';
const NODE = '/?service=web&node=zero1';

const DIALOGS: readonly Dialog[] = [
  {
    title: 'Create a service',
    at: WEB,
    open: (page) => more(page, 'Create another service'),
    first: (box) => box.getByLabel('Name', { exact: true }),
  },
  {
    title: 'Update web',
    at: WEB,
    open: (page) => press(service(page), 'Update'),
    first: (box) => box.getByLabel('Image', { exact: true }),
  },
  {
    title: 'Remove web',
    at: WEB,
    open: (page) => more(page, 'Remove'),
    first: (box) => box.getByLabel('Type web to confirm'),
  },
  {
    title: 'Inspect web',
    at: WEB,
    open: (page) => more(page, 'Inspect'),
    first: (box) => box.getByRole('radio', { name: 'Readable' }),
  },
  {
    title: 'Restart web',
    at: WEB,
    open: (page) => press(service(page), 'Restart'),
    first: cancel,
  },
  {
    title: 'Roll back web',
    at: WEB,
    open: (page) => press(service(page), 'Roll back'),
    first: cancel,
  },
  {
    title: 'Labels of zero1',
    at: NODE,
    open: (page) => press(ofNode(page), 'Labels'),
    first: (box) => box.getByLabel('Value of zone'),
  },
  {
    title: 'Drain zero1',
    at: NODE,
    open: (page) => press(ofNode(page), 'Drain'),
    first: cancel,
  },
  {
    title: 'Pause zero1',
    at: NODE,
    open: (page) => press(ofNode(page), 'Pause'),
    first: cancel,
  },
  {
    title: 'Promote zero1',
    at: NODE,
    open: (page) => press(ofNode(page), 'Promote'),
    first: cancel,
  },
  {
    title: 'Inspect zero1',
    at: NODE,
    open: (page) => press(page.locator('[data-details-sheet]'), 'Inspect'),
    first: (box) => box.getByRole('radio', { name: 'Readable' }),
  },
];

test('a dialog starts at its first field, or at Cancel', async ({ page, swarm }) => {
  await createService(swarm, 'web', { Mode: { Replicated: { Replicas: 1 } } });
  await updateService(swarm, 'web', (spec) => ({ ...spec, Labels: { stage: 'two' } }));
  const { Version, Spec } = (await swarm.engine('GET', '/nodes/zero1')) as {
    Version: { Index: number };
    Spec: object;
  };
  const labelled = { ...Spec, Labels: { zone: 'a' } };
  await swarm.engine('POST', `/nodes/zero1/update?version=${Version.Index}`, labelled);
  await expect.poll(() => running(swarm, 'web')).toHaveLength(1);
  for (const { title, at, open, first } of DIALOGS) {
    await test.step(title, async () => {
      await page.goto(at);
      await expect(page.getByRole('banner')).toContainText('live');
      await open(page);
      const box = page.getByRole('dialog', { name: title, exact: true });
      await expect(first(box)).toBeFocused();
      // It is still there once everything is loaded.
      await expect(box.getByRole('button').first()).toBeAttached();
      await expect(box.locator('[aria-busy="true"], [data-skeleton]')).toHaveCount(0);
      await expect(first(box)).toBeFocused();
    });
  }
});

test('the dialog of a node’s labels starts at Add label where it has none', async ({ page }) => {
  await page.goto('/?node=zero2');
  await press(page.getByRole('group', { name: 'Actions of zero2' }), 'Labels');
  const box = page.getByRole('dialog', { name: 'Labels of zero2' });
  await expect(box.getByRole('button', { name: 'Add label', exact: true })).toBeFocused();
});

test('the dialog of a node’s labels leaves the focus where it was moved while they were loaded', async ({
  page,
}) => {
  await page.goto('/?node=zero2');
  await expect(page.locator('[data-details-sheet]')).toContainText('Availability');
  let letGo = () => {};
  const gone = new Promise<void>((resolve) => (letGo = resolve));
  await page.route('**/api/nodes/*', async (route) => {
    await gone;
    await route.fallback();
  });
  await press(page.getByRole('group', { name: 'Actions of zero2' }), 'Labels');
  const box = page.getByRole('dialog', { name: 'Labels of zero2' });
  await expect(cancel(box)).toBeFocused();
  await page.keyboard.press('Tab');
  const close = box.getByRole('button', { name: 'Close', exact: true });
  await expect(close).toBeFocused();
  letGo();
  await expect(box.getByRole('button', { name: 'Add label', exact: true })).toBeVisible();
  await expect(close).toBeFocused();
});

test('the dialogs of a node that is not connected start at Cancel', async ({ page, swarm }) => {
  await swarm.control('/node', { node: 'zero4', power: false });
  await page.goto('/?node=zero4');
  const actions = page.getByRole('group', { name: 'Actions of zero4' });
  await expect(actions.getByRole('button', { name: 'Remove', exact: true })).toBeVisible();
  await expect(page.locator('[data-node="zero4"]')).toHaveAttribute('data-state', 'down');
  await press(actions, 'Remove');
  await expect(cancel(page.getByRole('dialog', { name: 'Remove zero4' }))).toBeFocused();
});

test('the ways out of a paused update start at Cancel, or at the field that they change', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  await updateService(swarm, 'goweb', (spec) => {
    if (spec.TaskTemplate.ContainerSpec) spec.TaskTemplate.ContainerSpec.Image = 'goweb:crash';
    return spec;
  });
  const note = page.getByRole('region', { name: 'Update of goweb' });
  await press(note, 'Resume');
  const resume = page.getByRole('dialog', { name: 'Resume the update of goweb' });
  await expect(cancel(resume)).toBeFocused();
  await page.keyboard.press('Escape');
  await press(note, 'Change image');
  const form = page.getByRole('dialog', { name: 'Update goweb' });
  await expect(form.getByLabel('Image', { exact: true })).toBeFocused();
});

test('the failure drill and the sign-in start at their first field, a join at its command', async ({
  page,
  start,
}) => {
  await page.goto('/?rate=5&for=60');
  const curl = page.getByRole('region', { name: 'Curl panel' });
  await press(curl, 'Start');
  await expect(curl.getByRole('button', { name: 'Failure drill' })).toBeEnabled();
  await press(curl, 'Failure drill');
  const drill = page.getByRole('dialog', { name: 'Failure drill' });
  await expect(drill.getByRole('radio', { name: 'Drain a node' })).toBeFocused();
  await page.keyboard.press('Escape');
  await press(curl, 'Stop');
  await expect(curl.getByRole('button', { name: 'Start', exact: true })).toBeVisible();

  const nodes = 'ctrl,zero1,zero2,zero3,zero4,spare';
  const spare = await start({ env: { ...PASSWORDS, CLUSTERHAT_NODES: nodes } });
  await page.goto(spare.url);
  await press(page.getByRole('banner'), 'Sign in');
  const signIn = page.getByRole('dialog', { name: 'Sign in' });
  await expect(signIn.getByLabel('Password')).toBeFocused();

  const open = await start({ env: { CLUSTERHAT_NODES: nodes } });
  await page.goto(open.url);
  await press(page.locator('[data-node="spare"]'), 'Show the join command');
  const join = page.getByRole('dialog', { name: 'Bring spare into the swarm' });
  const worker = join.getByRole('group', { name: 'Join as a worker' });
  await expect(worker.getByRole('button', { name: 'Show the join command' })).toBeFocused();
});
