import type { Answer } from './run';

/**
 * The fairness window: the stretch of a run in which one set of tasks was running. Evenness can
 * only be judged within it, since who left cannot answer and who came has answers to catch up.
 *
 * The picture and the mesh do not change at the same instant: a request that was sent after the
 * picture changed may still meet the old set, and a mesh that is told of a change may begin its
 * turns again. One such request would spoil the count for the rest of the run. So while a window
 * settles it starts at the last answer that came out of turn: from the same task again before
 * every other had its own.
 */

/** How long after a change the mesh may lag behind the picture, in milliseconds. */
export const SETTLE_MS = 3000;
/** At low rates the first rounds take longer than `SETTLE_MS`: this many rounds settle as well. */
const SETTLE_ROUNDS = 2;

/** Who answered request n: a key, null for a failed one, undefined while it is on its way. */
export type Responders = readonly (string | null | undefined)[];

/** What the present window shows. */
export interface WindowSummary {
  /** Ids of the running tasks. */
  readonly running: ReadonlySet<string>;
  /** Answers per running task, zeros included. */
  readonly counts: ReadonlyMap<string, number>;
  /** Answers that running tasks gave. */
  readonly answers: number;
  /** Requests that took a turn: these answers, and failures among them. */
  readonly turns: number;
  /** Most minus fewest; null without two tasks or an answer. */
  readonly spread: number | null;
  /** Share of neighbours that the same task answered; null below two answers. */
  readonly repeats: number | null;
  /** Whether the tasks have changed since the run's start. */
  readonly changed: boolean;
}

/** Follows the present fairness window of one run. */
export class FairnessWindow {
  #running: ReadonlySet<string> = new Set();
  /** The first request that belongs to the window. */
  #from = 1;
  #openedAt = 0;
  /** The last request that was sent while the window was settling. */
  #settlesTo = 0;
  #windows = 0;

  /**
   * Takes the ids of the running tasks at `at` (milliseconds since the run's start), when `sent`
   * requests have left. A different set opens a new window, in which requests that are already
   * on their way do not count: the old set was still in turn when they left.
   */
  see(running: ReadonlySet<string>, sent: number, at: number): boolean {
    if (this.#windows > 0 && sameSet(running, this.#running)) return false;
    this.#running = running;
    this.#from = sent + 1;
    this.#openedAt = at;
    this.#windows += 1;
    // A run's first window has nothing to settle from.
    this.#settlesTo = this.#windows === 1 ? 0 : sent + SETTLE_ROUNDS * running.size;
    return true;
  }

  /** Takes the number and the time of a request that was answered. */
  add({ n, at }: Pick<Answer, 'n' | 'at'>): void {
    if (this.#windows > 1 && n > this.#settlesTo && at - this.#openedAt < SETTLE_MS) {
      this.#settlesTo = n;
    }
  }

  /**
   * Counts the window. Only requests before the first one still on its way are looked at:
   * a slow task would otherwise seem left out while its answer is on the wire.
   */
  summary(responders: Responders, sent: number): WindowSummary {
    let order: string[] = [];
    let round = new Set<string>();
    let failed = 0;
    for (let n = this.#from; n <= sent; n++) {
      const who = responders[n];
      if (who === undefined) break;
      if (who === null) failed += 1;
      if (who === null || !this.#running.has(who)) continue;
      if (round.size === this.#running.size) round = new Set();
      if (n <= this.#settlesTo && round.has(who)) {
        order = [];
        round = new Set();
        failed = 0;
      }
      order.push(who);
      round.add(who);
    }
    const counts = new Map([...this.#running].map((id) => [id, 0]));
    for (const who of order) counts.set(who, (counts.get(who) ?? 0) + 1);
    const each = [...counts.values()];
    return {
      running: this.#running,
      counts,
      answers: order.length,
      turns: order.length + failed,
      spread: each.length < 2 || order.length === 0 ? null : Math.max(...each) - Math.min(...each),
      repeats: repeatsOf(order),
      changed: this.#windows > 1,
    };
  }
}

/** Share of neighbours, in send order, that are the same; null below two. */
export function repeatsOf(order: readonly string[]): number | null {
  if (order.length < 2) return null;
  let same = 0;
  for (let i = 1; i < order.length; i++) if (order[i] === order[i - 1]) same += 1;
  return same / (order.length - 1);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
