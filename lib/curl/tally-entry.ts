import type { EntryPoint } from './dial';
import { insertSorted, percentile } from './percentile';
import type { Answer, Entry } from './run';
import { FairnessWindow, repeatsOf, type WindowSummary } from './window';

/** Stands for whoever gave an answer that cannot be told from others' answers: it is no repeat. */
export const ANYBODY = '?';

/** What one entry node's requests came to. Each node of the mesh takes turns for itself. */
export class EntryTally {
  readonly #point: EntryPoint;
  readonly #window = new FairnessWindow();
  /** By the request's number at this node, from 1: as `Responders`. */
  readonly #byTurn: (string | null | undefined)[] = [];
  readonly #latencies: number[] = [];
  readonly #answers = new Map<string, number>();
  #sent = 0;
  #failed = 0;

  constructor(point: EntryPoint) {
    this.#point = point;
  }

  /** Takes the ids of the running tasks; true when a new fairness window opens. */
  see(running: ReadonlySet<string>, at: number): boolean {
    return this.#window.see(running, this.#sent, at);
  }

  /** Counts a request as it leaves; gives its number at this node. */
  send(): number {
    this.#sent += 1;
    return this.#sent;
  }

  /**
   * Takes the outcome of a request; `who` is the column in which it counts, null when it failed.
   * `responder` is whose turn it was, where that is another.
   */
  add(
    turn: number,
    who: string | null,
    { at, ms }: Pick<Answer, 'at' | 'ms'>,
    responder: string | null = who,
  ): void {
    this.#byTurn[turn] = responder;
    if (who === null) {
      this.#failed += 1;
      return;
    }
    this.#answers.set(who, (this.#answers.get(who) ?? 0) + 1);
    insertSorted(this.#latencies, ms);
    this.#window.add({ n: turn, at });
  }

  /** Forgets a request that the end of the run cut off. */
  cut(turn: number): void {
    this.#byTurn[turn] = null;
  }

  /** The present fairness window of the requests that entered here. */
  window(): WindowSummary {
    return this.#window.summary(this.#byTurn, this.#sent);
  }

  /** How many neighbours in send order there are, and how many of them the same task answered. */
  neighbours(): { pairs: number; same: number } {
    const order = this.#byTurn.filter(
      (who): who is string => typeof who === 'string' && who !== ANYBODY,
    );
    const pairs = Math.max(0, order.length - 1);
    return { pairs, same: Math.round((repeatsOf(order) ?? 0) * pairs) };
  }

  /** This node's row of the matrix, by the keys of its columns; `inTurn`: every task should have its turn. */
  row(columns: readonly string[], inTurn: boolean): Entry {
    const { nodeId, name, url } = this.#point;
    const window = this.window();
    const { pairs, same } = this.neighbours();
    return {
      nodeId,
      name,
      url,
      sent: this.#sent,
      answered: this.#latencies.length,
      failed: this.#failed,
      answers: columns.map((key) => this.#answers.get(key) ?? 0),
      missing: inTurn ? missingIn(window) : [],
      spread: window.spread,
      repeats: pairs === 0 ? null : same / pairs,
      p50: percentile(this.#latencies, 50),
    };
  }
}

/** The tasks that had no turn by when every task should have had its own. */
function missingIn({ running, counts, turns }: WindowSummary): string[] {
  return turns > running.size ? [...running].filter((id) => counts.get(id) === 0) : [];
}

/** The windows of all entry nodes as one: the worst spread, all answers, repeats over all neighbours. */
export function mergeWindows(windows: readonly WindowSummary[]): WindowSummary {
  const [first] = windows;
  if (!first) throw new RangeError('a run has at least one entry node');
  if (windows.length === 1) return first;
  const counts = new Map([...first.running].map((id) => [id, 0]));
  let [answers, turns, pairs, same] = [0, 0, 0, 0];
  let spread: number | null = null;
  for (const window of windows) {
    for (const [id, count] of window.counts) counts.set(id, (counts.get(id) ?? 0) + count);
    answers += window.answers;
    turns += window.turns;
    if (window.repeats !== null) {
      pairs += window.answers - 1;
      same += window.repeats * (window.answers - 1);
    }
    if (window.spread !== null) spread = Math.max(spread ?? 0, window.spread);
  }
  const repeats = pairs === 0 ? null : same / pairs;
  return {
    running: first.running,
    counts,
    answers,
    turns,
    spread,
    repeats,
    changed: first.changed,
  };
}
