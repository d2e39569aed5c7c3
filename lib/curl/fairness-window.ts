import type { Answer } from './run';

/**
 * The fairness window: the part of a run in which the set of running tasks was the same. Evenness is only
 * meaningful within it: tasks that stopped cannot answer, and new ones start at zero.
 *
 * The view and the routing mesh do not change at the same instant: a request sent after the view has changed
 * may still reach the old set, and the mesh may restart its round robin. One such request would spoil the
 * count for the rest of the run. So while a window settles, it starts at the last answer out of turn: by a
 * task that answered again before all others had answered.
 */

/** How long after a change the mesh may lag behind the view, in ms. */
export const SETTLE_MS = 3000;
/** At low rates the first rounds take longer than `SETTLE_MS`: so many rounds also settle. */
const SETTLE_ROUNDS = 2;

/** By request number: the responder's key, null when it failed, undefined while in flight. */
export type Responders = readonly (string | null | undefined)[];

/** Counts of the current window. */
export interface WindowSummary {
  /** Ids of the running tasks. */
  readonly running: ReadonlySet<string>;
  /** Answers per running task, zeros included. */
  readonly counts: ReadonlyMap<string, number>;
  /** Answers by running tasks. */
  readonly answers: number;
  /** Requests counted in turn: these answers and the failures between them. */
  readonly turns: number;
  /** Most minus fewest; null without two tasks or an answer. */
  readonly spread: number | null;
  /** Share of consecutive pairs that the same task answered; null below two answers. */
  readonly repeats: number | null;
  /** Whether the tasks have changed since the run's start. */
  readonly changed: boolean;
}

/** The current fairness window of one entry node in a run. */
export class FairnessWindow {
  #running: ReadonlySet<string> = new Set();
  /** The first request that belongs to the window. */
  #from = 1;
  #openedAt = 0;
  /** The last request that was sent while the window was settling. */
  #settlesTo = 0;
  #windows = 0;

  /**
   * Sets the ids of the running tasks at `at` (ms since the run's start), after `sent` requests. A different
   * set opens a new window. Requests in flight do not count in it: they were sent to the old set.
   */
  setRunningTasks(running: ReadonlySet<string>, sent: number, at: number): boolean {
    if (this.#windows > 0 && sameSet(running, this.#running)) return false;
    this.#running = running;
    this.#from = sent + 1;
    this.#openedAt = at;
    this.#windows += 1;
    // The first window of a run does not need to settle.
    this.#settlesTo = this.#windows === 1 ? 0 : sent + SETTLE_ROUNDS * running.size;
    return true;
  }

  /** Counts an answered request. */
  add({ n, at }: Pick<Answer, 'n' | 'at'>): void {
    if (this.#windows > 1 && n > this.#settlesTo && at - this.#openedAt < SETTLE_MS) {
      this.#settlesTo = n;
    }
  }

  /**
   * The window's counts. Only requests before the first one in flight are counted: a slow task would
   * otherwise seem to be left out.
   */
  summary(responders: Responders, sent: number): WindowSummary {
    let order: string[] = [];
    let round = new Set<string>();
    let failed = 0;
    for (let n = this.#from; n <= sent; n++) {
      const responder = responders[n];
      if (responder === undefined) break;
      if (responder === null) failed += 1;
      if (responder === null || !this.#running.has(responder)) continue;
      if (round.size === this.#running.size) round = new Set();
      if (n <= this.#settlesTo && round.has(responder)) {
        order = [];
        round = new Set();
        failed = 0;
      }
      order.push(responder);
      round.add(responder);
    }
    const counts = new Map([...this.#running].map((id) => [id, 0]));
    for (const responder of order) counts.set(responder, (counts.get(responder) ?? 0) + 1);
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

/** Share of equal consecutive pairs; null below two values. */
export function repeatsOf(order: readonly string[]): number | null {
  if (order.length < 2) return null;
  let same = 0;
  for (let i = 1; i < order.length; i++) if (order[i] === order[i - 1]) same += 1;
  return same / (order.length - 1);
}

function sameSet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((id) => b.has(id));
}
