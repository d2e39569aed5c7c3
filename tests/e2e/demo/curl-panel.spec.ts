import { readFile } from 'node:fs/promises';
import type { Page, Response } from '@playwright/test';
import { runSchema } from '@/lib/curl/run-schemas';
import { everLit, node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';

/** The curl panel to its full specification, as a person uses it. */

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const button = (page: Page, name: string) => panel(page).getByRole('button', { name, exact: true });
const radio = (page: Page, name: string) => panel(page).getByRole('radio', { name, exact: true });
const said = (page: Page, text: string) => panel(page).getByText(text, { exact: true });

/** The address of the run that this answer has created: its `Location`, which is relative. */
function runUrl(created: Response): string {
  const { location = '' } = created.headers();
  const { pathname } = new URL(location, created.url());
  expect(pathname).toMatch(/^\/api\/runs\/[\w-]+$/);
  return pathname;
}

/** Starts a run, opened with its set-up in the address, and waits for its end. */
async function wholeRun(page: Page, query: string): Promise<void> {
  await page.goto(`/${query}`);
  const created = page.waitForResponse((response) => response.request().method() === 'POST');
  await button(page, 'Start').click();
  const url = runUrl(await created);
  await expect(panel(page).locator(`a[href="${url.slice(1)}"]`)).toBeVisible();
  await expect(said(page, 'Finished.')).toBeVisible({ timeout: 30_000 });
}

test('every control is in the address, is remembered, and bad values are told', async ({
  page,
}) => {
  await page.goto('/?at=zero2&mode=burst&burst=500&connection=keepAlive&timeout=5&path=/a/b');
  for (const name of ['zero2', 'burst', '500', 'keep alive']) {
    await expect(radio(page, name)).toBeChecked();
  }
  await expect(panel(page).getByRole('textbox', { name: 'Path' })).toHaveValue('/a/b');
  await expect(panel(page).getByText(/^curl -s -Z .+\/a\/b#\[1-500\]'$/)).toBeVisible();
  await button(page, 'more: timeout 5 s').click();
  await expect(radio(page, '5 s')).toBeChecked();

  await radio(page, 'steady').check();
  await radio(page, '20/s').check();
  await expect(page).toHaveURL(/[?&]rate=20(&|$)/);
  // What was used last is there again, and in the address.
  await page.goto('/');
  await expect(radio(page, '20/s')).toBeChecked();
  await expect(page).toHaveURL(/[?&]at=zero2&.*rate=20/);

  await page.goto('/?rate=1e9&path=//evil&at=zero9&for=60');
  await expect(panel(page)).toContainText("rate=1e9 in this page's address cannot be used");
  await expect(panel(page)).toContainText("path=//evil in this page's address cannot be used");
  await expect(panel(page)).toContainText(
    'zero9 is not a node to enter at now: it is ctrl instead',
  );
  await expect(radio(page, '5/s')).toBeChecked();
  await expect(radio(page, '60 s')).toBeChecked();
});

test('what came by a link and was used is remembered', async ({ page }) => {
  await page.goto('/?at=zero3&mode=once');
  await button(page, 'Start').click();
  await expect(said(page, 'Finished.')).toBeVisible();
  await page.goto('/');
  await expect(radio(page, 'zero3')).toBeChecked();
  await expect(radio(page, 'once')).toBeChecked();
});

test('fast rates come with what has to be said about them', async ({ page }) => {
  await page.goto('/');
  await expect(radio(page, '100/s')).toHaveCount(0);
  await button(page, 'faster…').click();
  await expect(panel(page)).toContainText('Linux soon uses its source ports again');
  await radio(page, '100/s').check();
  await expect(page).toHaveURL(/rate=100/);
  await expect(panel(page)).not.toContainText('at most 6,000 requests');
  await radio(page, '5 min').check();
  await expect(panel(page)).toContainText('Ends after 60 s: a run has at most 6,000 requests.');
  await expect(panel(page).getByText(/^for i in \$\(seq 6000\); /)).toBeVisible();
});

test('rotating: every entry node marked, every cell of the matrix filled', async ({ page }) => {
  await page.goto('/?at=rotate&rate=10&for=10&inflight=16');
  await button(page, 'Start').click();
  for (const name of ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']) {
    await expect(node(page, name).getByText('in turn')).toBeVisible();
  }
  await expect(said(page, 'Finished.')).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText('in turn', { exact: true })).toHaveCount(0);
  const rows = panel(page)
    .getByRole('table', { name: 'Requests by entry node and replica' })
    .getByRole('row');
  await expect(rows).toHaveCount(6);
  for (const row of (await rows.all()).slice(1)) {
    const cells = (await row.getByRole('cell').allTextContents()).slice(0, 3);
    for (const cell of cells) expect(Number(cell)).toBeGreaterThan(0);
  }
  await expect(
    panel(page).getByRole('heading', { name: /at each of 5 entry nodes/ }),
  ).toBeVisible();
});

test('a burst; kept connections stick to one replica, and the sentence says why', async ({
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

  // Both are kept: compared, opened again, taken away.
  await panel(page).getByText('the last runs, to open again or to compare').click();
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
  await expect(panel(page)).toContainText('Below is the run of');
  await expect(panel(page)).toContainText(/repeats\s*0%/);
  const download = page.waitForEvent('download');
  await panel(page).getByRole('link', { name: 'answers as CSV' }).click();
  const lines = (await readFile(await (await download).path(), 'utf8')).trim().split('\n');
  expect(lines).toHaveLength(101);
  await button(page, 'back to the present one').click();
  await expect(panel(page)).toContainText(/repeats\s*100%/);
});

test('each answer travels from the entry node to its task and lights it there', async ({
  page,
}) => {
  // All of it in sight: nothing travels where nobody sees it.
  await page.setViewportSize({ width: 1440, height: 1400 });
  await page.goto('/?at=zero4&rate=20&for=10');
  await button(page, 'Start').click();
  await expect(node(page, 'zero4').getByText('requests enter here')).toBeVisible();
  await expect(page.locator('[data-travel] > i').first()).toBeAttached();
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await button(page, 'Stop').click();
  await expect(page.locator('[data-travel] > i')).toHaveCount(0);
  await expect(page.getByText('requests enter here')).toHaveCount(0);
});

test('a burst lights every task that answers, however few messages it comes in', async ({
  page,
}) => {
  await page.setViewportSize({ width: 1440, height: 1400 });
  await page.goto('/?mode=burst&burst=100');
  const running = page.locator('[data-task][data-state="running"]');
  await expect(running).toHaveCount(3);
  // The first run loads the code that draws answers on their way; in the others it is there at once.
  for (let run = 1; run <= 3; run += 1) {
    const lit = await everLit(page);
    await button(page, 'Start').click();
    await expect.poll(lit).toHaveLength(3);
    await expect(said(page, 'Finished.')).toBeVisible();
    await expect(page.locator('[data-travel] > i')).toHaveCount(0);
  }
});

test('a reload keeps the latency of every answer', async ({ page }) => {
  await page.goto('/?mode=burst&burst=500');
  const latencies = panel(page).getByRole('img', { name: /^Latency of each answer/ });
  /** Every mark starts with a move, and there is one for each answer. */
  const marks = () =>
    latencies
      .locator('path')
      .evaluateAll((paths) =>
        paths.reduce((sum, path) => sum + (path.getAttribute('d')?.match(/M/g)?.length ?? 0), 0),
      );
  await button(page, 'Start').click();
  await expect(said(page, 'Finished.')).toBeVisible({ timeout: 30_000 });
  await expect.poll(marks).toBe(500);
  await page.reload();
  await expect.poll(marks).toBe(500);
});

test('without motion the tasks light and nothing travels', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
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
  await button(page, 'Start').click();
  await expect(page.locator('[data-task][data-lit]').first()).toBeVisible();
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 200/);
  await button(page, 'Stop').click();
  await expect(button(page, 'Start')).toBeVisible();
  expect(await page.evaluate(() => (window as { travelled?: boolean }).travelled)).toBeUndefined();
});

test('a failure drill: a node taken out and brought back, and one paragraph on what it cost', async ({
  page,
}) => {
  await page.goto('/?rate=10&for=60');
  await button(page, 'Start').click();
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 600/);
  const worker = page.locator('[data-node^="zero"]:has([data-task][data-state="running"])').first();
  const name = (await worker.getAttribute('data-node')) ?? '';
  await button(page, 'Failure drill…').click();
  const dialog = page.getByRole('dialog', { name: 'Failure drill' });
  await dialog.getByRole('radio', { name: new RegExp(`^${name}`) }).check();
  await dialog.getByRole('radio', { name: '5 s', exact: true }).check();
  await expect(dialog).toContainText(`${name} is drained.`);
  await dialog.getByRole('button', { name: `Drain ${name} for 5 s` }).click();

  await expect(panel(page)).toContainText(`${name} is out`);
  await expect(node(page, name)).toHaveAttribute('data-availability', 'drain');
  await expect(button(page, 'Failure drill…')).toBeDisabled();
  await expect(panel(page)).toContainText(`${name} is back as it was.`, { timeout: 20_000 });
  await expect(node(page, name)).toHaveAttribute('data-availability', 'active');
  const changes = panel(page).getByRole('region', { name: 'What changed meanwhile' });
  await expect(changes.getByRole('listitem')).toHaveCount(2);
  await expect(changes).toContainText('answered after');
  await button(page, 'Stop').click();
  await expect(changes.getByRole('paragraph')).toHaveText(
    new RegExp(`^${name} was drained at \\d\\d:\\d\\d:\\d\\d\\. .+ answered after \\d+\\.\\d s\\.`),
  );
});

test('a task killed by hand: its row at zero at once, its replacement beside it, the paragraph at the end', async ({
  page,
  swarm,
}) => {
  await page.goto('/?rate=10&for=60');
  await button(page, 'Start').click();
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d+ of 600/);
  const shares = panel(page).getByRole('table', { name: 'Answers by replica' });
  // It has to have answered: after an earlier test the mesh may still be taking it back.
  await expect(shares.getByRole('row', { name: /goweb\.2 \w+ [1-9]/ })).toBeVisible();
  await swarm.control('/task', { kill: 'goweb.2' });
  await expect(shares.getByRole('row', { name: /goweb\.2 gone/ })).toBeVisible({ timeout: 2000 });
  await expect(shares.getByRole('row', { name: /goweb\.2/ })).toHaveCount(2);
  const changes = panel(page).getByRole('region', { name: 'What changed meanwhile' });
  await expect(changes).toContainText(/goweb\.2 on \w+ died/);
  await expect(changes).toContainText('goweb.2 answered after', { timeout: 20_000 });
  await panel(page).getByText('the seconds as a table').click();
  const seconds = panel(page).getByRole('region', { name: 'Answers per second' });
  await expect(seconds.getByRole('columnheader', { name: 'goweb.2 (gone)' })).toBeVisible();
  await button(page, 'Stop').click();
  await expect(changes.getByRole('paragraph')).toContainText('the replacement answered after');
});

test('a broken mesh shows in the matrix, errors are counted and explained', async ({
  page,
  swarm,
}) => {
  await page.goto('/?at=rotate&rate=10&for=60&inflight=16&timeout=1&keepgoing=true');
  await button(page, 'Start').click();
  await swarm.control('/node', { node: 'zero3', link: false });
  const row = panel(page)
    .getByRole('table', { name: 'Requests by entry node and replica' })
    .getByRole('row', { name: /^zero3/ });
  await expect(row.locator('td[data-missing]').first()).toBeVisible({ timeout: 20_000 });
  await expect(panel(page)).toContainText('Hatched: no answer since the tasks last changed');
  await expect(
    panel(page)
      .getByText(/^\d+ × (connect|read) timeout$/)
      .first(),
  ).toBeVisible();
  await button(page, 'Stop').click();
  await expect(panel(page).getByRole('heading', { level: 3 })).toContainText('failed');
});

test('when its only tab is closed a run ends within 4 s', async ({ page, request }) => {
  await page.goto('/?rate=5&for=60');
  const created = page.waitForResponse((response) => response.request().method() === 'POST');
  await button(page, 'Start').click();
  const url = runUrl(await created);
  await expect(panel(page)).toContainText(/sent\s*[1-9]\d* of 300/);
  await page.close();
  const ended = async () => runSchema.parse(await (await request.get(url)).json()).ended;
  await expect.poll(ended, { timeout: 4000, intervals: [100] }).toBe('nobody watching');
});

test('on a phone the few controls that matter come first', async ({ page }) => {
  await page.setViewportSize({ width: 360, height: 740 });
  await page.goto('/');
  await expect(radio(page, 'ctrl')).toBeVisible();
  await expect(radio(page, '5/s')).toBeVisible();
  await expect(radio(page, '30 s')).toBeHidden();
  await expect(radio(page, 'HEAD')).toBeHidden();
  await button(page, 'more').click();
  for (const name of ['30 s', 'HEAD', 'keep alive', '16']) {
    await expect(radio(page, name)).toBeVisible();
  }
  await radio(page, 'HEAD').check();
  await button(page, 'less').click();
  await expect(button(page, 'more: HEAD')).toBeVisible();
});
