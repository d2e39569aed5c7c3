import { readFile } from 'node:fs/promises';
import type { Page, Response } from '@playwright/test';
import { runSchema } from '@/lib/curl/run-schemas';
import { expectNoViolations } from '../support/axe';
import { everLit, node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true });
const radio = (page: Page, name: string) => panel(page).getByRole('radio', { name, exact: true });
const list = (page: Page, name: string) => panel(page).getByRole('combobox', { name });
const text = (page: Page, words: string) => panel(page).getByText(words, { exact: true });

/** The path of the run that was created, from the relative `Location` of the response. */
function runUrl(created: Response): string {
  const { location = '' } = created.headers();
  const { pathname } = new URL(location, created.url());
  expect(pathname).toMatch(/^\/api\/runs\/[\w-]+$/);
  return pathname;
}

/** Starts a run and waits until the panel shows it instead of an earlier one. */
async function startRun(page: Page): Promise<void> {
  const created = page.waitForResponse(
    (response) => response.request().method() === 'POST' && response.url().endsWith('/api/runs'),
  );
  await button(page, 'Start').click();
  const url = runUrl(await created);
  await expect(panel(page).locator(`a[href="${url.slice(1)}"]`)).toBeVisible();
}

/** Starts a run with the settings of a link and waits for its end. */
async function wholeRun(page: Page, query: string): Promise<void> {
  await page.goto(`/${query}`);
  await startRun(page);
  await expect(text(page, 'Finished')).toBeVisible();
}

test('settings are in the address and stored, and invalid values are reported', async ({
  page,
}) => {
  await page.goto('/?at=zero2&mode=burst&burst=500&connection=keepAlive&timeout=5&path=/a/b');
  await expect(list(page, 'Entry node')).toHaveValue('zero2');
  for (const name of ['Burst', '500']) await expect(radio(page, name)).toBeChecked();
  await expect(panel(page).getByText(/^curl -s -Z .+\/a\/b#\[1-500\]'$/)).toBeVisible();
  await button(page, 'More: /a/b, keep alive, timeout 5 s').click();
  for (const name of ['Keep alive', '5 s']) await expect(radio(page, name)).toBeChecked();
  await expect(panel(page).getByRole('textbox', { name: 'Path' })).toHaveValue('/a/b');

  await radio(page, 'Steady').check();
  await radio(page, '20/s').check();
  await expect(page).toHaveURL(/[?&]rate=20(&|$)/);
  // The stored settings return, also in the address.
  await page.goto('/');
  await expect(radio(page, '20/s')).toBeChecked();
  await expect(page).toHaveURL(/[?&]at=zero2&.*rate=20/);

  await page.goto('/?rate=1e9&path=//evil&at=zero9&for=60');
  await expect(panel(page)).toContainText('Link has invalid rate=1e9; using 5/s');
  await expect(panel(page)).toContainText('Link has invalid path=//evil; using /Hello!');
  await expect(panel(page)).toContainText('Entry node zero9 is not available; using ctrl');
  await expect(radio(page, '5/s')).toBeChecked();
  await expect(list(page, 'Duration')).toHaveValue('60');
});

test('settings of a link are stored when a run starts', async ({ page }) => {
  await page.goto('/?at=zero3&mode=once');
  await startRun(page);
  await expect(text(page, 'Finished')).toBeVisible();
  await page.goto('/');
  await expect(list(page, 'Entry node')).toHaveValue('zero3');
  await expect(radio(page, 'Once')).toBeChecked();
});

test('rates above 20/s are shown on demand, with a warning', async ({ page }) => {
  await page.goto('/');
  await expect(radio(page, '100/s')).toHaveCount(0);
  await button(page, 'More').click();
  await button(page, 'Higher rates').click();
  await expect(panel(page)).toContainText('Linux reuses source ports');
  await radio(page, '100/s').check();
  await expect(page).toHaveURL(/rate=100/);
  await expect(panel(page)).not.toContainText('at most 6,000 requests');
  await list(page, 'Duration').selectOption('5 min');
  await expect(panel(page)).toContainText('Ends after 60 s: a run has at most 6,000 requests.');
  await expect(panel(page).getByText(/^for i in \$\(seq 6000\); /)).toBeVisible();
});

test('all nodes in turn: each entry node is marked and reaches every replica', async ({ page }) => {
  await page.goto('/?at=rotate&rate=10&for=10&inflight=16');
  await startRun(page);
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']) {
    await expect(node(page, name).getByText('in turn')).toBeVisible();
  }
  await expect(text(page, 'Finished')).toBeVisible();
  await expect(page.getByText('in turn', { exact: true })).toHaveCount(0);
  const rows = panel(page)
    .getByRole('table', { name: 'Requests by entry node and replica' })
    .getByRole('row');
  await expect(rows).toHaveCount(6);
  for (const row of (await rows.all()).slice(1)) {
    const cells = (await row.getByRole('cell').allTextContents()).slice(0, 3);
    expect(cells).toHaveLength(3);
    for (const cell of cells) expect(Number(cell)).toBeGreaterThan(0);
  }
  await expect(
    panel(page).getByRole('heading', { name: /at each of 5 entry nodes/ }),
  ).toBeVisible();
  for (const colorScheme of ['dark', 'light'] as const) {
    await page.emulateMedia({ colorScheme });
    await expectNoViolations(page);
  }
});

test('a burst; reused connections stick to one replica; runs can be compared, opened and downloaded', async ({
  page,
}) => {
  await wholeRun(page, '?mode=burst&burst=100');
  await expect(panel(page)).toContainText(/sent\s*100 of 100/);
  await expect(panel(page)).toContainText(/connections\s*100\D/);
  await expect(panel(page)).toContainText(/repeats\s*0%/);

  await wholeRun(page, '?mode=burst&burst=100&inflight=1&connection=keepAlive');
  await expect(panel(page)).toContainText(/repeats\s*100%/);
  await expect(
    panel(page).getByRole('heading', { name: /^Sticks to .* per connection, not per request$/ }),
  ).toBeVisible();

  await panel(page).getByText('Run history').click();
  const boxes = panel(page).getByRole('checkbox', { name: /^Compare the run of/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const comparison = panel(page).getByRole('region', { name: 'Comparison' });
  await expect(comparison.getByRole('row', { name: /^connections 100 1 −99/ })).toBeVisible();
  await expect(comparison.getByRole('row', { name: /^repeats 0% 100% \+100%/ })).toBeVisible();
  await panel(page)
    .getByRole('button', { name: /^Open the run of/ })
    .first()
    .click();
  await expect(panel(page)).toContainText('Showing run of');
  await expect(panel(page)).toContainText(/repeats\s*0%/);
  const download = page.waitForEvent('download');
  await panel(page).getByRole('link', { name: 'Answers (CSV)' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(101);
  await button(page, 'Latest run').click();
  await expect(panel(page)).toContainText(/repeats\s*100%/);
});

test('each answer flies from the entry node to its task, which lights', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  // The whole board is in view: answers outside are not animated.
  await page.setViewportSize({ width: 1440, height: 1400 });
  await page.goto('/?at=zero4&rate=20&for=10');
  await startRun(page);
  await expect(node(page, 'zero4').getByText('entry node', { exact: true })).toBeVisible();
  await expect(page.locator('[data-travel] > i').first()).toBeAttached();
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await button(page, 'Stop').click();
  await expect(page.locator('[data-travel] > i')).toHaveCount(0);
  await expect(page.getByText('entry node', { exact: true })).toHaveCount(0);
});

test('a burst lights every task that answers, even if it arrives in one message', async ({
  page,
}) => {
  await page.emulateMedia({ reducedMotion: 'no-preference' });
  await page.setViewportSize({ width: 1440, height: 1400 });
  await page.goto('/?mode=burst&burst=100');
  const running = page.locator('[data-task][data-state="running"]');
  await expect(running).toHaveCount(3);
  // The first run loads the code of the animation, the others have it from the start.
  for (let run = 1; run <= 3; run += 1) {
    const lit = await everLit(page);
    await startRun(page);
    await expect.poll(lit).toHaveLength(3);
    await expect(text(page, 'Finished')).toBeVisible();
    await expect(page.locator('[data-travel] > i')).toHaveCount(0);
  }
});

test('a reload keeps the latency of every answer', async ({ page }) => {
  await page.goto('/?mode=burst&burst=500');
  const latencies = panel(page).getByRole('img', { name: /^Latency of each answer/ });
  /** The number of move commands: one per answer. */
  const marks = () =>
    latencies
      .locator('path')
      .evaluateAll((paths) =>
        paths.reduce((sum, path) => sum + (path.getAttribute('d')?.match(/M/g)?.length ?? 0), 0),
      );
  await startRun(page);
  await expect(text(page, 'Finished')).toBeVisible();
  await expect.poll(marks).toBe(500);
  await page.reload();
  await expect.poll(marks).toBe(500);
});

test('with reduced motion tasks light up without flying answers', async ({ page }) => {
  await page.goto('/?rate=20&for=10');
  await page.evaluate(() => {
    const scope = window as { travelled?: boolean };
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) {
        if (addedNodes.length > 0 && (target as Element).hasAttribute('data-travel')) {
          scope.travelled = true;
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  await startRun(page);
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 200/);
  await button(page, 'Stop').click();
  await expect(button(page, 'Start')).toBeVisible();
  expect(await page.evaluate(() => (window as { travelled?: boolean }).travelled)).toBeUndefined();
});

test('a failure drill drains a node, restores it, and reports what it cost', async ({ page }) => {
  await page.goto('/?rate=10&for=60');
  await startRun(page);
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 600/);
  const worker = page.locator('[data-node^="zero"]:has([data-task][data-state="running"])').first();
  const name = (await worker.getAttribute('data-node')) ?? '';
  await button(page, 'Failure drill').click();
  const dialog = page.getByRole('dialog', { name: 'Failure drill' });
  await dialog.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
  await dialog.getByRole('radio', { name: '5 s', exact: true }).check();
  await expect(dialog).toContainText(`${name} will be drained.`);
  await dialog.getByRole('button', { name: `Drain ${name} for 5 s` }).click();

  await expect(panel(page)).toContainText(`${name} is drained and will be restored`);
  await expect(node(page, name)).toHaveAttribute('data-availability', 'drain');
  await expect(button(page, 'Failure drill')).toBeDisabled();
  await expect(panel(page)).toContainText(`${name} is restored.`);
  await expect(node(page, name)).toHaveAttribute('data-availability', 'active');
  const changes = panel(page).getByRole('region', { name: 'Changes during this run' });
  await expect(changes.getByRole('listitem')).toHaveCount(2);
  await expect(changes).toContainText('answered after');
  await button(page, 'Stop').click();
  await expect(changes.getByRole('paragraph')).toHaveText(
    new RegExp(`^${name} was drained at \\d\\d:\\d\\d:\\d\\d\\. .+ answered after \\d+\\.\\d s\\.`),
  );
});

test('a killed task is listed as earlier, below its replacement, and in the paragraph at the end', async ({
  page,
  swarm,
}) => {
  await page.goto('/?rate=10&for=60');
  await startRun(page);
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 600/);
  const shares = panel(page).getByRole('table', { name: 'Answers by replica' });
  // Right after an earlier test the mesh may not use it yet.
  await expect(shares.getByRole('row', { name: /goweb\.2 \w+ [1-9]/ })).toBeVisible();
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect(shares.getByRole('row', { name: /goweb\.2 earlier/ })).toBeVisible();
  await expect(shares.getByRole('row', { name: /goweb\.2/ })).toHaveCount(2);
  const changes = panel(page).getByRole('region', { name: 'Changes during this run' });
  await expect(changes).toContainText(/goweb\.2 on \w+ died/);
  await expect(changes).toContainText('goweb.2 answered after');
  await panel(page).getByText('Seconds as a table').click();
  const seconds = panel(page).getByRole('region', { name: 'Answers per second' });
  await expect(seconds.getByRole('columnheader', { name: 'goweb.2 (gone)' })).toBeVisible();
  await button(page, 'Stop').click();
  await expect(changes.getByRole('paragraph')).toContainText('the replacement answered after');
});

test('a broken mesh shows in the matrix; errors are counted and explained', async ({
  page,
  swarm,
}) => {
  await page.goto('/?at=rotate&rate=10&for=60&inflight=16&timeout=1&keepgoing=true');
  await startRun(page);
  await swarm.control('/node', { node: 'zero3', link: false });
  const row = panel(page)
    .getByRole('table', { name: 'Requests by entry node and replica' })
    .getByRole('row', { name: /^zero3/ });
  await expect(row.locator('td[data-missing]').first()).toBeVisible();
  await expect(panel(page)).toContainText('Hatched: no answer since the tasks last changed');
  await expect(
    panel(page)
      .getByText(/^\d+ × (connect|read) timeout$/)
      .first(),
  ).toBeVisible();
  await button(page, 'Stop').click();
  await expect(panel(page).getByRole('heading', { level: 3 })).toContainText('failed');
});

test('a run ends when its only tab is closed', async ({ page, request }) => {
  await page.goto('/?rate=5&for=60');
  const created = page.waitForResponse((response) => response.request().method() === 'POST');
  await startRun(page);
  const url = runUrl(await created);
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d* of 300/);
  await page.close();
  const run = async () => runSchema.parse(await (await request.get(url, { maxRetries: 3 })).json());
  await expect.poll(async () => (await run()).ended).toBe('nobody watching');
  expect((await run()).sent).toBeLessThan(300);
});

test('the secondary controls are behind More', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/');
  await expect(list(page, 'Entry node')).toHaveValue('ctrl');
  await expect(radio(page, '5/s')).toBeVisible();
  await expect(list(page, 'Duration')).toHaveValue('30');
  await expect(radio(page, 'HEAD')).toBeHidden();
  await button(page, 'More').click();
  for (const name of ['HEAD', 'Keep alive', '16']) {
    await expect(radio(page, name)).toBeVisible();
  }
  await radio(page, 'HEAD').check();
  await button(page, 'Less').click();
  await expect(button(page, 'More: HEAD')).toBeVisible();
});

test('the history lists a run when it starts and when it ends', async ({ page }) => {
  await page.goto('/?rate=5&for=60');
  await panel(page).getByText('Run history', { exact: true }).click();
  const history = panel(page).getByRole('region', { name: 'Run history' });
  const active = history.getByText('Running', { exact: true });
  await startRun(page);
  await expect(active).toHaveCount(1);
  await button(page, 'Stop').click();
  await expect(active).toHaveCount(0);
  await expect(history.getByRole('listitem').first()).toContainText('5/s × 60 s at ctrl');
});

test('asks to reload when the history is of another build', async ({ page }) => {
  await page.route('**/api/runs', (route) =>
    route.fulfill({ json: { past: [] }, headers: { 'x-clusterhat-build': 'another' } }),
  );
  await page.goto('/');
  await panel(page).getByText('Run history', { exact: true }).click();
  await expect(panel(page)).toContainText('The dashboard was upgraded');
  await expect(panel(page)).toContainText('Reload the page.');
});

test('repeats are explained on demand', async ({ page }) => {
  await wholeRun(page, '?mode=burst&burst=10');
  await button(page, 'repeats').click();
  await expect(page.getByRole('tooltip')).toContainText(
    'Consecutive requests that the same task answered',
  );
});
