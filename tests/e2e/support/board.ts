import type { Locator, Page } from '@playwright/test';

/** The facts of the page that tests and scripts can rely on (docs/dom-facts.md). */

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
