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
  bytes: number;
}

/** Five seconds of 1,000 lines a second, or what a page shows at first. */
export const BUFFER_LIMITS: BufferLimits = { entries: 5000, bytes: 1_500_000 };

/** A part of a log. */
export interface BufferPart {
  /** The JSON of each entry after a comma, in pieces that hold until the next `push`. */
  pieces: Uint8Array[];
  /** The number of the first entry that is not in it. */
  next: number;
  /** Entries from the requested one on that are not held any more. */
  skipped: number;
}

/** Bytes of a page, unless one entry needs more. */
const PAGE = 32_768;

/** Entries that follow each other. */
interface Page {
  readonly bytes: Buffer;
  /** The number of its first entry. */
  readonly first: number;
  /** Where each of its entries ends. */
  readonly ends: number[];
  /** The times of its lines (ms); of a note 0. */
  readonly times: number[];
}

/**
 * The latest entries of a log, encoded once for all viewers. Each viewer only has a number in it. They are bytes in pages,
 * not strings: hundreds of thousands of objects would be work for the garbage collector, which then lets the heap grow to
 * a multiple of what is held (docs/decisions/022).
 */
export class LogBuffer {
  #limits: BufferLimits;
  readonly #pages: Page[] = [];
  /** The memory of a page that was dropped, for the next one. */
  #spare: Buffer | null = null;
  #first = 0;
  #next = 0;
  #bytes = 0;

  constructor(limits: BufferLimits = BUFFER_LIMITS) {
    this.#limits = limits;
  }

  get limits(): BufferLimits {
    return this.#limits;
  }

  /** Holds at most so many bytes from now on. */
  limitTo(bytes: number): void {
    this.#limits = { ...this.#limits, bytes };
    this.#trim();
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
    const json = `,${JSON.stringify({ n: this.#next, ...entry })}`;
    const size = Buffer.byteLength(json);
    const page = this.#pageFor(size);
    const end = page.ends.at(-1) ?? 0;
    page.bytes.write(json, end);
    page.ends.push(end + size);
    page.times.push(entry.kind === 'line' ? Date.parse(entry.time) || 0 : 0);
    this.#next += 1;
    this.#bytes += size;
    this.#trim();
  }

  /** The entries from number `from` on, up to about this many bytes, but at least one. */
  read(from: number, bytes: number): BufferPart {
    const start = Math.min(this.#next, Math.max(from, this.#first));
    const pieces: Uint8Array[] = [];
    let room = bytes;
    let next = start;
    for (const page of this.#pages) {
      const { first, ends } = page;
      if (room <= 0) break;
      if (next >= first + ends.length) continue;
      const begin = ends[next - first - 1] ?? 0;
      let end = begin;
      while (room > 0 && next < first + ends.length) {
        const entryEnd = ends[next - first] ?? end;
        room -= entryEnd - end;
        end = entryEnd;
        next += 1;
      }
      pieces.push(page.bytes.subarray(begin, end));
    }
    return { pieces, next, skipped: Math.max(0, start - from) };
  }

  /** The number of the first line that is not older than a time (RFC 3339); without one that of the next entry. */
  firstSince(time: string): number {
    const from = Date.parse(time);
    for (const { first, times } of this.#pages) {
      const at = times.findIndex((one, i) => first + i >= this.#first && one >= from);
      if (at >= 0) return first + at;
    }
    return this.#next;
  }

  #pageFor(size: number): Page {
    const last = this.#pages.at(-1);
    if (last && (last.ends.at(-1) ?? 0) + size <= last.bytes.length) return last;
    const spare = size <= PAGE ? this.#spare : null;
    if (spare) this.#spare = null;
    const bytes = spare ?? Buffer.allocUnsafeSlow(Math.max(PAGE, size));
    const page = { bytes, first: this.#next, ends: [], times: [] };
    this.#pages.push(page);
    return page;
  }

  #trim(): void {
    const { entries, bytes } = this.#limits;
    while (
      this.#next - this.#first > entries ||
      (this.#bytes > bytes && this.#first < this.#next)
    ) {
      this.#dropFirst();
    }
  }

  #dropFirst(): void {
    const [page] = this.#pages;
    if (!page) return;
    const at = this.#first - page.first;
    this.#bytes -= (page.ends[at] ?? 0) - (page.ends[at - 1] ?? 0);
    this.#first += 1;
    if (at + 1 < page.ends.length) return;
    this.#pages.shift();
    if (page.bytes.length === PAGE) this.#spare = page.bytes;
  }
}

/** The entries of a part. */
export function entriesOf({ pieces }: Pick<BufferPart, 'pieces'>): LogStreamEntry[] {
  const json = Buffer.concat(pieces).toString().slice(1);
  return JSON.parse(`[${json}]`) as LogStreamEntry[];
}
