import type { Locator, Page } from '@playwright/test';
import type { ServiceSpec } from '@/demo/types';
import { sticksOut, expectNoViolations } from '../support/axe';
import { createService, running, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { recordShifts } from '../support/shifts';

/** Phone and tablet by touch: the outage beside the mini board, why a task waits, and what fingers can hit. */

const PHONE = { width: 390, height: 844 };
const SMALL = { width: 360, height: 740 };

test.use({ viewport: PHONE, hasTouch: true, isMobile: true });

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const start = (page: Page) => page.getByRole('button', { name: 'Start', exact: true });
const stop = (page: Page) => page.getByRole('button', { name: 'Stop', exact: true });
const mini = (page: Page) => page.locator('[data-mini-board]');
const verdict = (page: Page) => page.locator('[data-mini-verdict]');
const sheet = (page: Page) => page.getByRole('dialog');

async function open(page: Page, path = '/') {
  await page.goto(path);
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(start(page)).toBeEnabled();
}

/** A service whose tasks no node can run. */
async function unplaceable(
  swarm: DemoSwarm,
  name: string,
  over: Partial<ServiceSpec['TaskTemplate']>,
) {
  await createService(swarm, name, {
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
      ForceUpdate: 0,
      Runtime: 'container',
      ...over,
    },
  });
}

test('the mini board shows what an outage cost, and a run moves nothing', async ({
  page,
  swarm,
}) => {
  await open(page, '/?rate=5&for=300&keepgoing=true');
  await page.getByRole('button', { name: 'Scale to 5' }).tap();
  await expect(mini(page).locator('[data-mini-task][data-state="running"]')).toHaveCount(5);
  await page.evaluate(() => scrollTo(0, 0));
  const shifts = await recordShifts(page);
  await start(page).tap();
  await expect(stop(page)).toBeVisible();
  await expect(verdict(page)).toContainText(/Round robin|answer/);
  await swarm.control('/node', { node: 'zero3', link: false });
  await expect(verdict(page)).toContainText('zero3 went down');
  await expect(verdict(page)).toContainText(/requests? lost, .+ answered after \d/);
  await expect(verdict(page)).toContainText(/\d requests? failed/);
  await expect(verdict(page)).toBeInViewport({ ratio: 1 });
  const brief = await verdict(page).evaluate((button) => {
    const [text] = button.children;
    return text ? text.scrollHeight - text.clientHeight : 1;
  });
  expect(brief, 'the story is cut').toBeLessThanOrEqual(1);
  await expect(page.getByText('5 of 5 running')).toBeAttached();
  await expectNoViolations(page);
  await swarm.control('/node', { node: 'zero3', link: true });
  await expect(verdict(page)).toContainText('zero3 came back');
  await stop(page).tap();
  await expect(verdict(page)).toContainText('since the tasks changed');
  const { cls, moved } = await shifts();
  console.log(
    `      layout shift ${cls.toFixed(4)} during a run with an outage, ${PHONE.width} px`,
  );
  expect(cls, moved.join('\n')).toBeLessThanOrEqual(0.02);
});

test('one tap shows why a task waits and what would cure it, two its details', async ({
  page,
  swarm,
}) => {
  await page.setViewportSize(SMALL);
  await unplaceable(swarm, 'a-service-with-a-rather-long-name-chosen-in-a-hurry', {
    Placement: { Constraints: ['node.labels.disk==ssd'] },
  });
  await open(page);
  // The header is one line.
  expect((await mini(page).boundingBox())?.y).toBeLessThan(60);
  const lane = page.getByRole('region', { name: 'Waiting for a node' });
  const chips = lane.locator('> ul > li');
  await expect(chips).toHaveCount(1);
  await unplaceable(swarm, 'large', { Resources: { Reservations: { MemoryBytes: 2 ** 31 } } });
  await expect(verdict(page)).toContainText('2 waiting');
  // Two do not fit beside each other.
  await expect(chips.filter({ visible: true })).toHaveCount(1);
  const more = lane.getByRole('button', { name: '+1 more' });
  const [chip, button] = [await chips.first().boundingBox(), await more.boundingBox()];
  expect((chip?.x ?? 0) + (chip?.width ?? 0)).toBeLessThanOrEqual(button?.x ?? 0);
  expect(chip?.height).toBeGreaterThanOrEqual(44);
  await more.tap();
  const all = page.getByRole('group', { name: 'All tasks that wait for a node' });
  await expect(all.getByRole('listitem')).toHaveCount(2);
  await expect(all).toBeInViewport({ ratio: 1 });
  await expectNoViolations(page);
  await page.keyboard.press('Escape');

  const why = chips.first().getByRole('group', { name: /^Why / });
  await chips.first().tap();
  await expect(why).toBeInViewport({ ratio: 1 });
  await expect(why).toContainText('needs node.labels.disk==ssd; no node has it');
  await expect(why).toContainText('docker node update --label-add disk=ssd zero1');
  await why.getByRole('button', { name: /^Details of/ }).tap();
  await expect(sheet(page)).toHaveAccessibleName(/pending/);
  await expect(why).toBeHidden();
  await expect(sheet(page)).toContainText('node.labels.disk==ssd');
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
});

test('a finger hits the words that are explained, and what the details link to', async ({
  page,
}) => {
  await open(page);
  await expect(page.getByRole('tab', { name: 'Tasks' })).toBeVisible();
  /** Texts of those that a tap 20 px above or below their middle misses. */
  const missed = (targets: Locator) =>
    targets.evaluateAll((all) =>
      all.flatMap((one) => {
        one.scrollIntoView({ block: 'center' });
        const { left, top, width, height } = one.getBoundingClientRect();
        const hits = [-20, 20].every((dy) => {
          const hit = document.elementFromPoint(left + width / 2, top + height / 2 + dy);
          return hit !== null && one.contains(hit);
        });
        return hits ? [] : [one.textContent];
      }),
    );
  const words = page.locator('[data-term]:not(p *)').filter({ visible: true });
  expect(await words.count()).toBeGreaterThan(8);
  expect(await missed(words)).toEqual([]);

  await page.goto('/?task=goweb.1');
  await expect(sheet(page)).toContainText('States');
  const links = sheet(page).locator('dd button, li a');
  expect(await links.count()).toBeGreaterThanOrEqual(2);
  expect(await missed(links)).toEqual([]);
});

test('the faults’ sheet keeps its title and Close in sight', async ({ page }) => {
  await open(page);
  const demo = page.getByRole('region', { name: 'Demo swarm' });
  for (const name of ['Simulate faults', 'Connect a terminal or your own swarm']) {
    await demo.getByRole('button', { name }).tap();
    const close = demo.getByRole('button', { name: 'Close' });
    const title = demo.locator('[data-sheet] b').getByText(name, { exact: true });
    await demo
      .locator('[data-sheet]:not([hidden]) > :not(:has(b))')
      .last()
      .evaluate((last) => {
        last.scrollIntoView({ block: 'end' });
      });
    await expect(title).toBeInViewport({ ratio: 1 });
    await expect(close).toBeInViewport({ ratio: 1 });
    await close.tap();
    await expect(title).toBeHidden();
  }
});

test('the mini board names the past that it shows', async ({ page, swarm }) => {
  await open(page, '/?tab=timeline');
  const before = (await verdict(page).locator('> span').first().textContent()) ?? '';
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
  const died = page.getByRole('listitem').filter({ hasText: /goweb\.2 on .+ died/ });
  await died.first().getByRole('button').tap();
  await expect(verdict(page)).toContainText(/^State at \d\d:\d\d:\d\d/);
  await page.getByRole('button', { name: /^Back to now/ }).tap();
  await expect(verdict(page)).toContainText(before);
});

for (const size of [SMALL, PHONE, { width: 768, height: 1024 }]) {
  test(`present mode scrolls and can be left: ${size.width} px`, async ({ page }) => {
    await page.setViewportSize(size);
    await page.goto('/?present');
    const service = page.getByRole('region', { name: 'goweb', exact: true });
    await expect(service).toContainText('3 of 3 running');
    // One below the other: nothing lies on the board.
    const board = page.locator('[data-present] [data-board]');
    const bottom = (all: Element[]) =>
      Math.max(...all.map((one) => one.getBoundingClientRect().bottom));
    const lowest = await board.locator('[data-node]').evaluateAll(bottom);
    const [frame, next] = [await board.boundingBox(), await service.boundingBox()];
    expect(lowest).toBeLessThanOrEqual((frame?.y ?? 0) + (frame?.height ?? 0));
    expect((frame?.y ?? 0) + (frame?.height ?? 0)).toBeLessThanOrEqual(next?.y ?? 0);
    await expect(board.getByText('goweb.1', { exact: true })).toBeVisible();
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
    await page.getByRole('button', { name: 'Leave present mode' }).tap();
    await expect(mini(page)).toBeVisible();
    await expect(panel(page)).toBeVisible();
  });
}
