import type { RequestLane } from './lanes';

/** The longest that others are held for changes, and how long they then go on whatever is changed (ms). */
const HOLD_MS = 1500;
const FREE_MS = 1500;

/**
 * Gives changes precedence: while one is under way the lanes of `others` start nothing, so that a click
 * is through within a second on a machine that is flooded with reads. Changes that never end hold the
 * others half of the time at most.
 */
export class Precedence {
  readonly #others: readonly RequestLane[];
  #changes = 0;
  #timer: NodeJS.Timeout | undefined;
  #holding = false;

  constructor(others: readonly RequestLane[]) {
    this.#others = others;
  }

  /** A change has started; returns what its end has to call, once or more often. */
  begin(): () => void {
    let under = true;
    this.#changes++;
    if (!this.#timer) this.#hold();
    return () => {
      if (!under) return;
      under = false;
      this.#changes--;
      if (this.#changes > 0 || !this.#holding) return;
      clearTimeout(this.#timer);
      this.#timer = undefined;
      this.#release();
    };
  }

  #hold(): void {
    this.#holding = true;
    for (const lane of this.#others) lane.hold();
    this.#timer = setTimeout(() => {
      this.#timer = setTimeout(() => {
        this.#timer = undefined;
        if (this.#changes > 0) this.#hold();
      }, FREE_MS);
      this.#release();
    }, HOLD_MS);
  }

  #release(): void {
    this.#holding = false;
    for (const lane of this.#others) lane.release();
  }
}
