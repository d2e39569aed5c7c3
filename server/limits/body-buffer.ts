import { MAX_BODY } from '@/lib/api';

/**
 * The bytes of a body, copied into one block of memory: each read of a connection is an object of some hundred bytes, and
 * can have one byte.
 */
export class BodyBuffer {
  #block: Buffer;
  #length = 0;
  readonly #most: number;

  /** `most`: the bytes that there will be at most. */
  constructor(most: number) {
    this.#most = most;
    this.#block = Buffer.alloc(Math.min(most, MAX_BODY));
  }

  get length(): number {
    return this.#length;
  }

  /** The memory that is in use (bytes). */
  get size(): number {
    return this.#block.length;
  }

  add(chunk: Uint8Array): void {
    const length = this.#length + chunk.length;
    if (length > this.#block.length) {
      const longer = Buffer.alloc(Math.max(length, Math.min(this.#most, 2 * this.#block.length)));
      longer.set(this.bytes());
      this.#block = longer;
    }
    this.#block.set(chunk, this.#length);
    this.#length = length;
  }

  bytes(): Buffer {
    return this.#block.subarray(0, this.#length);
  }
}
