import { expect, type Page } from '@playwright/test';

/** The header's status text and since when it is shown, by the page's clock (ms). */
export interface Said {
  at: number;
  /** `live`, `reconnecting`, `connecting`, `stale`. */
  state: string;
}

interface Record {
  said: Said[];
  /** The greatest age (s) of a picture that was called live. */
  oldestLive: number;
  /** Sentences above the board, each once. */
  reasons: string[];
}

type Recording = Window & { honesty?: Record };

/**
 * Writes down in the page, at every change of it, what it says of its picture. A reload loses the
 * record, so whoever reads it also learns that the page was not reloaded.
 */
export async function watchHonesty(page: Page): Promise<void> {
  await page.evaluate(() => {
    const record: Record = { said: [], oldestLive: 0, reasons: [] };
    (window as Recording).honesty = record;
    const look = () => {
      const text = document.querySelector('header [data-pill]')?.textContent ?? '';
      const [, state = text.replace('…', ''), age, unit] =
        /^(\w+) · ([\d.]+) (\w+) ago/.exec(text) ?? [];
      if (record.said.at(-1)?.state !== state) record.said.push({ at: Date.now(), state });
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

/** The record so far; throws when the page was reloaded since `watchHonesty`. */
export async function honesty(page: Page): Promise<Record> {
  const record = await page.evaluate(() => (window as Recording).honesty);
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
export function saidLive(said: readonly Said[], from: number, to: number): boolean {
  return said.some(
    ({ at, state }, i) => state === 'live' && at < to && (said[i + 1]?.at ?? Infinity) > from,
  );
}

/** The statuses other than `live`; `connecting` is that of a new page. */
export function troubles(said: readonly Said[]): string[] {
  return said.map(({ state }) => state).filter((state) => !['live', 'connecting'].includes(state));
}

/** The page must notice within this time (ms) that it has no live picture any more … */
export const NOTICE = { error: 2000, silence: 5500 } as const;
/** … and be back within this after the cause's end. */
export const RECOVERY = 2000;

/**
 * Waits until the page is live again after `ended`, and holds it to its promises: it never said
 * live between `noticed` and the end, nor of an old picture, and was back in time. Gives how long
 * that took (ms).
 */
export async function expectRecovered(
  page: Page,
  { noticed, ended }: { noticed: number; ended: number },
): Promise<number> {
  const backAt = async () =>
    (await honesty(page)).said.find(({ at, state }) => at >= ended && state === 'live')?.at;
  await expect.poll(backAt, { timeout: 20_000, intervals: [50] }).toBeDefined();
  const { said, oldestLive } = await honesty(page);
  const took = ((await backAt()) ?? Infinity) - ended;
  expect(
    saidLive(said, noticed, ended),
    `said live without a picture: ${JSON.stringify(said)}`,
  ).toBe(false);
  console.log(`      live again ${took} ms after the cause's end`);
  expect(oldestLive).toBeLessThan(8);
  expect(took, `back after ${took} ms`).toBeLessThanOrEqual(RECOVERY);
  return took;
}
