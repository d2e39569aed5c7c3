import type { Fields, Level } from './format';

/** One refused request. `path` has no query, which can contain a secret. */
export interface RefusedRequest {
  /** The problem document's `kind`, or what ended the request before there was one. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** The client's address; empty if unknown. */
  readonly client: string;
  /** The sender's role, if known. */
  readonly role?: string | undefined;
  /** Null when the connection was ended without an answer. */
  readonly status: number | null;
}

/** A line that a sender can cause repeatedly: a refusal, a failed change, a sign-in. */
export interface Repeatable {
  readonly level: Level;
  readonly event: string;
  /** Lines with the same key are equal. */
  readonly key: string;
  readonly fields: Fields;
}

/** Of lines with one key the first is logged at once, then once in this time the number of further ones (ms). */
export const INTERVAL_MS = 60_000;

/** Writes a line; `more`: how many equal ones were not written. */
type Write = (line: Repeatable, more?: number) => void;

/** How many lines one log writes. */
export interface Bound {
  /** Maximum keys per interval; further ones share a line. So at most `2 * (maxKeys + 1)` lines a minute. */
  readonly maxKeys: number;
  /** The line that those beyond share. */
  readonly others: { readonly event: string; readonly fields: Fields };
}

const OTHERS = 'others';

/** Writes the first line of each key in an interval at once, and counts the others. */
export class RepeatLog {
  readonly #bound: Bound;
  readonly #write: Write;
  readonly #counts = new Map<string, { last: Repeatable; more: number }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(bound: Bound, write: Write) {
    this.#bound = bound;
    this.#write = write;
  }

  /** Writes or counts one line. */
  add(line: Repeatable): void {
    const { maxKeys, others } = this.#bound;
    const own = this.#counts.has(line.key) || this.#counts.size < maxKeys;
    const key = own ? line.key : OTHERS;
    const known = this.#counts.get(key);
    if (known) {
      known.last = own ? line : { ...line, ...others };
      known.more += 1;
      return;
    }
    this.#counts.set(key, { last: line, more: 0 });
    this.#write(line);
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  /** Ends the interval: writes the count of each key. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const counts = [...this.#counts.values()];
    this.#counts.clear();
    for (const { last, more } of counts) if (more > 0) this.#write(last, more);
  }
}
