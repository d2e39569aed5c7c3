/** Maximum size of one entry of a list that is kept, and of a body that is no list (bytes). */
export const MAX_ITEM_BYTES = 1_000_000;
/** A larger entry is skipped, up to this size (bytes). Swarm's own messages have at most 4 MB. */
export const MAX_SKIPPED_BYTES = 8_000_000;
/** What is kept of an entry that is skipped: its id comes first (bytes). */
const HEAD_BYTES = 256;

const QUOTE = 0x22;
const COMMA = 0x2c;
const OPEN_ARRAY = 0x5b;
const BACKSLASH = 0x5c;
const CLOSE_ARRAY = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;
const NOTHING = Buffer.alloc(0);
const isBlank = (byte: number) => byte === 0x20 || (byte >= 0x09 && byte <= 0x0d);

/** What a splitter has found: an array's entry, the beginning of one that is too large, or a whole body that is no array. */
export interface JsonText {
  kind: 'item' | 'large' | 'whole';
  text: string;
}

/**
 * Splits the JSON of an array into its entries while its bytes arrive, so that a list needs no more memory than its
 * largest entry. It only counts brackets: whether an entry is valid JSON is for its parser to find out.
 */
export class JsonItems {
  #state: 'before' | 'array' | 'other' | 'after' = 'before';
  #depth = 0;
  #inString = false;
  #escaped = false;
  /** The current entry, as far as it came in earlier chunks; of one that is too large only its beginning. */
  #begun: Buffer[] = [];
  #begunBytes = 0;
  #separated = false;

  /** Maximum size of the current entry, or of the body if that is no list (bytes). */
  get limit(): number {
    return this.#state === 'other' ? MAX_ITEM_BYTES : MAX_SKIPPED_BYTES;
  }

  /**
   * The entries that end in `chunk`. Throws a `SyntaxError` for what cannot be a list, and a `RangeError` for an entry
   * of more than `limit`.
   */
  *push(chunk: Buffer): Generator<JsonText> {
    let begin = 0;
    for (let at = 0; at < chunk.length; at++) {
      const byte = chunk[at] ?? 0;
      if (this.#state === 'array') {
        if (begin === at && this.#begunBytes === 0 && isBlank(byte)) begin = at + 1;
        else if (this.#inString) {
          if (this.#escaped) this.#escaped = false;
          else if (byte === BACKSLASH) this.#escaped = true;
          else if (byte === QUOTE) this.#inString = false;
        } else if (byte === QUOTE) this.#inString = true;
        else if (byte === OPEN_OBJECT || byte === OPEN_ARRAY) this.#depth++;
        else if (byte === CLOSE_OBJECT) this.#depth--;
        else if (byte === CLOSE_ARRAY && this.#depth > 0) this.#depth--;
        else if (this.#depth === 0 && (byte === COMMA || byte === CLOSE_ARRAY)) {
          const found = this.#take(chunk.subarray(begin, at), 'item');
          begin = at + 1;
          const isEmpty = byte === CLOSE_ARRAY && !this.#separated && found.text.trim() === '';
          this.#separated = true;
          if (byte === CLOSE_ARRAY) this.#state = 'after';
          if (!isEmpty) yield found;
        }
      } else if (this.#state === 'before') {
        if (byte === OPEN_ARRAY) this.#state = 'array';
        else if (!isBlank(byte)) this.#state = 'other';
        begin = byte === OPEN_ARRAY || isBlank(byte) ? at + 1 : at;
      } else if (this.#state === 'after') {
        if (!isBlank(byte)) throw new SyntaxError('text after the end of the list');
        begin = at + 1;
      } else break;
    }
    this.#keep(chunk.subarray(begin));
  }

  /** Returns the rest of the body. Throws a `SyntaxError` if the list is not closed. */
  end(): JsonText | null {
    if (this.#state === 'after') return null;
    if (this.#state === 'array') throw new SyntaxError('the list has no end');
    return this.#take(NOTHING, 'whole');
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    const wasLarge = this.#begunBytes > MAX_ITEM_BYTES;
    this.#begunBytes += rest.length;
    if (this.#begunBytes > this.limit) throw new RangeError('the entry is too large');
    if (wasLarge) return;
    this.#begun.push(rest);
    if (this.#begunBytes <= MAX_ITEM_BYTES) return;
    this.#begun = [Buffer.from(Buffer.concat(this.#begun).subarray(0, HEAD_BYTES))];
  }

  #take(last: Buffer, kind: 'item' | 'whole'): JsonText {
    this.#keep(last);
    const isLarge = this.#begunBytes > MAX_ITEM_BYTES;
    const [only] = this.#begun;
    const bytes = this.#begun.length === 1 && only ? only : Buffer.concat(this.#begun);
    this.#begun = [];
    this.#begunBytes = 0;
    return { kind: isLarge ? 'large' : kind, text: bytes.toString() };
  }
}
