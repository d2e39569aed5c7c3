import type { Page } from '@playwright/test';

/** What present mode looks like in numbers. */
export interface StageMeasure {
  /** The smallest font size of a visible text (px). */
  smallest: number;
  /** Elements that are cut by their parent or by the window, except texts that end in an ellipsis. */
  cut: string[];
  /** By how many pixels the page can be scrolled, down and to the right. */
  scroll: number[];
}

/** Measures the stage of the present mode. */
export function measureStage(page: Page): Promise<StageMeasure> {
  return page.evaluate(() => {
    const root = document.querySelector('[data-present]');
    if (!root) throw new Error('no present mode');
    // Answers that fly to where a task was before the window changed.
    for (const flight of document.querySelectorAll('[data-travel] i')) flight.remove();
    let smallest = Infinity;
    const cut: string[] = [];
    /** Whether it, or what it is in, ends in an ellipsis where it does not fit. */
    const isShortened = (element: Element | null): boolean => {
      if (!element || element === root) return false;
      const { textOverflow, webkitLineClamp } = getComputedStyle(element);
      const ends = textOverflow === 'ellipsis' || webkitLineClamp !== 'none';
      return ends || isShortened(element.parentElement);
    };
    for (const element of root.querySelectorAll('*')) {
      const box = element.getBoundingClientRect();
      // Texts for screen readers are one pixel large.
      if (box.width <= 1 || box.height <= 1) continue;
      const style = getComputedStyle(element);
      const hasText = [...element.childNodes].some(
        (node) => node.nodeType === Node.TEXT_NODE && node.textContent?.trim(),
      );
      if (hasText) smallest = Math.min(smallest, Number.parseFloat(style.fontSize));
      const name = `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`;
      if (isShortened(element.parentElement)) continue;
      if (box.right > innerWidth + 1 || box.bottom > innerHeight + 1) cut.push(`outside: ${name}`);
      const clips = style.overflowX !== 'visible' || style.overflowY !== 'visible';
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = element;
      const over = scrollWidth > clientWidth + 1 || scrollHeight > clientHeight + 1;
      if (clips && !isShortened(element) && over) {
        cut.push(`${scrollWidth}×${scrollHeight} in ${clientWidth}×${clientHeight}: ${name}`);
      }
    }
    const { scrollHeight, scrollWidth } = document.documentElement;
    return { smallest, cut, scroll: [scrollHeight - innerHeight, scrollWidth - innerWidth] };
  });
}
