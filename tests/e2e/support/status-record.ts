import { expect, type Page } from '@playwright/test';
import { MAX_LIVE_AGE } from '../../../lib/client/clock';

/** A page promises to call no older view live (s), plus the second in which it counts. */
export const OLDEST_LIVE = MAX_LIVE_AGE / 1000 + 1;

/** The header's status text and since when it is shown, by the page's clock (ms). */
export interface ShownStatus {
  at: number;
  /** `live`, `reconnecting`, `connecting`, `stale`. */
  state: string;
}

interface Record {
  statuses: ShownStatus[];
  /** The greatest age (s) of a view that was shown as live. */
  oldestLive: number;
  /** Sentences above the board, each once. */
  reasons: string[];
}

type Recording = Window & { statusRecord?: Record };

/**
 * Records in the page every change of its status pill and problem text. A reload loses the
 * record, so its existence also proves that the page was not reloaded.
 */
export async function recordStatus(page: Page): Promise<void> {
  await page.evaluate(() => {
    const record: Record = { statuses: [], oldestLive: 0, reasons: [] };
    (window as Recording).statusRecord = record;
    const look = () => {
      const text = document.querySelector('header [data-pill]')?.textContent ?? '';
      const [, state = text.replace('…', ''), age, unit] =
        /^(\w+) · ([\d.]+) (\w+) ago/.exec(text) ?? [];
      if (record.statuses.at(-1)?.state !== state) record.statuses.push({ at: Date.now(), state });
      const seconds = Number(age) * (unit === 's' ? 1 : 60);
      if (state === 'live' && seconds > record.oldestLive) record.oldestLive = seconds;
      const reason = document.querySelector('main [data-problem]')?.textContent;
      if (reason && !record.reasons.includes(reason)) record.reasons.push(reason);
    };
    look();
    const seen = { subtree: true, childList: true, characterData: true };
    new MutationObserver(look).observe(document.body, seen);
  });
}

/** The record so far; throws when the page was reloaded since `recordStatus`. */
export async function statusRecord(page: Page): Promise<Record> {
  const record = await page.evaluate(() => (window as Recording).statusRecord);
  if (!record) throw new Error('the page was reloaded');
  return record;
}

/** The view's age in seconds, as the page shows it. */
export async function shownAge(page: Page): Promise<number> {
  const text = (await page.locator('header [data-pill]').first().textContent()) ?? '';
  const [, age, unit] = /([\d.]+) (\w+) ago/.exec(text) ?? [];
  return Number(age) * (unit === 's' ? 1 : 60);
}

/** Whether the page showed `live` at any time in a period. */
export function wasLive(statuses: readonly ShownStatus[], from: number, to: number): boolean {
  return statuses.some(
    ({ at, state }, i) => state === 'live' && at < to && (statuses[i + 1]?.at ?? Infinity) > from,
  );
}

/** The statuses other than `live`; `connecting` is that of a new page. */
export function statesNotLive(statuses: readonly ShownStatus[]): string[] {
  return statuses
    .map(({ state }) => state)
    .filter((state) => !['live', 'connecting'].includes(state));
}

/** When the page first showed another status than `live` after `began`; Infinity if it never did. */
export function noticedAt(statuses: readonly ShownStatus[], began: number): number {
  return statuses.find(({ at, state }) => at >= began && state !== 'live')?.at ?? Infinity;
}

/**
 * Waits until the page is live again after `ended`. Expects that between noticing the fault that
 * `began` and its end the page did not show `live`, nor ever for an old view. Prints how long it took
 * to recover, which depends on the machine.
 */
export async function expectRecovered(
  page: Page,
  { began, ended }: { began: number; ended: number },
): Promise<void> {
  const backAt = async () =>
    (await statusRecord(page)).statuses.find(({ at, state }) => at >= ended && state === 'live')
      ?.at;
  await expect.poll(backAt, { intervals: [50] }).toBeDefined();
  const { statuses, oldestLive } = await statusRecord(page);
  const noticed = noticedAt(statuses, began);
  expect(
    wasLive(statuses, noticed, ended),
    `shown as live without a current view: ${JSON.stringify(statuses)}`,
  ).toBe(false);
  const recovered = ((await backAt()) ?? Infinity) - ended;
  console.log(`      live again ${recovered} ms after the fault's end`);
  expect(oldestLive).toBeLessThan(OLDEST_LIVE);
}
