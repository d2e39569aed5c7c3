import type { Fields } from './format';

/** One refused request. `path` has no query: what is asked for can be a secret. */
export interface RefusedRequest {
  /** The problem document's `kind`, or what ended the request before there was one. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** The address that it came from; empty where nobody knows. */
  readonly client: string;
  /** What the sender may do, where that is known by then. */
  readonly role?: string | undefined;
  /** Null when the connection was ended without an answer. */
  readonly status: number | null;
}

/** A line that one sender can cause again and again: a refusal, or a change that failed. */
export interface Repeatable {
  readonly event: string;
  /** Lines with the same are alike. */
  readonly key: string;
  readonly fields: Fields;
}

/** Of lines with one key the first is logged at once, then once in this time the number of further ones (ms). */
export const INTERVAL_MS = 60_000;
/**
 * The most keys in one interval; those beyond share a line. So 42 lines a minute
 * at most, of some 250 bytes: 15 MB a day on an SD card under a flood that never ends.
 */
const MAX_KEYS = 20;

/** Writes a line; `more`: how many like it were not written. */
type Write = (line: Repeatable, more?: number) => void;

/** Stands for the lines beyond `MAX_KEYS`. */
const OTHERS: Repeatable = {
  event: 'refused',
  key: 'others',
  fields: { kind: 'several', client: 'others' },
};

/** Writes the first line of each key in an interval at once, and counts the others. */
export class RefusalLog {
  readonly #write: Write;
  readonly #counts = new Map<string, { last: Repeatable; more: number }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Takes one line. */
  add(line: Repeatable): void {
    const own = this.#counts.has(line.key) || this.#counts.size < MAX_KEYS;
    const key = own ? line.key : OTHERS.key;
    const known = this.#counts.get(key);
    if (known) {
      known.last = own ? line : OTHERS;
      known.more += 1;
      return;
    }
    this.#counts.set(key, { last: line, more: 0 });
    this.#write(line);
    this.#timer ??= setTimeout(() => this.flush(), INTERVAL_MS).unref();
  }

  /** Ends the interval: writes how many more there were of each. */
  flush(): void {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    const counts = [...this.#counts.values()];
    this.#counts.clear();
    for (const { last, more } of counts) if (more > 0) this.#write(last, more);
  }
}
