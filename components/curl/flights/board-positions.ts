/** The live board. The board of a past view is excluded: nothing is drawn over it. */
const LIVE_BOARD = '[data-board]:not([data-past])';

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

/** Positions on the page, each looked up once per batch; null if out of view. */
export class BoardPositions {
  readonly #known = new Map<string, Point | null>();

  /** A node's entry mark, or its status light. */
  entryNode(id: string): Point | null {
    const card = nodeCard(id);
    return this.#find(`${card} > [data-entry-mark]`, 0.5) ?? this.#find(`${card} [data-led]`, 0.5);
  }

  /** The badge of a task's chip. */
  task(id: string): Point | null {
    const chip = `${LIVE_BOARD} [data-task=${CSS.escape(id)}]`;
    return this.#find(`${chip} > [data-badge]`, 0.5) ?? this.#find(chip, 0.1);
  }

  #find(selector: string, across: number): Point | null {
    const known = this.#known.get(selector);
    if (known !== undefined) return known;
    const box = document.querySelector(selector)?.getBoundingClientRect();
    const inView =
      box && box.width > 0 && box.bottom > -200 && box.top < innerHeight + 200 ? box : null;
    const point = inView && {
      x: inView.left + scrollX + inView.width * across,
      y: inView.top + scrollY + inView.height / 2,
    };
    this.#known.set(selector, point);
    return point;
  }
}
