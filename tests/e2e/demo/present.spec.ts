import type { Page } from '@playwright/test';
import { expectNoViolations } from '../support/axe';
import { services, updateService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { startProxy } from '../support/proxy';
import { measureStage } from '../support/stage';

test.use({ contextOptions: { reducedMotion: 'no-preference' } });

/** Present mode: readable from the back row, all on one screen, worked by the keyboard; and a kiosk. */

const SCREENS = [
  { width: 1920, height: 1080 },
  { width: 1280, height: 720 },
  { width: 2560, height: 1440 },
  { width: 3840, height: 2160 },
  // Not 16:9: nothing is cut either.
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
];

const stage = (page: Page) => page.locator('[data-present]');
/** The hidden page behind it has nodes too. */
const node = (page: Page, name: string) => stage(page).locator(`[data-node="${name}"]`);
const curl = (page: Page) => page.getByRole('region', { name: 'Curl panel' });

/** The theme's colour of this name, as computed styles have it. */
function themeColor(page: Page, name: string): Promise<string> {
  return page.evaluate((name) => {
    const probe = document.body.appendChild(document.createElement('i'));
    probe.style.color = `var(--color-${name})`;
    const { color } = getComputedStyle(probe);
    probe.remove();
    return color;
  }, name);
}

/** The elements in a status colour, except what says that the page is stale. */
async function statusColors(page: Page): Promise<string[]> {
  const names = ['ok', 'ok-fill', 'bad', 'bad-fill'];
  const statuses = await Promise.all(names.map((name) => themeColor(page, name)));
  return page.evaluate(
    (colors) =>
      [...document.querySelectorAll('[data-pill] *, [data-led], main [class*="-ok"]')]
        .filter((element) => element.checkVisibility())
        .filter((element) => {
          const { color, backgroundColor } = getComputedStyle(element);
          return colors.includes(color) || colors.includes(backgroundColor);
        })
        .map((element) => `${element.className} ${element.textContent}`),
    statuses,
  );
}

/** On every screen all of it fits; a text is at least 20 px on a screen 1920 px wide. */
async function expectFits(page: Page, what: string): Promise<void> {
  for (const screen of SCREENS) {
    await page.setViewportSize(screen);
    const { smallest, cut, scroll } = await measureStage(page);
    const name = `${what}, ${screen.width}×${screen.height}`;
    expect(cut, name).toEqual([]);
    expect(scroll, name).toEqual([0, 0]);
    const unit = Math.min(screen.width / 1920, screen.height / 1080);
    expect(smallest, name).toBeGreaterThanOrEqual(20 * unit - 0.01);
  }
  await page.setViewportSize({ width: 1920, height: 1080 });
}

test('a whole demonstration by the keyboard: run, outage, its story, scale, colours', async ({
  page,
  context,
  swarm,
  start,
}) => {
  // Without an earlier test's run.
  const { url } = await start();
  // Another browser window, which changes its size: the keyboard stays with the first.
  const screen = await context.newPage();
  await screen.goto(`${url}/?present`);
  await page.setViewportSize({ width: 1920, height: 1080 });
  // Longer than all of this takes on a busy machine.
  await page.goto(`${url}/?rate=5&for=300`);
  await page.getByRole('button', { name: 'Present mode' }).waitFor();
  await page.keyboard.press('p');
  await expect(stage(page)).toBeVisible();
  await expect(page).toHaveURL(/[?&]present\b/);
  // The page behind it is not there for keyboard and screen readers.
  await expect(page.getByRole('region', { name: 'Demo swarm' })).toHaveCount(0);
  await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
  await expect(curl(page)).toContainText('Which task answers port 8888?');
  await expectFits(screen, 'before a run');
  await expectNoViolations(page);

  await page.keyboard.press('Space');
  await expect(curl(page)).toContainText('Running');
  await swarm.control('/node', { node: 'zero1', power: false });
  await expect(node(page, 'zero1')).toContainText('down');
  const story = page.getByRole('region', { name: 'Changes during this run' });
  await expect(story).toContainText(/went down|is down/);
  await expect(story).toContainText(/request/);
  await expect(node(screen, 'zero1')).toContainText('down');
  await expectFits(screen, 'a node is dark');
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
  }
  await page.keyboard.press('Space');
  await expect(curl(page)).toContainText('Stopped by a viewer');
  await expect(curl(screen)).toContainText('Stopped by a viewer');
  await expectFits(screen, 'the story of an outage');
  await screen.close();

  await page.keyboard.press('+');
  await page.keyboard.press('+');
  const service = page.getByRole('region', { name: 'goweb' });
  await expect(service).toContainText('5 of 5 running');
  await page.keyboard.press('-');
  await expect(service).toContainText('4 of 4 running');

  // The stage's own theme, which a reload keeps; the page has its own again.
  const DARK = 'rgb(11, 15, 20)';
  const LIGHT = 'rgb(243, 245, 247)';
  await page.keyboard.press('d');
  await expect(stage(page)).toHaveCSS('background-color', DARK);
  await expect(page).toHaveURL(/[?&]present=dark\b/);
  await page.reload();
  await expect(service).toContainText('4 of 4 running');
  await expect(stage(page)).toHaveCSS('background-color', DARK);
  await page.keyboard.press('Escape');
  await expect(stage(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/present/);
  await expect(page.getByRole('button', { name: 'Present mode' })).toBeFocused();
  await expect(page.getByRole('combobox', { name: 'Theme' })).toHaveValue('system');
  await expect(page.locator('body')).toHaveCSS('background-color', LIGHT);
  await page.keyboard.press('p');
  await expect(stage(page)).toHaveCSS('background-color', DARK);
  await page.keyboard.press('p');
  await expect(stage(page)).toHaveCount(0);
  await expect(page).not.toHaveURL(/present/);
  await page.reload();
  await expect(page.locator('body')).toHaveCSS('background-color', LIGHT);
});

test('counts of a large swarm and a swarm without a service have their place', async ({
  page,
  swarm,
}) => {
  await swarm.control('/fill', { nodes: 500, tasks: 5000 });
  await page.setViewportSize({ width: 1920, height: 1080 });
  await page.goto('/?present');
  await expect(stage(page)).toContainText('500/500 nodes ready');
  // A pill is in the line as a whole, or not at all.
  const cut = await stage(page)
    .locator('header [data-pill]')
    .evaluateAll((pills) => {
      const line = pills[0]?.closest('header')?.getBoundingClientRect();
      return pills.filter((pill) => {
        const { top, bottom } = pill.getBoundingClientRect();
        return line && top < line.bottom && (top < line.top || bottom > line.bottom);
      }).length;
    });
  expect(cut).toBe(0);
  await swarm.control('/reset');
  for (const { ID } of await services(swarm)) await swarm.engine('DELETE', `/services/${ID}`);
  await expect(stage(page)).toContainText('No service yet');
  await expectFits(page, 'no service');
  await expectNoViolations(page);
});

test('twenty tasks, or nine nodes and a task that waits, fit too', async ({ page, swarm }) => {
  await page.goto('/?present');
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 20 } },
  }));
  const tasks = stage(page).locator('[data-node] [data-task][data-state="running"]');
  await expect(tasks).toHaveCount(20);
  await page.keyboard.press('Space');
  await expect(curl(page).getByRole('listitem').first()).toBeVisible();
  await expectFits(page, 'twenty tasks');
  await page.keyboard.press('Space');

  await swarm.control('/fill', { nodes: 9, tasks: 60 });
  await expect(stage(page).locator('[data-node]')).toHaveCount(9);
  await updateService(swarm, 'goweb', (spec) => {
    spec.TaskTemplate.Placement = { Constraints: ['node.hostname==nosuch'] };
    spec.Mode = { Replicated: { Replicas: 21 } };
    return spec;
  });
  await expect(page.getByRole('region', { name: 'Waiting for a node' })).toBeVisible();
  await expectFits(page, 'nine nodes');
  await expectNoViolations(page);
});

test.describe('a kiosk', () => {
  test.use({ allowedErrors: [/ERR_|status of 50\d/] });

  test('keeps the screen on, hides cursor and controls, shows them for keyboard and pointer', async ({
    page,
  }) => {
    await page.addInitScript(() => {
      const asked: string[] = [];
      Object.assign(window, { asked });
      Object.defineProperty(navigator, 'wakeLock', {
        value: {
          request: (kind: string) => {
            asked.push(kind);
            return Promise.resolve({ release: () => Promise.resolve() });
          },
        },
      });
    });
    await page.goto('/?present');
    const controls = page.getByRole('toolbar', { name: 'Present mode' });
    await expect(stage(page)).not.toHaveAttribute('data-awake');
    await expect(stage(page)).toHaveCSS('cursor', 'none');
    await expect(controls).toHaveCSS('opacity', '0');
    expect(await page.evaluate(() => (window as unknown as { asked: string[] }).asked)).toEqual([
      'screen',
    ]);
    await page.mouse.move(200, 300);
    await expect(controls).toHaveCSS('opacity', '1');
    await expect(stage(page)).not.toHaveCSS('cursor', 'none');
    // A focused control stays in sight; a pointer that rests does not.
    const leave = controls.getByRole('button', { name: 'Leave present mode' });
    await leave.focus();
    await expect(stage(page)).not.toHaveAttribute('data-awake');
    await expect(controls).toHaveCSS('opacity', '1');
    // The key that wakes it is not lost.
    await page.keyboard.press('p');
    await expect(stage(page)).toHaveCount(0);
  });

  test('without a wake lock, as over plain http, there is no error and no promise', async ({
    page,
  }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(Navigator.prototype, 'wakeLock');
    });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(error.message));
    await page.goto('/?present');
    await expect(stage(page)).toBeVisible();
    expect(await page.evaluate(() => 'wakeLock' in navigator)).toBe(false);
    await expect(stage(page)).not.toContainText(/awake|wake|screen on/i);
    expect(errors).toEqual([]);
  });

  test('reloads itself after an upgrade, and waits for a server that is not ready', async ({
    page,
    dashboard,
  }) => {
    const proxy = await startProxy(dashboard.url);
    await page.goto(`${proxy.url}/?present`);
    await expect(stage(page)).toContainText('live');
    let pages = 0;
    await page.route(/\?present/, (route) =>
      pages++ === 0 ? route.fulfill({ status: 503, body: 'restarting' }) : route.continue(),
    );
    const loaded = page.waitForEvent('load');
    proxy.play((chunk) => chunk.replace(/"build":"\w+"/, '"build":"next"'));
    await expect(stage(page)).toContainText('The dashboard was upgraded');
    await loaded;
    expect(pages).toBeGreaterThanOrEqual(2);
    proxy.play((chunk) => chunk);
    await expect(stage(page)).toContainText('live');
    await page.goto('about:blank');
    await proxy.stop();
  });

  test('is stale in grey while the server is away, and live again hours later', async ({
    page,
    start,
  }) => {
    const dashboard = await start();
    await page.clock.install();
    await page.goto(dashboard.url);
    await page.getByRole('button', { name: 'Present mode' }).click();
    await expect(stage(page)).toContainText('live');
    const led = node(page, 'zero1').locator('[data-led]');
    const green = await themeColor(page, 'ok-fill');
    await expect(led).toHaveCSS('color', green);
    await dashboard.stop('SIGKILL');
    await page.clock.runFor(8000);
    await expect(stage(page)).toContainText("The dashboard's server does not answer.");
    await expect(stage(page)).toContainText(/stale · \d/);
    await expect(node(page, 'zero1')).toBeVisible();
    expect(await led.evaluate((each) => getComputedStyle(each).color)).not.toBe(green);
    // The page too: no number, bar or lamp is green.
    await page.keyboard.press('p');
    const nodes = page.getByRole('banner').locator('[data-pill]', { hasText: 'nodes ready' });
    await expect(nodes).toBeVisible();
    expect(await statusColors(page)).toEqual([]);
    await page.keyboard.press('p');
    await expectFits(page, 'stale');
    await page.clock.fastForward('05:00:00');
    await dashboard.restart();
    await page.clock.runFor(8000);
    await expect(stage(page).locator('[data-problem]')).toHaveCount(0);
    await expect(stage(page)).toContainText('live');
    await expect(led).toHaveCSS('color', green);
  });
});
