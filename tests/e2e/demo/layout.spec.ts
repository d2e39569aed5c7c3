import type { Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { createService, running, updateService, type DemoSwarm } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { recordShifts } from '../support/shifts';

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

/** The page's layout: the main job on one screen, the mini board of narrow pages, and nothing that moves by itself. */

const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const start = (page: Page) => page.getByRole('button', { name: 'Start', exact: true });
const stop = (page: Page) => page.getByRole('button', { name: 'Stop', exact: true });
const mini = (page: Page) => page.locator('[data-mini-board]');

async function open(page: Page, size: { width: number; height: number }, path = '/') {
  await page.setViewportSize(size);
  await page.goto(path);
  await expect(page.getByRole('banner')).toContainText('live');
  await expect(page.getByText('verify: Service goweb converged')).toBeAttached();
  await expect(start(page)).toBeEnabled();
  await expect(page.getByRole('heading', { name: 'Curl panel' })).toBeAttached();
}

async function crashLoop(page: Page, swarm: DemoSwarm) {
  await swarm.control('/image', { image: 'carmeloc/goweb:1.0', exit: { code: 1, afterMs: 200 } });
  await swarm.control('/task', { kill: 'goweb.2' });
  const problem = page.getByRole('region', { name: 'goweb', exact: true });
  await expect(problem).toContainText('non-zero exit (1)');
  // Enough failures that swarm avoids nodes, and cards say so.
  await expect
    .poll(
      async () =>
        ((await swarm.engine('GET', '/tasks')) as { Status: { State: string } }[]).filter(
          ({ Status }) => Status.State === 'failed',
        ).length,
    )
    .toBeGreaterThanOrEqual(4);
  await swarm.control('/image', { image: 'carmeloc/goweb:1.0', exit: null });
  await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
}

async function nodeGoesDark(page: Page, swarm: DemoSwarm) {
  const [task = ''] = await running(swarm, 'goweb');
  const name = task.split(' ')[1] === 'ctrl' ? 'zero3' : (task.split(' ')[1] ?? '');
  await swarm.control('/node', { node: name, power: false });
  await expect(node(page, name)).toHaveAttribute('data-state', 'down');
  await expect(page.getByText('3 of 3 running', { exact: true })).toBeAttached();
  await swarm.control('/node', { node: name, power: true });
  await expect(node(page, name)).toHaveAttribute('data-state', 'ready');
}

async function engineRestarts(page: Page, swarm: DemoSwarm) {
  await swarm.control('/engine', { running: false });
  await expect(page.locator('main [data-problem]')).toBeVisible();
  await expect(page.getByRole('banner')).toContainText('stale');
  await swarm.control('/engine', { running: true });
  await expect(page.getByRole('banner')).toContainText('live');
}

test('no task covers another, whatever badges they have and however wide the page is', async ({
  page,
  swarm,
}) => {
  const names = ['gojob', 'gowork', 'jobs', 'jolly'];
  for (const name of names) {
    await createService(swarm, name, {
      TaskTemplate: {
        ContainerSpec: { Image: 'carmeloc/goweb:1.0' },
        Placement: { Constraints: ['node.hostname==zero2'] },
        ForceUpdate: 0,
        Runtime: 'container',
      },
    });
  }
  await open(page, DESKTOP);
  const tasks = node(page, 'zero2').locator('[data-task]');
  await expect.poll(() => tasks.count()).toBeGreaterThanOrEqual(12);
  for (const width of [1920, 1440, 1280, 1088, 768, 390, 360]) {
    await page.setViewportSize({ width, height: 900 });
    if (width < 1088) {
      const more = node(page, 'zero2').getByRole('button', { name: /^\+\d+ more$/ });
      if (await more.isVisible()) await more.click();
    }
    const overlaps = await tasks.evaluateAll((chips) => {
      const boxes = chips
        .filter((chip) => chip.checkVisibility())
        .map((chip) => {
          const parts = [chip, ...chip.querySelectorAll('[data-badge]')];
          const rects = parts.map((part) => part.getBoundingClientRect());
          return {
            name: chip.getAttribute('title'),
            left: Math.min(...rects.map(({ left }) => left)),
            right: Math.max(...rects.map(({ right }) => right)),
            top: Math.min(...rects.map(({ top }) => top)),
            bottom: Math.max(...rects.map(({ bottom }) => bottom)),
          };
        });
      return boxes.flatMap((a, at) =>
        boxes
          .slice(at + 1)
          .filter(
            (b) =>
              a.left < b.right - 0.5 &&
              b.left < a.right - 0.5 &&
              a.top < b.bottom - 0.5 &&
              b.top < a.bottom - 0.5,
          )
          .map((b) => `${a.name} and ${b.name}`),
      );
    });
    expect(overlaps, `${width} px`).toEqual([]);
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  }
});

test('the badges of tasks that failed or ended can be read on a full card, dark and light', async ({
  page,
  swarm,
}) => {
  for (const name of ['broken', 'broke', 'crash']) {
    await createService(swarm, name, {
      Mode: { Replicated: { Replicas: 2 } },
      TaskTemplate: {
        ContainerSpec: { Image: 'carmeloc/goweb:crash' },
        Placement: { Constraints: ['node.hostname==zero2'] },
        RestartPolicy: { Condition: 'none' },
        ForceUpdate: 0,
        Runtime: 'container',
      },
    });
  }
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  const failed = node(page, 'zero2').locator('[data-task][data-state="failed"]');
  await expect.poll(() => failed.count()).toBeGreaterThanOrEqual(3);
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
  }
});

async function updateIsPaused(page: Page, swarm: DemoSwarm) {
  await updateService(swarm, 'goweb', (spec) => {
    spec.TaskTemplate.ContainerSpec.Image = 'carmeloc/goweb:crash';
    return spec;
  });
  const note = page.getByRole('region', { name: 'Update of goweb' });
  await expect(note).toContainText('Update paused');
  await updateService(swarm, 'goweb', (spec) => {
    spec.TaskTemplate.ContainerSpec.Image = 'carmeloc/goweb:1.0';
    return spec;
  });
  await expect(note).not.toContainText('Update paused');
}

const FAILURES = [
  ['an update that is paused', updateIsPaused],
  ['a crash loop', crashLoop],
  ['a node that goes dark', nodeGoesDark],
  ['an engine restart', engineRestarts],
] as const;

for (const size of [DESKTOP, PHONE]) {
  for (const [what, happens] of FAILURES) {
    test(`nothing moves during ${what}: ${size.width} px`, async ({ page, swarm }) => {
      await open(page, size);
      const shifts = await recordShifts(page);
      await happens(page, swarm);
      const { cls, moved, positions } = await shifts();
      console.log(`      layout shift ${cls.toFixed(4)} during ${what}, ${size.width} px`);
      expect(cls, moved.join('\n')).toBeLessThanOrEqual(0.02);
      for (const name of ['goweb', 'Curl panel']) {
        expect(positions[name], `${name} moved: ${JSON.stringify(positions)}`).toHaveLength(1);
      }
    });
  }
}

test('nothing moves while the engine is away: 360 px', async ({ page, swarm }) => {
  await open(page, { width: 360, height: 740 });
  const shifts = await recordShifts(page);
  await engineRestarts(page, swarm);
  const { cls, moved } = await shifts();
  expect(cls, moved.join('\n')).toBeLessThanOrEqual(0.02);
});

test('the counts of a run have one line each at every width, however large', async ({ page }) => {
  await open(page, DESKTOP, '/?rate=50&for=300');
  await start(page).click();
  const counts = panel(page).locator('dl').first();
  await expect(counts).toContainText(/answered\s*\d{3}/);
  await stop(page).click();
  await expect(start(page)).toBeEnabled();
  for (const width of [1920, 1440, 1280, 1100, 1024, 960, 768, 700, 640, 412, 390, 360]) {
    await page.setViewportSize({ width, height: 800 });
    const tall = await counts
      .locator('dt, dd')
      .evaluateAll((parts) => parts.filter(({ clientHeight }) => clientHeight > 24).length);
    expect(tall, `at ${width} px`).toBe(0);
    const isCut = await counts.evaluate((one) => one.scrollWidth > one.clientWidth);
    expect(isCut, `at ${width} px`).toBe(false);
  }
});

const chart = (page: Page) => panel(page).first().getByRole('img').last();
const replicas = (page: Page) => panel(page).getByRole('region', { name: 'Answers by replica' });
const entryNodes = (page: Page) => panel(page).getByRole('region', { name: /^Entry nodes/ });
const verdict = (page: Page) => panel(page).getByRole('heading', { level: 3 });

/** Where the reader is, at which width, with which settings, and what is in the middle of the window. */
const READERS = [
  ['the charts', DESKTOP, '', chart],
  ['present mode', { width: 1920, height: 1080 }, 'present', chart],
  ['the verdict', PHONE, 'at=rotate', verdict],
  ['the charts', PHONE, '', replicas],
  ['the entry nodes', PHONE, 'at=rotate', entryNodes],
] as const;

for (const [index, [where, size, over, read]] of READERS.entries()) {
  test(`nothing moves in ${where} while a run is hit by failures: ${size.width} px`, async ({
    page,
    swarm,
  }) => {
    // Not the rate of the run before, which is shown until this one begins.
    const rate = (index + test.info().repeatEachIndex) % 2 === 0 ? 5 : 10;
    const path = `/?rate=${rate}&for=300&keepgoing=true&inflight=16&${over}`;
    if (where === 'present mode') {
      await page.setViewportSize(size);
      await page.goto(path);
      await expect(page.locator('[data-present]')).toContainText('3 of 3 running');
      // The keyboard works once the page's code is there.
      await expect(page.locator('[data-present] [data-pill]').first()).toContainText('live');
      await page.keyboard.press('Space');
    } else {
      await open(page, size, path);
      await start(page).click();
    }
    const shown = page.locator('main').first();
    // The start of a run follows an input, on a busy machine long after it.
    await expect(shown).toContainText(`of ${rate * 300}`);
    await expect(shown).toContainText(/([5-9]|\d\d) answered|answered\s*([5-9]|\d\d)/);
    // What is below a verdict that grows is what moves.
    const block: ScrollLogicalPosition = read === verdict ? 'start' : 'center';
    const options: ScrollIntoViewOptions = { block, behavior: 'instant' };
    await read(page).evaluate((one, how) => one.scrollIntoView(how), options);
    await expect(read(page)).toBeInViewport({ ratio: 0.9 });
    const failed = async () =>
      ((await swarm.engine('GET', '/tasks')) as { Status: { State: string } }[]).filter(
        ({ Status }) => Status.State === 'failed',
      ).length;
    const image = 'carmeloc/goweb:1.0';
    const crashes = async () => {
      await swarm.control('/image', { image, exit: { code: 1, afterMs: 200 } });
      await swarm.control('/task', { kill: 'goweb.2' });
      await expect.poll(failed).toBeGreaterThanOrEqual(4);
      await swarm.control('/image', { image, exit: null });
      await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
    };
    const goesDark = async () => {
      const tasks = await running(swarm, 'goweb');
      const zero = tasks.map((task) => task.split(' ')[1]).find((name) => name !== 'ctrl') ?? '';
      await swarm.control('/node', { node: zero, power: false });
      await expect(node(page, zero).first()).toHaveAttribute('data-state', 'down');
      await expect.poll(() => running(swarm, 'goweb')).toHaveLength(3);
      await swarm.control('/node', { node: zero, power: true });
      await expect(node(page, zero).first()).toHaveAttribute('data-state', 'ready');
    };
    for (const [what, happens] of [
      ['a crash loop', crashes],
      ['a node that goes dark', goesDark],
    ] as const) {
      const shifts = await recordShifts(page);
      await happens();
      const { cls, moved } = await shifts();
      console.log(`      layout shift ${cls.toFixed(4)} in ${where} during ${what}`);
      expect(cls, `${what}: ${moved.join('\n')}`).toBeLessThanOrEqual(0.02);
    }
  });
}

test('the whole main job is on one screen, and a run moves nothing', async ({ page }) => {
  // With a setting behind More.
  await open(page, DESKTOP, '/?rate=5&for=30&keepgoing=true');
  const places = async () => {
    const boxes: Record<string, number> = {};
    const add = async (name: string, locator: ReturnType<Page['locator']>) => {
      const box = await locator.boundingBox();
      boxes[`${name} x`] = Math.round(box?.x ?? -1);
      boxes[`${name} y`] = Math.round(box?.y ?? -1);
    };
    await add('board', page.locator('[data-board]'));
    await add('scale', page.getByLabel('Replicas of goweb'));
    await add('panel', panel(page).getByRole('heading', { level: 2 }));
    await add('drill', panel(page).getByRole('button', { name: 'Failure drill' }));
    await add('button', start(page).or(stop(page)));
    await add('rate', panel(page).getByRole('radiogroup', { name: 'Rate' }));
    return boxes;
  };
  await page.evaluate(() => scrollTo(0, 0));
  const before = await places();
  await start(page).focus();
  await page.keyboard.press('Enter');
  await expect(stop(page)).toBeFocused();
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d* of 150/);
  expect(await places()).toEqual(before);
  for (const part of [
    page.locator('[data-board]'),
    page.getByLabel('Replicas of goweb'),
    stop(page),
    panel(page).getByRole('heading', { level: 3 }),
    panel(page).getByRole('img', { name: /^The last \d+ answers?/ }),
  ]) {
    await expect(part).toBeInViewport({ ratio: 1 });
  }
  // The settings are one line.
  const lines = await panel(page)
    .locator('form')
    .evaluate((form) => {
      const controls = [...form.querySelectorAll('select, [role="radiogroup"]')];
      const shown = controls.filter((one) => one.checkVisibility());
      return new Set(
        shown.map((one) => {
          const { top, bottom } = one.getBoundingClientRect();
          return Math.round((top + bottom) / 20);
        }),
      ).size;
    });
  expect(lines).toBe(1);
  await page.keyboard.press('Enter');
  await expect(start(page)).toBeFocused();
  await expect(panel(page)).toContainText('Stopped by a viewer');
  expect(await places()).toEqual(before);
});

test.describe('on a phone', () => {
  test.use({ viewport: PHONE, hasTouch: true, isMobile: true });

  test('scale, fire, pull a plug and watch, all beside the mini board', async ({ page }) => {
    await open(page, PHONE, '/?rate=5&for=300&keepgoing=true');
    const inSight = async () => {
      await expect(mini(page)).toBeInViewport({ ratio: 1 });
      await expect(page.locator('[data-mini-verdict]')).toBeInViewport({ ratio: 1 });
      await expect(start(page).or(stop(page))).toBeInViewport({ ratio: 1 });
    };
    await expect(mini(page).locator('[data-mini-node]')).toHaveCount(5);
    await page.getByRole('button', { name: 'Scale to 5' }).tap();
    await inSight();
    await expect(mini(page).locator('[data-mini-task][data-state="running"]')).toHaveCount(5);
    await start(page).tap();
    await expect(mini(page).locator('[data-lit]').first()).toBeAttached();
    await expect(page.locator('[data-mini-verdict]')).toContainText('5/5 tasks running');
    await inSight();

    const demo = page.getByRole('region', { name: 'Demo swarm' });
    await demo.getByRole('button', { name: 'Simulate faults' }).tap();
    await demo.getByLabel('Zero', { exact: true }).selectOption('zero3');
    await inSight();
    await expectNoViolations(page);
    await demo.getByRole('button', { name: 'Power zero3 off' }).tap();
    await expect(mini(page).locator('[data-state="down"]')).toHaveCount(1);
    await inSight();
    await demo.getByRole('button', { name: 'Close' }).tap();
    const story = panel(page).getByRole('region', { name: 'Changes during this run' });
    await expect(story).toContainText('zero3');
    await expect(page.getByText('5 of 5 running')).toBeAttached();
    await page.locator('[data-mini-verdict]').tap();
    await inSight();
    await expect(panel(page).getByRole('heading', { level: 3 })).toBeInViewport();
    // A tap would end the smooth scroll on its way.
    const top = () =>
      page.locator('[data-result]').evaluate((one) => Math.round(one.getBoundingClientRect().top));
    await expect.poll(top).toBeLessThan(PHONE.height / 3);
    await stop(page).tap();
    await expect(start(page)).toBeVisible();
    await inSight();
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
    await expectNoViolations(page);
  });

  test('every control is at least 44 px high and wide', async ({ page, swarm }) => {
    await open(page, PHONE, '/?mode=burst&burst=50');
    await start(page).tap();
    await expect(panel(page)).toContainText('Finished');
    await swarm.control('/node', { node: 'zero4', link: false });
    await expect(node(page, 'zero4')).toHaveAttribute('data-state', 'down');
    await panel(page).getByRole('button', { name: 'More' }).tap();
    await panel(page).getByText('Run history', { exact: true }).tap();
    await expect(
      panel(page)
        .getByRole('checkbox', { name: /^Compare/ })
        .first(),
    ).toBeVisible();
    const small = await page.evaluate(() => {
      const controls = document.querySelectorAll<HTMLElement>(
        'button, select, summary, a[href], [role="tab"], label:has(input), input:not(label input)',
      );
      return [...controls]
        .filter((one) => one.checkVisibility() && !one.closest('[hidden], .sr-only'))
        .flatMap((one) => {
          // A click anywhere on a chip opens its error.
          const { width, height } = (one.closest('[data-task]') ?? one).getBoundingClientRect();
          // Within a sentence or a heading a target is about as high as its line (WCAG 2.5.8, inline).
          const inline = getComputedStyle(one).display.startsWith('inline') && height < 30;
          if (inline || (width >= 43.5 && height >= 43.5) || width <= 1) return [];
          return [`${one.tagName} ${one.textContent?.slice(0, 40)} ${width}×${height}`];
        });
    });
    expect(small).toEqual([]);
  });
});

test('the letters of the mini board stay within their places at 360 px', async ({ page }) => {
  await open(page, { width: 360, height: 800 });
  for (const replicas of ['15', '25']) {
    const field = page.getByLabel('Replicas of goweb');
    await field.fill(replicas);
    await field.press('Enter');
    await expect(page.getByText(`${replicas} of ${replicas} running`)).toBeVisible();
    const outside = await page.evaluate(() =>
      [...document.querySelectorAll('[data-mini-task]')].filter((letter) => {
        const place = letter.closest('[data-mini-node]')?.getBoundingClientRect();
        return !place || letter.getBoundingClientRect().right > place.right;
      }),
    );
    expect(outside).toHaveLength(0);
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  }
});

test('crowded nodes fold, and their errors open over the board', async ({ page, swarm }) => {
  await open(page, DESKTOP);
  const height = async () => (await page.locator('[data-board]').boundingBox())?.height;
  const before = await height();
  const replicas = page.getByLabel('Replicas of goweb');
  await replicas.fill('20');
  await replicas.press('Enter');
  await expect(page.getByText('20 of 20 running')).toBeVisible();
  expect(await height()).toBe(before);
  await swarm.control('/task', { kill: 'goweb.7' });
  const failed = page.locator('[data-node] [data-task][data-state="failed"]');
  await failed.getByRole('button', { name: /exit/ }).click();
  const why = failed.getByRole('group', { name: /^Why / });
  await expect(why).toBeVisible();
  await expect(why).toContainText('non-zero exit (137)');
  expect(await height()).toBe(before);
  await page.keyboard.press('Escape');
  await expect(why).toBeHidden();
});
