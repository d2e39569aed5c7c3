/** The live board. The board of a past view is excluded: nothing is drawn over it. */
const LIVE_BOARD = '[data-board]:not([data-past])';

/** Where the page is narrow: the board that stays in sight when the other is scrolled away. */
const MINI_BOARD = '[data-mini-board]:not([data-past])';

/** The card of a node on the live board, by the node's id. */
export function nodeCard(id: string): string {
  return `${LIVE_BOARD} [data-id=${CSS.escape(id)}]`;
}

/** Whether the page shows the live board. */
export function isBoardLive(): boolean {
  return document.querySelector(LIVE_BOARD) !== null;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

/** How far out of view (px) a place of the board can be and still count. */
const MARGIN = 200;

/** Positions on the page, each looked up once per batch; null if out of view. */
export class BoardPositions {
  readonly #known = new Map<string, Point | null>();
  /** The lower edge of the mini board, which covers the other board above it; null without one. */
  readonly #covered: number | null;

  constructor() {
    const mini = document.querySelector(MINI_BOARD)?.getBoundingClientRect();
    this.#covered = mini && mini.height > 0 ? mini.bottom : null;
  }

  /** A node's entry mark, or its status light. */
  entryNode(id: string): Point | null {
    const card = nodeCard(id);
    return (
      this.#find(`${card} > [data-entry-mark]`, 0.5) ??
      this.#find(`${card} [data-led]`, 0.5) ??
      this.#find(`${MINI_BOARD} [data-mini-node=${CSS.escape(id)}] [data-led]`, 0.5)
    );
  }

  /** The badge of a task's chip. */
  task(id: string): Point | null {
    const chip = `${LIVE_BOARD} [data-task=${CSS.escape(id)}]`;
    return (
      this.#find(`${chip} > [data-badge]`, 0.5) ??
      this.#find(chip, 0.1) ??
      this.#find(`${MINI_BOARD} [data-mini-task=${CSS.escape(id)}]`, 0.5)
    );
  }

  #find(selector: string, across: number): Point | null {
    const known = this.#known.get(selector);
    if (known !== undefined) return known;
    const box = document.querySelector(selector)?.getBoundingClientRect();
    const point =
      box && box.width > 0 && this.#isInView(box, selector.startsWith(MINI_BOARD))
        ? { x: box.left + scrollX + box.width * across, y: box.top + scrollY + box.height / 2 }
        : null;
    this.#known.set(selector, point);
    return point;
  }

  #isInView({ top, bottom }: DOMRect, mini: boolean): boolean {
    if (mini) return true;
    return this.#covered === null
      ? bottom > -MARGIN && top < innerHeight + MARGIN
      : top >= this.#covered && bottom <= innerHeight;
  }
}
