import type { Page } from '@playwright/test';

interface Shifts {
  /**
   * Cumulative layout shift, without what follows on an input, and without tasks that make room for one that swarm has
   * placed beside them.
   */
  cls: number;
  /** What moved: text, and from where to where (px in the window). */
  moved: string[];
  /** Every position (px from the top of the page) that a heading had. */
  positions: Record<string, number[]>;
}

/** Records layout shifts and the headings' positions from now on; returns a reader. */
export async function recordShifts(page: Page): Promise<() => Promise<Shifts>> {
  const record = await page.evaluateHandle(() => {
    const shifts: Shifts = { cls: 0, moved: [], positions: {} };
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { value, hadRecentInput, sources } = entry as PerformanceEntry & {
          value: number;
          hadRecentInput: boolean;
          sources: { node: Node | null; previousRect: DOMRect; currentRect: DOMRect }[];
        };
        const inTask = ({ node }: { node: Node | null }) =>
          (node instanceof Element ? node : node?.parentElement)?.closest(
            '[data-task], [data-mini-task]',
          );
        if (hadRecentInput || sources.every(inTask)) continue;
        shifts.cls += value;
        for (const { node, previousRect: from, currentRect: to } of sources) {
          const text = node?.textContent?.slice(0, 40) || node?.nodeName;
          shifts.moved.push(`${text}: ${from.x} ${from.y} → ${to.x} ${to.y} (${value.toFixed(4)})`);
        }
      }
    }).observe({ type: 'layout-shift' });
    const look = () => {
      for (const heading of document.querySelectorAll('main h2')) {
        const name = heading.textContent ?? '';
        const known = (shifts.positions[name] ??= []);
        const y = Math.round(heading.getBoundingClientRect().top + scrollY);
        if (!known.includes(y)) known.push(y);
      }
      requestAnimationFrame(look);
    };
    look();
    return shifts;
  });
  return () => record.jsonValue();
}
