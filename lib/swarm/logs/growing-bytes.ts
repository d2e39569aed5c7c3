/** Room at first, in bytes: most parts are short. */
const FIRST = 256;

/**
 * Bytes that arrive in parts, copied into one piece of memory: an object for each part would take a hundred times the size
 * of parts of a byte, and a part of a caller's chunk would hold the whole chunk.
 */
export class GrowingBytes {
  #bytes = new Uint8Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(part: Uint8Array): void {
    const length = this.#length + part.length;
    if (length > this.#bytes.length) {
      const more = new Uint8Array(Math.max(FIRST, length, 2 * this.#bytes.length));
      more.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = more;
    }
    this.#bytes.set(part, this.#length);
    this.#length = length;
  }

  /** Returns all of them, and is empty then. */
  take(): Uint8Array {
    const all = this.#bytes.subarray(0, this.#length);
    this.#bytes = new Uint8Array(0);
    this.#length = 0;
    return all;
  }
}
