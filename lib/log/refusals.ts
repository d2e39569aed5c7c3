/** One refused request. `path` has no query: what is asked for can be a secret. */
export interface RefusedRequest {
  /** The problem document's `kind`, or what ended the request before there was one. */
  readonly kind: string;
  readonly method: string;
  readonly path: string;
  /** The address that it came from; empty where nobody knows. */
  readonly client: string;
  /** Null when the connection was ended without an answer. */
  readonly status: number | null;
}

/** A refusal of one kind and client is logged once in this time, then the number of further ones (ms). */
export const INTERVAL_MS = 60_000;
/**
 * The most pairs of kind and client in one interval; those beyond share a line. So 42 lines a minute
 * at most, of some 250 bytes: 15 MB a day on an SD card under a flood that never ends.
 */
const MAX_PAIRS = 20;

/** Writes a refusal; `more`: how many like it were not written. */
type Write = (refused: RefusedRequest, more?: number) => void;

/** Writes the first refusal of each kind and client in an interval at once, and counts the others. */
export class RefusalLog {
  readonly #write: Write;
  readonly #counts = new Map<string, { last: RefusedRequest; more: number }>();
  #timer: NodeJS.Timeout | null = null;

  constructor(write: Write) {
    this.#write = write;
  }

  /** Takes one refused request. */
  add(refused: RefusedRequest): void {
    const own = JSON.stringify([refused.kind, refused.client]);
    const key = this.#counts.has(own) || this.#counts.size < MAX_PAIRS ? own : 'others';
    const known = this.#counts.get(key);
    if (known) {
      known.last = key === own ? refused : { ...refused, kind: 'several', client: 'others' };
      known.more += 1;
      return;
    }
    this.#counts.set(key, { last: refused, more: 0 });
    this.#write(refused);
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
