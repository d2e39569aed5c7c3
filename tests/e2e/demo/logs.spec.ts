import { readFileSync } from 'node:fs';
import type { Locator, Page } from '@playwright/test';
import { sticksOut, expectNoViolations } from '../support/axe';
import { createService, updateService } from '../support/demo';
import { expect, test } from '../support/demo-fixtures';
import { GUEST, OPERATOR, PASSWORDS, givePassword, REFUSALS, signIn } from '../support/sign-in';

/** The log of a service or a task on the page: what it shows, that it stays still while it is read, and what it says of holes. */

// A node without power ends connections of the page.
test.use({ allowedErrors: REFUSALS });

const panel = (page: Page) => page.getByRole('dialog', { name: /^Logs of / });
const list = (page: Page) => panel(page).getByLabel('Log lines');
const lines = (page: Page) => list(page).locator('[data-line]');
const status = (page: Page) => panel(page).locator('[data-log-status]');
const search = (page: Page) => panel(page).getByLabel('Search the lines');
const newLines = (page: Page) => panel(page).getByRole('button', { name: /new lines?$/ });

async function openLogs(page: Page): Promise<void> {
  await page.goto('/');
  await expect(page.getByRole('banner')).toContainText('live');
  await page.getByRole('button', { name: 'Logs', exact: true }).click();
  await expect(status(page)).toHaveText('Live');
}

/** The texts of the lines that are rendered. */
const texts = (page: Page): Promise<string[]> =>
  lines(page).evaluateAll((all) => all.map((line) => line.textContent));

/** The numbers of the lines that the demo wrote by itself; they count up over all tasks. */
const numbersOf = (lines: readonly string[]): number[] =>
  lines.flatMap((line) => Number(/chatter-(\d+)/.exec(line)?.[1] ?? NaN) || []);

/** Where a line is in the window. */
async function placeOf(line: Locator): Promise<number> {
  return (await line.boundingBox())?.y ?? Number.NaN;
}

test('lines of several nodes, with badges; search, filter, copy, download', async ({
  page,
  swarm,
}) => {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 60 });
  await openLogs(page);
  // One of stderr as each container starts, then those of all three nodes, each with its slot's letter.
  await expect(lines(page).locator('nth=-1')).toContainText('/chatter');
  await expect
    .poll(() =>
      lines(page).evaluateAll((all) => new Set(all.map((line) => line.dataset.nodeId)).size),
    )
    .toBeGreaterThanOrEqual(3);
  const letters = await lines(page)
    .locator('[data-badge]')
    .evaluateAll((all) => [...new Set(all.map((badge) => badge.textContent))].sort());
  expect(letters).toEqual(['A', 'B', 'C']);
  const first = await lines(page).first().textContent();
  expect(first).toMatch(/goweb\.\d/);

  // It may be older than the last 100 lines of its task.
  await panel(page).getByLabel('Lines shown').selectOption('tail:1000');
  await search(page).fill('id=chatter-30 ');
  await expect(panel(page).locator('[data-matches]')).toHaveText('1 match');
  await search(page).press('Enter');
  await expect(panel(page).locator('[data-matches]')).toHaveText('1 of 1');
  const current = list(page).locator('[aria-selected="true"]');
  await expect(current).toBeInViewport();
  await expect(current.locator('mark')).toHaveText('id=chatter-30 ');
  await expect(panel(page).locator('[data-current-line]')).toContainText(
    /goweb\.\d on \S+ · \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} · stdout/,
  );
  await panel(page).getByRole('button', { name: 'Copy line' }).click();
  await expect(panel(page).getByRole('button', { name: 'Copied' })).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(
    'GET /chatter 200 id=chatter-30 from=10.0.0.2',
  );
  await panel(page).getByLabel('Matches only').check();
  await expect(lines(page)).toHaveCount(1);
  await panel(page).getByLabel('Matches only').uncheck();

  // Arrow keys read line by line.
  await list(page).focus();
  await page.keyboard.press('ArrowDown');
  await expect(current).not.toContainText('chatter-30 ');
  const task = await current.getAttribute('data-task');
  await panel(page).getByRole('button', { name: 'Only this task' }).click();
  await expect
    .poll(() =>
      lines(page).evaluateAll((all) => [...new Set(all.map((line) => line.dataset.task))]),
    )
    .toEqual([task]);
  await expectNoViolations(page);

  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  const downloads = panel(page).getByRole('group', { name: 'Downloads' });
  const open = () => panel(page).getByRole('button', { name: 'Download', exact: true }).click();
  const download = async (control: Locator) => {
    const downloading = page.waitForEvent('download');
    await control.click();
    const file = await downloading;
    return { name: file.suggestedFilename(), text: readFileSync(await file.path(), 'utf8') };
  };
  const tasksIn = (text: string) => new Set([...text.matchAll(/\.(\w{25})@/g)].map(([, id]) => id));

  // What is shown: the lines of one task.
  await open();
  const shown = downloads.getByRole('button', { name: /^Download [\d,]+ lines? of goweb\.\d$/ });
  const count = Number(/[\d,]+/.exec(await shown.innerText())?.[0].replace(',', ''));
  const part = await download(shown);
  expect(tasksIn(part.text)).toEqual(new Set([task]));
  expect(part.text.match(/@/g)).toHaveLength(count);
  expect(part.name).toMatch(/^goweb\.\d-\d{4}-\d\d-\d\d\.log$/);
  await expectNoViolations(page);
  // All of the task that the engine has, and all of the service.
  const ofTask = await download(downloads.getByRole('link', { name: /lines of goweb\.\d$/ }));
  expect(tasksIn(ofTask.text)).toEqual(new Set([task]));
  expect(ofTask.text.match(/@/g)?.length).toBeGreaterThanOrEqual(count);
  const whole = await download(downloads.getByRole('link', { name: /without the filters$/ }));
  expect(tasksIn(whole.text).size).toBe(3);
  expect(whole.text).toMatch(/goweb\.\d\.\w{25}@\S+ +\| GET \/chatter 200 id=chatter-0 /);
  await page.keyboard.press('Escape');
  // Lines with a text only.
  await search(page).fill('id=chatter-30 ');
  await panel(page).getByRole('button', { name: 'All tasks' }).click();
  await panel(page).getByLabel('Matches only').check();
  await expect(panel(page).locator('[data-count]')).toContainText('1 shown · ');
  await open();
  const match = await download(
    downloads.getByRole('link', { name: 'Download all lines of goweb with “id=chatter-30 ”' }),
  );
  expect(match.text).toMatch(
    /^\S+ goweb\.\d\.\w{25}@\S+ +\| GET \/chatter 200 id=chatter-30 .*\n$/,
  );
  await page.keyboard.press('Escape');
  await search(page).fill('nothing has this');
  await expect(panel(page)).toContainText(
    'No line of goweb with “nothing has this” is among those that are held here.',
  );
  await panel(page).getByRole('button', { name: 'Show all lines' }).click();
  await expect(list(page)).toBeFocused();
  await expect(panel(page).getByLabel('Matches only')).not.toBeChecked();
  await expect(lines(page).first()).toBeVisible();

  // What was searched is neither in the address nor stored.
  expect(page.url()).not.toContain('chatter');
  const stored = await page.evaluate(() =>
    JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)]),
  );
  expect(stored).not.toContain('chatter');
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);
  await expect(page.getByRole('button', { name: 'Logs', exact: true })).toBeFocused();
});

test('while it is paused nothing moves; new lines follow on request', async ({ page, swarm }) => {
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 100 });
  await openLogs(page);
  await expect(lines(page).locator('nth=20')).toBeAttached();
  // Scrolling up pauses.
  await list(page).hover();
  await page.mouse.wheel(0, -100);
  await expect(newLines(page)).toBeVisible();
  const line = lines(page).locator('nth=-12');
  const [text, place] = [await line.textContent(), await placeOf(line)];
  // A selection of text stays as it is.
  await line.locator('[dir]').selectText();
  const selection = () => page.evaluate(() => getSelection()?.toString() ?? '');
  const selected = await selection();
  expect(selected).toContain('/chatter');
  await expect
    .poll(async () => Number((await newLines(page).textContent())?.match(/\d+/)?.[0]))
    .toBeGreaterThan(200);
  expect(await line.textContent()).toBe(text);
  expect(await placeOf(line)).toBe(place);
  expect(await selection()).toBe(selected);
  await expect(panel(page).getByRole('button', { name: 'Follow' })).toHaveAttribute(
    'aria-pressed',
    'true',
  );

  await newLines(page).click();
  await expect(newLines(page)).toHaveCount(0);
  await expect(panel(page).getByRole('button', { name: 'Pause' })).toBeVisible();
  const last = await lines(page).last().textContent();
  await expect(lines(page).last()).not.toHaveText(last ?? '');
  await expect(lines(page).last()).toBeInViewport();
  // No line is missing, and none is there twice.
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await panel(page).getByRole('button', { name: 'Pause' }).click();
  const numbers = numbersOf(await texts(page));
  expect(numbers.length).toBeGreaterThan(20);
  const sorted = numbers.toSorted((a, b) => a - b);
  expect(sorted).toEqual(Array.from(sorted, (_, at) => (sorted[0] ?? 0) + at));
});

test('a node without power is a hole that is named; its lines return once', async ({
  page,
  swarm,
}) => {
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 5 });
  await openLogs(page);
  const zero = page.locator('[data-board] [data-node^="zero"]:has([data-task])').first();
  const node = (await zero.getAttribute('data-node')) ?? '';
  const nodeId = (await zero.getAttribute('data-id')) ?? '';
  const own = list(page).locator(`[data-node-id="${nodeId}"]`);
  await expect(own.first()).toBeAttached();
  await swarm.control('/node', { node, link: false });
  await expect(status(page)).toContainText(`${node} is down: its lines are missing.`);
  await expect(list(page).locator('[data-note]')).toContainText(
    `${node} is down: its lines are missing.`,
  );
  await expectNoViolations(page);
  await swarm.control('/node', { node, link: true });
  await expect(status(page)).toHaveText('Live');
  await expect(list(page).getByText(`${node} is back.`)).toBeAttached();
  // Those of before, and those of its next task, each once.
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 10 } },
  }));
  const before = Math.max(...numbersOf(await texts(page)));
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 40 });
  await expect
    .poll(async () => Math.max(0, ...numbersOf(await own.allTextContents())))
    .toBeGreaterThan(before);
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await panel(page).getByLabel('Lines shown').focus();
  const seen = (await texts(page)).filter((text) => text.includes('/chatter'));
  expect(seen.length).toBeGreaterThan(5);
  const keys = await lines(page).evaluateAll((all) =>
    all.flatMap((one) => (one.dataset.task ? [`${one.dataset.task} ${one.textContent}`] : [])),
  );
  expect(new Set(keys).size).toBe(keys.length);
});

test('an answer shows its line, also one that is older than what is shown, or says why not', async ({
  page,
  swarm,
}) => {
  await page.goto('/?mode=burst&burst=50');
  await expect(page.getByRole('banner')).toContainText('live');
  const curl = page.getByRole('region', { name: 'Curl panel' });
  await curl.getByRole('button', { name: 'Start', exact: true }).click();
  await expect(curl).toContainText('Finished');
  // A cell of the strip.
  await curl.locator('[data-n="7"]').click();
  const note = panel(page).locator('[data-answer-line]');
  await expect(note).toHaveText('The line of answer 7 is marked.');
  const current = list(page).locator('[aria-selected="true"]');
  await expect(current).toContainText(/GET \/Hello! 200 id=[0-9a-f]{8}-7 from=/);
  await expect(current).toBeInViewport();
  await expect(status(page)).toHaveText('Paused');
  // The note does not go on to say so when the line is left.
  await panel(page).getByRole('button', { name: 'Follow', exact: true }).click();
  await expect(status(page)).toHaveText('Live');
  await expect(note).toHaveText('Back to the line of answer 7');
  await note.getByRole('button').click();
  await expect(note).toHaveText('The line of answer 7 is marked.');
  await expect(list(page)).toBeFocused();
  await expect(current).toContainText(/id=[0-9a-f]{8}-7 /);
  await page.keyboard.press('Escape');

  // Until each task has written more lines than the page follows, for longer than the server holds a log without viewers.
  const whole = async () => (await fetch(new URL('/api/services/goweb/logs', page.url()))).text();
  const began = Date.now();
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 270 });
  await expect
    .poll(async () => Date.now() - began > 11_000 && (await whole()).split('/chatter').length)
    .toBeGreaterThan(3300);
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await curl.getByText('Answers as a table').click();
  const button = curl.getByRole('button', { name: 'Log line of answer 30', exact: true });
  await button.focus();
  await page.keyboard.press('Enter');
  await expect(note).toHaveText('The line of answer 30 is marked.');
  await expect(current).toContainText(/id=[0-9a-f]{8}-30 /);
  await expect(list(page).getByText('From the whole log:')).toBeAttached();
  await page.keyboard.press('Escape');
  await expect(button).toBeFocused();

  // The demo's nodes keep the last 2,000 lines of a task.
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 3000 });
  await expect.poll(async () => (await whole()).includes('/Hello!')).toBe(false);
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 0 });
  await curl.locator('[data-n="7"]').click();
  await expect(note).toContainText('its log driver keeps only the latest');
  await expectNoViolations(page);
});

test('the details of a task have its last lines, and open its log', async ({ page, swarm }) => {
  await createService(swarm, 'broken', {
    Mode: { Replicated: { Replicas: 1 } },
    TaskTemplate: {
      ContainerSpec: { Image: 'carmeloc/goweb:1.0', Args: ['-<b>no\u202esuch</b>'] },
      RestartPolicy: { Condition: 'none', Delay: 0, MaxAttempts: 0 },
      ForceUpdate: 0,
      Runtime: 'container',
    },
  });
  await page.goto('/');
  const task = page.locator('[data-board] [data-task]').filter({ hasText: 'broken.1' }).first();
  await expect(task).toHaveAttribute('data-state', 'failed');
  // The reason of the failure, on the board, leads there.
  await task.click();
  await page.getByRole('button', { name: 'Show logs' }).click();
  await expect(lines(page).first()).toContainText('flag provided but not defined');
  await expect(page.getByRole('button', { name: 'Show logs' })).toBeHidden();
  await page.keyboard.press('Escape');
  await expect(panel(page)).toHaveCount(0);

  await page.goto(`/?task=${await task.getAttribute('data-task')}`);
  const details = page.locator('[data-details-sheet]');
  await expect(details.locator('[data-task-lines]')).toContainText(
    String.raw`flag provided but not defined: -<b>no\u202esuch</b>`,
  );
  await expect(details.locator('[data-task-lines] [data-stream="stderr"]').first()).toContainText(
    'err',
  );
  await expectNoViolations(page);
  await details
    .getByRole('region', { name: 'Logs', exact: true })
    .getByRole('button', { name: 'Full log' })
    .click();
  await expect(panel(page)).toHaveAccessibleName('Logs of task broken.1');
  await expect(details).toHaveCount(0);
  await expect(lines(page).first()).toContainText('flag provided but not defined');
  await expect(panel(page).getByRole('heading')).toBeFocused();
});

test('a log is of now while the board shows the past', async ({ page, swarm }) => {
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 5 });
  await openLogs(page);
  await expect(lines(page).first()).toBeAttached();
  const time = await page.evaluate(() => new Date(Date.now() - 1000).toISOString());
  const id = await page.locator('[data-board] [data-task]').first().getAttribute('data-task');
  await page.goto(`/?task=${id}&time=${time}`);
  const details = page.locator('[data-details-sheet]');
  await expect(details).toContainText('As it was at');
  await expect(details).toContainText('Logs are of now: go back to now to read them.');
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Logs', exact: true }).click();
  await expect(panel(page)).toContainText(
    /The board shows \d\d:\d\d:\d\d; the log shows the present\./,
  );
  await expect(status(page)).toHaveText('Live');
  await expectNoViolations(page);
});

test('on a phone: full height, wrapped lines, controls behind a button', async ({
  page,
  swarm,
}) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 20 });
  await openLogs(page);
  await expect(lines(page).locator('nth=10')).toBeAttached();
  await expect(panel(page).getByLabel('Lines shown')).toBeHidden();
  await panel(page).getByRole('button', { name: 'More' }).click();
  await panel(page).getByLabel('Lines shown').selectOption('tail:1000');
  await expect(panel(page).getByLabel('Wrap lines')).toBeChecked();
  await expectNoViolations(page);
  for (const width of [360, 390]) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    await page.setViewportSize({ width, height: 844 });
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  }
  await panel(page).getByRole('button', { name: 'Full height' }).click();
  expect((await panel(page).boundingBox())?.height).toBe(844);
  const small = await panel(page)
    .locator('button:visible, select:visible, a:visible, input[type="search"]:visible')
    .evaluateAll((all) =>
      all.filter((one) => one.getBoundingClientRect().height < 43.5).map((one) => one.outerHTML),
    );
  expect(small).toEqual([]);
});

test('guests and readers get the reason; signing in opens the log', async ({ page, start }) => {
  const { url } = await start({ env: PASSWORDS });
  await page.goto(url);
  await signIn(page, GUEST);
  const button = page.getByRole('button', { name: 'Logs', exact: true });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  // Playwright would wait until it is enabled.
  await button.click({ force: true });
  await expect(
    page.getByText('Logs can hold secrets: only operators may read them.'),
  ).toBeVisible();
  await page.keyboard.press('Escape');
  // An answer's button opens the panel, which says it.
  await page.getByRole('region', { name: 'Curl panel' }).getByText('Once', { exact: true }).click();
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  await page.getByRole('button', { name: 'Log line' }).click();
  await expect(panel(page)).toContainText('only operators may read them');
  await expectNoViolations(page);
  await panel(page).getByRole('button', { name: 'Sign in as operator' }).click();
  await givePassword(page, OPERATOR);
  await expect(panel(page).locator('[data-answer-line]')).toHaveText(
    'The line of answer 1 is marked.',
  );
});

test('the engine stops and returns; a removed service ends its log', async ({ page, swarm }) => {
  await swarm.control('/chatter', { service: 'goweb', linesPerSecond: 5 });
  await openLogs(page);
  await expect(lines(page).first()).toBeAttached();
  await swarm.control('/engine', { running: false });
  await expect(status(page)).toHaveAttribute('data-log-status', 'warn');
  await expect(status(page)).not.toHaveText('Live');
  await swarm.control('/engine', { running: true });
  await expect(status(page)).toHaveText('Live');
  await updateService(swarm, 'goweb', (spec) => ({
    ...spec,
    Mode: { Replicated: { Replicas: 1 } },
  }));
  await swarm.engine('DELETE', '/services/goweb');
  await expect(status(page)).toContainText('The service is gone: no more lines will come.');
});
