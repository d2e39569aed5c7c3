import AxeBuilder from 'axe-core';
import type { Page } from '@playwright/test';

/**
 * Fails with `rule: elements` where axe finds a violation of WCAG 2.2 AA or of best practice on the current page. Colours
 * in the middle of a transition are not the page's, so transitions are brought to their end before.
 */
export async function expectNoViolations(page: Page): Promise<void> {
  // While the page scrolls, what is half under the header is too small a target.
  await page.waitForFunction(async () => {
    const before = scrollY;
    await new Promise((resolve) => setTimeout(resolve, 200));
    return scrollY === before;
  });
  await page.evaluate(AxeBuilder.source);
  const violations = await page.evaluate(async () => {
    for (const animation of document.getAnimations()) {
      if (animation.effect?.getComputedTiming().endTime !== Infinity) animation.finish();
    }
    const { axe } = window as unknown as { axe: typeof AxeBuilder };
    const result = await axe.run(document, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
    });
    return result.violations.map(({ id, nodes }) => {
      const found = nodes.map((node) => `${node.html} (${node.failureSummary ?? ''})`);
      return `${id}: ${found.join(' | ')}`.replaceAll(/\s+/g, ' ');
    });
  });
  if (violations.length > 0) throw new Error(`axe: ${violations.join('; ')}`);
}

/** By how many pixels the page is wider than its window. */
export function sticksOut(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
}
