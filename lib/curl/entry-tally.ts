import type { EntryPoint } from './dial';
import { insertSorted, percentile } from './percentile';
import type { Answer, Entry } from './run';
import { FairnessWindow, repeatsOf, type WindowSummary } from './fairness-window';

/** Key of an answer that cannot be attributed to one container; it never counts as a repeat. */
export const AMBIGUOUS = '?';

/** Counts of one entry node. Each node of the routing mesh balances independently. */
export class EntryTally {
  readonly #point: EntryPoint;
  #url: string;
  #unreachable: readonly string[] = [];
  readonly #window = new FairnessWindow();
  /** By the request's number at this node, from 1: as `Responders`. */
  readonly #byTurn: (string | null | undefined)[] = [];
  readonly #latencies: number[] = [];
  readonly #answers = new Map<string, number>();
  #sent = 0;
  #failed = 0;

  constructor(point: EntryPoint) {
    this.#point = point;
    this.#url = point.url;
  }

  /** Sets the URL of the next request: the address and, in host mode, the port can change. */
  setUrl(url: string): void {
    this.#url = url;
  }

  /** Sets the addresses none of which could be reached; empty: one was, or that is not known yet. */
  setUnreachable(addresses: readonly string[]): void {
    this.#unreachable = addresses;
  }

  get nodeId(): string {
    return this.#point.nodeId;
  }

  /** Whether no address of the node could be reached. */
  get isUnreachable(): boolean {
    return this.#unreachable.length > 0;
  }

  /** How many requests entered here. */
  get sent(): number {
    return this.#sent;
  }

  /** Sets the ids of the running tasks; true when that opens a new fairness window. */
  setRunningTasks(running: ReadonlySet<string>, at: number): boolean {
    return this.#window.setRunningTasks(running, this.#sent, at);
  }

  /** Counts a sent request; returns its number at this node. */
  send(): number {
    this.#sent += 1;
    return this.#sent;
  }

  /**
   * Counts the outcome of a request. `column` is where it counts, null when it failed; `responder` is whose
   * turn it was, if different.
   */
  add(
    turn: number,
    column: string | null,
    { at, ms }: Pick<Answer, 'at' | 'ms'>,
    responder: string | null = column,
  ): void {
    this.#byTurn[turn] = responder;
    if (column === null) {
      this.#failed += 1;
      return;
    }
    this.#answers.set(column, (this.#answers.get(column) ?? 0) + 1);
    insertSorted(this.#latencies, ms);
    this.#window.add({ n: turn, at });
  }

  /** Removes a request that the end of the run aborted. */
  abort(turn: number): void {
    this.#byTurn[turn] = null;
  }

  /** The current fairness window of this node's requests. */
  window(): WindowSummary {
    return this.#window.summary(this.#byTurn, this.#sent);
  }

  /** Number of consecutive pairs in send order, and how many of them the same task answered. */
  neighbours(): { pairs: number; same: number } {
    const order = this.#byTurn.filter(
      (key): key is string => typeof key === 'string' && key !== AMBIGUOUS,
    );
    const pairs = Math.max(0, order.length - 1);
    return { pairs, same: Math.round((repeatsOf(order) ?? 0) * pairs) };
  }

  /** This node's row of the matrix for these columns; `inTurn`: round robin is expected. */
  row(columns: readonly string[], inTurn: boolean): Entry {
    const { nodeId, name } = this.#point;
    const window = this.window();
    const { pairs, same } = this.neighbours();
    return {
      nodeId,
      name,
      url: this.#url,
      unreachable: [...this.#unreachable],
      sent: this.#sent,
      answered: this.#latencies.length,
      failed: this.#failed,
      answers: columns.map((key) => this.#answers.get(key) ?? 0),
      missing: inTurn && !this.isUnreachable ? missingIn(window) : [],
      spread: window.spread,
      repeats: pairs === 0 ? null : same / pairs,
      p50: percentile(this.#latencies, 50),
    };
  }
}

/** Running tasks without an answer although each should have had a turn. */
function missingIn({ running, counts, turns }: WindowSummary): string[] {
  return turns > running.size ? [...running].filter((id) => counts.get(id) === 0) : [];
}

/** Merges the windows of all entry nodes: the largest spread, all answers, repeats over all pairs. */
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
