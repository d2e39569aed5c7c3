import type { EntryBlock } from './log-list';

/** Height of a line until some are measured (px). */
const LINE = 20;

/** The heights of blocks of lines: measured while they are rendered, else estimated from the others. */
export class BlockHeights {
  #measured = new Map<number, { height: number; rows: number; layout: string }>();
  #perLine = LINE;

  /** `rows`: lines of the block that are shown; `layout`: what heights depend on, such as the list's width. */
  of({ key }: EntryBlock, rows: number, layout: string): number {
    const known = this.#measured.get(key);
    return known?.rows === rows && known.layout === layout ? known.height : rows * this.#perLine;
  }

  /** Measures the blocks that are rendered, and forgets those that are not in the list any more. */
  measure(list: HTMLElement, layout: string): void {
    const measured = new Map<number, { height: number; rows: number; layout: string }>();
    let all = 0;
    let sum = 0;
    for (const element of list.querySelectorAll<HTMLElement>('[data-block]')) {
      const key = Number(element.dataset.block);
      const known = this.#measured.get(key);
      if (element.dataset.rendered === undefined) {
        if (known) measured.set(key, known);
        continue;
      }
      const { height } = element.getBoundingClientRect();
      const rows = element.childElementCount;
      measured.set(key, { height, rows, layout });
      all += rows;
      sum += height;
    }
    this.#measured = measured;
    if (all > 0) this.#perLine = sum / all;
  }
}
