import type { Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { createService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';

/** The details of a task or node: a sheet over the page that a link holds. */

const sheet = (page: Page) => page.getByRole('dialog');
const chip = (page: Page, slot: number) =>
  page.locator(`[data-node] [data-task][data-slot="${slot}"][data-state="running"]`);
const name = (page: Page, slot: number) =>
  chip(page, slot).getByRole('button', { name: `goweb.${slot}`, exact: true });
const search = (page: Page) => new URL(page.url()).searchParams;

/** Opens the details. Their code is loaded after the page is live; until then a click does nothing. */
async function opened(page: Page, open: () => Promise<void>): Promise<void> {
  await expect(async () => {
    await open();
    await expect(sheet(page)).toBeVisible({ timeout: 3000 });
  }).toPass({ timeout: 45_000 });
}

test('a task opens by click and Enter, and closes with Escape, a click outside and Back', async ({
  page,
}) => {
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('live');
  const id = await chip(page, 1).getAttribute('data-task');
  await opened(page, () => chip(page, 1).click({ position: { x: 60, y: 42 } }));
  await expect(sheet(page)).toHaveAccessibleName(/goweb\.1 running/);
  expect(search(page).get('task')).toBe(id);
  await expect(sheet(page)).toContainText('carmeloc/goweb:1.0');
  await expect(sheet(page).getByRole('region', { name: 'States' })).toContainText(
    /created.*running.*for \d+ [smh]/s,
  );
  const open = sheet(page).getByRole('link', { name: /^Open http:.*:8888\/ in a new tab$/ });
  await expect(open).toHaveAttribute('target', '_blank');
  expect(await (await fetch((await open.getAttribute('href')) ?? '')).text()).toContain(
    'running on',
  );
  await expectNoViolations(page);

  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(name(page, 1)).toBeFocused();
  await expect.poll(() => search(page).has('task')).toBe(false);

  await page.keyboard.press('Enter');
  await expect(sheet(page)).toBeVisible();
  await page.goBack();
  await expect(sheet(page)).toHaveCount(0);
  await expect(name(page, 1)).toBeFocused();
  await page.goForward();
  await expect(sheet(page)).toHaveAccessibleName(/goweb\.1/);

  // A click on another task shows that one; one beside the sheet on nothing closes it.
  const other = page.locator('[data-board] [data-task]:not([data-slot="1"])').first();
  const slot = Number(await other.getAttribute('data-slot'));
  const box = await other.boundingBox();
  await page.mouse.click((box?.x ?? 0) + 60, (box?.y ?? 0) + 12);
  await expect(sheet(page)).toHaveAccessibleName(new RegExp(`^goweb\\.${slot} `));
  await page.mouse.click(5, 5);
  await expect(sheet(page)).toHaveCount(0);
  await expect(name(page, slot)).toBeFocused();
  await expect.poll(() => search(page).has('task')).toBe(false);
});

test('a task’s details follow it: it fails, the next task of its slot comes', async ({
  page,
  swarm,
}) => {
  await createService(swarm, 'limited', {
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
      Placement: { Constraints: ['node.hostname==zero2'] },
      Resources: {
        Reservations: { MemoryBytes: 64 * 2 ** 20 },
        Limits: { NanoCPUs: 500_000_000 },
      },
      ForceUpdate: 0,
      Runtime: 'container',
    },
  });
  await page.goto('/');
  const task = node(page, 'zero2').getByRole('button', { name: 'limited.1', exact: true });
  await expect(task).toBeVisible();
  const limited = node(page, 'zero2').locator('[data-task]').filter({ hasText: 'limited.1' });
  await expect(limited).toHaveAttribute('data-state', 'running');
  await opened(page, () => task.click());
  const details = sheet(page).getByRole('region', { name: 'Task', exact: true });
  await expect(details).toContainText('node.hostname==zero2');
  await expect(details).toContainText('64 MiB memory');
  await expect(details).toContainText('0.5 CPU');
  // The states between are shown as far as this dashboard saw them.
  await expect(sheet(page).getByRole('region', { name: 'States' })).toContainText(
    /created.*running/,
  );

  await swarm.control('/task', { kill: 'limited.1' });
  await expect(sheet(page)).toHaveAccessibleName(/limited\.1 failed/);
  await expect(sheet(page).getByRole('region', { name: 'Why it failed' })).toContainText(
    'task: non-zero exit (137)',
  );
  await expect(sheet(page).getByRole('link', { name: /^Help/ }).first()).toBeVisible();
  await expect(details).toContainText('137');
  const history = sheet(page).getByRole('region', { name: /^Tasks of this slot/ });
  await expect(history.getByRole('listitem')).toHaveCount(2);
  await expect(history).toContainText('this task');
  await history.getByRole('button').click();
  await expect(sheet(page)).toHaveAccessibleName(/limited\.1 running/);
  await expect(history).toContainText('task: non-zero exit (137)');

  // The node is one click away, with what this task reserves.
  await details.getByRole('button', { name: 'zero2' }).click();
  await expect(sheet(page)).toHaveAccessibleName(/^zero2 /);
  const memory = sheet(page).getByRole('row', { name: /^memory/ });
  await expect(memory).toContainText('64 MiB');
  await page.goBack();
  await expect(sheet(page)).toHaveCount(0);
});

test('a node’s details follow it: labels, resources, its tasks and last events', async ({
  page,
  swarm,
}) => {
  await page.goto('/');
  const busy = page.locator('[data-node^="zero"]:has([data-task][data-state="running"])').first();
  const zero = (await busy.getAttribute('data-node')) ?? '';
  // By its name, as it has no running task once it is down.
  const card = page.locator(`[data-node="${zero}"]`);
  const taskName = (await card.locator('[data-task] b').first().getAttribute('title')) ?? '';
  await opened(page, () => card.getByRole('heading').getByRole('button').press('Enter'));
  await expect(sheet(page)).toHaveAccessibleName(`${zero} ready`);
  expect(search(page).get('node')).toBe(zero);
  await expect(sheet(page).getByRole('row', { name: /^CPU/ })).toBeVisible();
  await expect(sheet(page).getByRole('button', { name: taskName, exact: true })).toBeVisible();
  const port = sheet(page).getByRole('link', { name: /^Open http:.*:8888\/ in a new tab$/ });
  const at = swarm.addresses[Number(zero.replace('zero', ''))];
  await expect(port).toHaveAttribute('href', `http://${at}:8888/`);
  await expectNoViolations(page);

  const { ID, Version, Spec } = (await swarm.engine('GET', `/nodes/${zero}`)) as {
    ID: string;
    Version: { Index: number };
    Spec: object;
  };
  await swarm.engine('POST', `/nodes/${ID}/update?version=${Version.Index}`, {
    ...Spec,
    Labels: { rack: 'left' },
  });
  await expect(sheet(page)).toContainText('rack=left');

  await swarm.control('/node', { node: zero, power: false });
  await expect(sheet(page)).toHaveAccessibleName(new RegExp(`^${zero} down`));
  await expect(sheet(page).getByRole('region', { name: 'Last events' })).toContainText(
    `${zero} went down`,
  );
  await page.keyboard.press('Escape');
  await expect(card.getByRole('heading').getByRole('button')).toBeFocused();
  await swarm.engine('POST', `/nodes/${ID}/update?version=${await versionOf()}`, {
    ...Spec,
    Labels: {},
  });

  async function versionOf(): Promise<number> {
    const found = (await swarm.engine('GET', `/nodes/${ID}`)) as { Version: { Index: number } };
    return found.Version.Index;
  }
});

test('a link opens the details, and says what is not in the swarm', async ({ page }) => {
  await page.goto('/?rate=10&node=zero1');
  await expect(sheet(page)).toHaveAccessibleName(/^zero1 /);
  await page.keyboard.press('Escape');
  await expect(sheet(page)).toHaveCount(0);
  await expect(node(page, 'zero1').getByRole('heading').getByRole('button')).toBeFocused();
  await expect.poll(() => search(page).has('node')).toBe(false);
  expect(search(page).get('rate')).toBe('10');

  await page.goto('/?task=goweb.2');
  await expect(sheet(page)).toHaveAccessibleName(/^goweb\.2 running/);
  await page.goto('/?task=nosuchtask');
  await expect(sheet(page)).toHaveAccessibleName('nosuchtask');
  await expect(sheet(page)).toContainText('No task of the swarm has this name or id.');
  await expectNoViolations(page);
  await page.goto('/?node=nosuchnode');
  await expect(sheet(page)).toContainText('No node of the swarm has this name or id.');
});

test('the past view shows the details as they were', async ({ page, swarm }) => {
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('live');
  const id = (await chip(page, 3).getAttribute('data-task')) ?? '';
  await swarm.control('/task', { kill: 'goweb.3' });
  await page.getByRole('tab', { name: 'Timeline' }).click();
  const died = page.getByRole('listitem').filter({ hasText: /goweb\.3 on .+ died/ });
  await died.first().getByRole('button').click();
  await page.getByRole('slider', { name: 'Time shown on the board' }).first().press('ArrowLeft');
  const before = page.locator(`[data-task="${id}"][data-state="running"]`);
  await before.getByRole('button').click();
  await expect(sheet(page)).toHaveAccessibleName(/goweb\.3 running/);
  await expect(sheet(page)).toContainText('As it was at');
  await expect(sheet(page).getByRole('region', { name: /^(Why|Error)/ })).toHaveCount(0);
  await expect(sheet(page).getByRole('region', { name: 'States' })).not.toContainText('failed');
});

test('on a phone the details are at the bottom, and nothing sticks out', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  await opened(page, () => name(page, 1).click());
  await expect(sheet(page)).toContainText('States');
  const box = await sheet(page).boundingBox();
  expect([box?.x, box?.width, (box?.y ?? 0) + (box?.height ?? 0)]).toEqual([0, 390, 844]);
  expect(box?.y).toBeGreaterThan(100);
  expect(await sticksOut(page)).toBe(0);
  const close = await sheet(page).getByRole('button', { name: 'Close' }).boundingBox();
  expect(Math.min(close?.width ?? 0, close?.height ?? 0)).toBeGreaterThanOrEqual(44);
  await page.mouse.click(190, 20);
  await expect(sheet(page)).toHaveCount(0);
});

test('the letters are the curled service’s; no two badges on the board are equal', async ({
  page,
  swarm,
}) => {
  const web = {
    Labels: { 'clusterhat.curl': 'true' },
    Mode: { Replicated: { Replicas: 2 } },
    EndpointSpec: {
      Mode: 'vip' as const,
      Ports: [
        {
          Protocol: 'tcp',
          TargetPort: 8080,
          PublishedPort: 8889,
          PublishMode: 'ingress' as const,
        },
      ],
    },
  };
  await createService(swarm, 'web2', web);
  await createService(swarm, 'worker', { Mode: { Global: {} }, Labels: {} });
  await page.goto('/');
  const running = page.locator('[data-board] [data-task][data-state="running"]');
  await expect(running).toHaveCount(3 + 2 + 5);
  const badges = async () =>
    Object.fromEntries(
      await running.evaluateAll((chips) =>
        chips.map((one) => {
          const badge = one.querySelector('[data-badge]');
          const look = `${badge?.textContent} ${getComputedStyle(badge!).backgroundColor}`;
          const place = one.closest('[data-node]')?.getAttribute('data-node');
          return [`${one.querySelector('b')?.textContent} ${place}`, look];
        }),
      ),
    ) as Record<string, string>;
  const letters = async (service: string) =>
    Object.entries(await badges())
      .filter(([task]) => task.startsWith(service))
      .map(([, look]) => look.split(' ')[0] ?? '')
      .toSorted();

  expect(await letters('goweb')).toEqual(['A', 'B', 'C']);
  expect(await letters('web2')).toEqual(['W1.1', 'W1.2']);
  expect(new Set(Object.values(await badges())).size).toBe(10);

  await page
    .getByRole('combobox', { name: 'Service and port' })
    .selectOption({ label: 'web2:8889' });
  await expect.poll(() => letters('web2')).toEqual(['A', 'B']);
  expect(await letters('goweb')).toEqual(['G1', 'G2', 'G3']);
  expect(new Set(Object.values(await badges())).size).toBe(10);
  // The tables follow the same rule.
  const cell = page.getByRole('row', { name: /web2\.1/ }).locator('[data-badge]');
  await expect(cell).toHaveText('A');
});
