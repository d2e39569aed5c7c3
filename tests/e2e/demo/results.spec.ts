import type { Page } from '@playwright/test';
import { runSchema } from '@/lib/curl/run-schemas';
import type { Run } from '@/lib/curl/run';
import { sticksOut, expectNoViolations } from '../support/axe';
import { node } from '../support/board';
import { expect, test } from '../support/demo-fixtures';

/** What a run leaves: its response, a comparison, shares on the board, and a link that opens the same state. */

const panel = (page: Page) => page.getByRole('region', { name: 'Curl panel' });
const response = (page: Page) => panel(page).getByRole('region', { name: 'Response', exact: true });

/** Starts a run with the settings of a link, waits for its end, and returns it. */
async function run(page: Page, query: string): Promise<Run> {
  await page.goto(`/?${query}`);
  const created = page.waitForResponse(
    (answer) => answer.request().method() === 'POST' && answer.url().endsWith('/api/runs'),
  );
  await page.getByRole('button', { name: 'Start', exact: true }).click();
  const { id } = runSchema.parse(await (await created).json());
  await expect(panel(page).locator(`a[href="api/runs/${id}"]`)).toBeVisible();
  await expect(panel(page).getByText('Finished', { exact: true })).toBeVisible();
  return runSchema.parse(
    await (await page.request.get(`/api/runs/${id}`, { maxRetries: 3 })).json(),
  );
}

test('a single request shows its response and times', async ({ page }) => {
  const { response: kept } = await run(page, 'mode=once&at=zero2&path=/Hello!');
  await expect(response(page)).toContainText('GET /Hello! HTTP/1.1');
  await expect(response(page)).toContainText(`Host: ${kept?.address} (entry node zero2)`);
  await expect(response(page)).toContainText('HTTP/1.1 200 OK');
  const headers = response(page).getByRole('list', { name: 'Response headers' });
  await expect(headers).toContainText('Content-Type: text/plain; charset=utf-8');
  await expect(response(page).getByLabel('Response body')).toHaveText(
    /^This is [0-9a-f]{12} running on linux\/arm saying: Hello!\s*$/,
  );
  await expect(response(page)).toContainText(/Total\s*\d/);
  await expect(panel(page).getByRole('table')).toHaveCount(0);
  await expectNoViolations(page);

  await run(page, 'mode=once&path=/%25');
  const failed = await run(page, 'mode=once&path=/%');
  expect(failed.errors).toEqual({ '4xx': 1 });
  await expect(response(page)).toContainText('HTTP/1.1 400 Bad Request');
  await expect(response(page).getByLabel('Response body')).toHaveText('400 Bad Request');
});

test('a hostile response is shown as text within its box', async ({ page }) => {
  const { id } = await run(page, 'mode=once');
  const harm = '<img src=x onerror="window.harmed=1">';
  await page.route(`**/api/runs/${id}`, async (route) => {
    const answer = await route.fetch();
    const made = runSchema.parse(await answer.json());
    const kept = made.response;
    if (!kept) throw new Error('no response was kept');
    const hostile = {
      statusLine: `HTTP/1.1 404 ${harm}`,
      headers: Array.from({ length: 40 }, (_, at) => [`X-${at}`, harm + 'x'.repeat(80)]),
      headersTruncated: true,
      body: `${harm}${'W'.repeat(4000)}`,
      truncated: true,
    };
    // Another id than the latest run's: it is opened as a past one.
    const json = { ...made, id: 'hostile', response: { ...kept, ...hostile } };
    await route.fulfill({ response: answer, json });
  });
  await page.setViewportSize({ width: 360, height: 800 });
  await page.goto(`/?run=${id}`);
  await expect(response(page)).toContainText(harm);
  await expect(response(page)).toContainText('More headers than shown here.');
  await expect(response(page)).toContainText('Cut: only the beginning of the body is shown');
  await expect(response(page).locator('img')).toHaveCount(0);
  expect(await page.evaluate(() => 'harmed' in window)).toBe(false);
  expect(await sticksOut(page)).toBeLessThanOrEqual(0);
  expect((await response(page).boundingBox())?.height).toBeLessThan(700);
});

test('shares on the board are removed with the tasks that answered', async ({ page }) => {
  await run(page, 'mode=burst&burst=10');
  await expect(node(page, 'ctrl').locator('[data-answers]')).toContainText(/answered \d/);
  await page.getByRole('button', { name: 'Remove one goweb replica' }).click();
  await expect(page.locator('[data-answers]')).toHaveCount(0);
  // The panel keeps the run.
  await expect(panel(page)).toContainText(/answered\s*10/);
});

test('a comparison says which differences are noise', async ({ page }) => {
  await run(page, 'mode=burst&burst=10');
  await run(page, 'mode=burst&burst=50');
  await panel(page).getByText('Run history', { exact: true }).click();
  const boxes = panel(page).getByRole('checkbox', { name: /^Compare the run/ });
  await boxes.nth(0).check();
  await boxes.nth(1).check();
  const table = panel(page).getByRole('region', { name: 'Comparison' });
  await expect(table.getByRole('row', { name: /^answered/ })).toContainText('+40');
  await expect(table).toContainText('chance alone gives such a difference');
  const judged = table.locator('[data-evidence="noise"], [data-evidence="too few"]');
  await expect(judged.filter({ hasText: /within noise|too few to tell/ }).first()).toBeVisible();
  await expectNoViolations(page);
});

test.describe('links', () => {
  // What is gone is a 404.
  test.use({ allowedErrors: [/404/] });

  test('a link opens the same tab, run and time, and keeps the back button', async ({
    page,
    context,
  }) => {
    const first = await run(page, 'mode=burst&burst=10');
    await run(page, 'mode=burst&burst=10&at=zero1');
    const entries = await page.evaluate(() => history.length);
    await page.getByRole('tab', { name: 'Timeline' }).click();
    await panel(page).getByText('Run history', { exact: true }).click();
    await panel(page)
      .getByRole('button', { name: /^Open the run/ })
      .first()
      .click();
    await expect(panel(page)).toContainText('Showing run of');
    const slider = page.getByRole('slider', { name: 'Time shown on the board' }).first();
    await slider.focus();
    for (let steps = 0; steps < 3; steps++) await slider.press('ArrowLeft');
    await expect(page.locator('[data-board][data-past]')).toBeVisible();
    await expect(page).toHaveURL(new RegExp(`run=${first.id}.*`));
    await expect(page).toHaveURL(/[?&]tab=timeline(&|$)/);
    // The address and the board follow the slider.
    const shownAt = () => page.locator('p[data-past]').getAttribute('data-past');
    const chosen = await slider.inputValue();
    await expect
      .poll(() => Date.parse(new URL(page.url()).searchParams.get('time') ?? ''))
      .toBe(Number(chosen));
    await expect.poll(shownAt).toBe(chosen);
    expect(await page.evaluate(() => history.length)).toBe(entries);
    const other = await context.newPage();
    await other.goto(page.url());
    await expect(other.locator(`p[data-past="${chosen}"]`)).toBeVisible();
    await expect(other.getByRole('tab', { name: 'Timeline', selected: true })).toBeVisible();
    await expect(panel(other).locator(`a[href="api/runs/${first.id}"]`)).toBeVisible();
    await other.close();

    await page.goto('/?run=gone&tab=nosuch&service=nowhere&time=2020-01-01T00:00:00Z');
    const note = page.locator('[data-link-note]');
    await expect(note).toContainText('The run of the link is gone');
    await expect(note).toContainText('Link has invalid tab=nosuch');
    await expect(note).toContainText('Service nowhere of the link is not in the swarm');
    await expect(note).toContainText('cannot be shown. No data');
    await expect(page.locator('[data-board]:not([data-past])')).toBeVisible();
    await expectNoViolations(page);
    await note.getByRole('button', { name: 'Dismiss' }).click();
    await expect(note).toHaveCount(0);
  });
});

test('a published port opens in a new tab', async ({ page, context, swarm }) => {
  await page.goto('/');
  const link = page.getByRole('link', { name: /^Open in a new tab \(port 8888\)$/ });
  await expect(link).toHaveAttribute('href', `http://${swarm.addresses[0]}:8888/`);
  await expect(link).toHaveAttribute('rel', /noopener/);
  const opened = context.waitForEvent('page');
  await link.click();
  await expect((await opened).locator('body')).toContainText('This is ');
  await page.getByRole('tab', { name: 'Services' }).click();
  const inTable = page.getByRole('row', { name: /goweb/ }).getByRole('link');
  await expect(inTable).toHaveAttribute('href', `http://${swarm.addresses[0]}:8888/`);
});
