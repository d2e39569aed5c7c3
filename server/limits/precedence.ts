import type { RequestLane } from './lanes';

/** Maximum time that other requests are held for changes, and how long they then continue (ms). */
const HOLD_MS = 1500;
const FREE_MS = 1500;

/**
 * Gives changes precedence: during one, the lanes of `others` start nothing, so that a click is answered within
 * a second on a machine flooded with reads. Endless changes hold the others at most half of the time.
 */
export class Precedence {
  readonly #others: readonly RequestLane[];
  #changes = 0;
  #timer: NodeJS.Timeout | undefined;
  #holding = false;

  constructor(others: readonly RequestLane[]) {
    this.#others = others;
  }

  /** Called when a change starts; the returned function must be called at its end (repeated calls are ignored). */
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
