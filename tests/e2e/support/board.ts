import { expect, type Locator, type Page } from '@playwright/test';

/** The facts of the page that tests and scripts can rely on. */

/** A node's card on the board. */
export function node(page: Page, name: string): Locator {
  return page.locator(`[data-node="${name}"]`);
}

/** `goweb.1 zero1` of each running task of the service on the board, sorted. */
export function runningTasks(page: Page): Promise<string[]> {
  return page.locator('[data-node] [data-task][data-state="running"]').evaluateAll((tasks) =>
    tasks
      .map((task) => {
        const name = task.querySelector('[title]')?.getAttribute('title');
        return `${name} ${task.closest('[data-node]')?.getAttribute('data-node')}`;
      })
      .sort(),
  );
}

/**
 * Waits until the board shows the engine's running tasks, and exactly `count` of them. Each try reads
 * both, because the engine may be between two tasks.
 */
export async function expectBoardShows(
  page: Page,
  count: number,
  engineSays: () => Promise<string[]>,
): Promise<void> {
  await expect(async () => {
    const real = await engineSays();
    expect(real).toHaveLength(count);
    expect(await runningTasks(page)).toEqual(real);
  }).toPass({ timeout: 45_000 });
}

/** The slots whose tasks have been lit since this call: a burst is over sooner than a test looks. */
export async function everLit(page: Page): Promise<() => Promise<string[]>> {
  const slots = await page.evaluateHandle(() => {
    const seen = new Set<string>();
    new MutationObserver((records) => {
      for (const { target } of records) {
        const { slot, lit } = (target as HTMLElement).dataset;
        if (lit !== undefined && slot !== undefined) seen.add(slot);
      }
    }).observe(document.body, { subtree: true, attributeFilter: ['data-lit'] });
    return seen;
  });
  return () => slots.evaluate((seen) => [...seen].toSorted());
}
