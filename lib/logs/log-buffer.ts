import type { LogStreamEntry } from '../swarm/logs/messages';

/** An entry without its number. */
export type NewEntry = LogStreamEntry extends infer Entry
  ? Entry extends LogStreamEntry
    ? Omit<Entry, 'n'>
    : never
  : never;

/** How much of a log is held for its viewers. */
export interface BufferLimits {
  entries: number;
  /** Of the entries' JSON. */
  characters: number;
}

/** Five seconds of 1,000 lines a second, or what a page shows at first. */
const LIMITS: BufferLimits = { entries: 5000, characters: 1_500_000 };

/** A part of a log. */
export interface BufferPart {
  /** The JSON of each entry. */
  entries: string[];
  /** The number of the first entry that is not in it. */
  next: number;
  /** Entries from the requested one on that are not held any more. */
  skipped: number;
}

/** The latest entries of a log, encoded once for all viewers. Each viewer only has a number in it. */
export class LogBuffer {
  readonly limits: BufferLimits;
  /** A ring: entry `n` is at `n % limits.entries`. */
  readonly #ring: (string | undefined)[];
  /** The times of the lines in it; of a note null. */
  readonly #times: (string | null)[];
  #first = 0;
  #next = 0;
  #characters = 0;

  constructor(limits: BufferLimits = LIMITS) {
    this.limits = limits;
    this.#ring = Array.from({ length: limits.entries });
    this.#times = Array.from({ length: limits.entries }, () => null);
  }

  /** The number of the oldest entry that is held. */
  get first(): number {
    return this.#first;
  }

  /** The number that the next entry will have. */
  get next(): number {
    return this.#next;
  }

  push(entry: NewEntry): void {
    const json = JSON.stringify({ n: this.#next, ...entry });
    if (this.#next - this.#first === this.limits.entries) this.#dropFirst();
    const at = this.#next % this.limits.entries;
    this.#ring[at] = json;
    this.#times[at] = entry.kind === 'line' ? entry.time : null;
    this.#next += 1;
    this.#characters += json.length;
    while (this.#characters > this.limits.characters && this.#first < this.#next) this.#dropFirst();
  }

  /** The entries from number `from` on, up to about this many characters, but at least one. */
  read(from: number, characters: number): BufferPart {
    const start = Math.min(this.#next, Math.max(from, this.#first));
    const entries: string[] = [];
    let room = characters;
    let next = start;
    while (next < this.#next && room > 0) {
      const json = this.#ring[next % this.limits.entries] ?? '';
      entries.push(json);
      room -= json.length;
      next += 1;
    }
    return { entries, next, skipped: Math.max(0, start - from) };
  }

  /** The number of the first line that is not older than a time (RFC 3339); without one that of the next entry. */
  firstSince(time: string): number {
    // Times of lines have more digits.
    const from = time.replace(/Z$/, '');
    let n = this.#first;
    while (n < this.#next && (this.#times[n % this.limits.entries] ?? '') < from) n += 1;
    return n;
  }

  #dropFirst(): void {
    const at = this.#first % this.limits.entries;
    this.#characters -= this.#ring[at]?.length ?? 0;
    this.#ring[at] = undefined;
    this.#first += 1;
  }
}
