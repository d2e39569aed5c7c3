import { GrowingBytes } from './growing-bytes';

/** What one write of a task, or an error of the engine, arrived as. */
export interface LogFrame {
  stream: 'stdout' | 'stderr' | 'error';
  /** Perhaps a part of the chunk that was pushed. */
  bytes: Uint8Array;
  /** More than `MAX_FRAME` bytes; the rest was left out. */
  cut: boolean;
}

/** Most bytes of one frame that are kept: docker splits what a task writes at 16 KiB. */
export const MAX_FRAME = 65_536;

/** The engine's stream is not one of log frames. */
export class LogFormatError extends Error {
  override readonly name = 'LogFormatError';
}

const HEADER = 8;
/** Frame types (moby's stdcopy); what a task wrote to its standard input cannot occur, and would be of type 0. */
const STREAMS = ['stdout', 'stdout', 'stderr', 'error'] as const;
const NEWLINE = 10;

/**
 * Splits a log stream of the engine into frames, wherever its chunks end. A service with a terminal (`--tty`) has no
 * frames but plain lines; the first byte shows which it is, as a line begins with its time. At most one frame is held.
 */
export class LogFrames {
  #kind: 'unknown' | 'framed' | 'plain' = 'unknown';
  readonly #header = new Uint8Array(HEADER);
  readonly #size = new DataView(this.#header.buffer);
  #headerLength = 0;
  /** What is there of the present frame. */
  readonly #kept = new GrowingBytes();
  #cut = false;
  /** Bytes of the present frame that have not arrived yet. */
  #missing = 0;
  /** The present line of a terminal was too long and has been returned; the rest of it is left out. */
  #isReturned = false;
  #error: LogFormatError | null = null;

  /** Why nothing can be read from here on: what comes after the last frame is none. Null: it can. */
  get error(): LogFormatError | null {
    return this.#error;
  }

  /** Returns the frames that are complete with this chunk, up to the first one that is invalid (`error`). */
  push(chunk: Uint8Array): LogFrame[] {
    if (chunk.length === 0 || this.#error) return [];
    if (this.#kind === 'unknown')
      this.#kind = (chunk[0] ?? 0) < STREAMS.length ? 'framed' : 'plain';
    return this.#kind === 'framed' ? this.#pushFramed(chunk) : this.#pushPlain(chunk);
  }

  /** Returns the last frame of a stream that has ended: an unfinished line of a terminal, or part of a frame. */
  end(): LogFrame[] {
    const stream = this.#kind === 'framed' ? this.#stream() : 'stdout';
    return this.#kept.length > 0 ? [this.#take(stream)] : [];
  }

  #pushFramed(chunk: Uint8Array): LogFrame[] {
    const frames: LogFrame[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#headerLength < HEADER) {
        const part = chunk.subarray(at, at + HEADER - this.#headerLength);
        this.#header.set(part, this.#headerLength);
        this.#headerLength += part.length;
        at += part.length;
        if (this.#headerLength < HEADER || !this.#readHeader()) break;
      }
      const part = chunk.subarray(at, at + this.#missing);
      if (
        this.#kept.length === 0 &&
        !this.#cut &&
        part.length === this.#missing &&
        part.length <= MAX_FRAME
      ) {
        // The usual frame: within one chunk.
        frames.push({ stream: this.#stream(), bytes: part, cut: false });
        at += part.length;
        this.#missing = 0;
        this.#headerLength = 0;
        continue;
      }
      this.#keep(part);
      this.#missing -= part.length;
      at += part.length;
      if (this.#missing > 0) break;
      frames.push(this.#take(this.#stream()));
      this.#headerLength = 0;
    }
    return frames;
  }

  /** Whether the header is valid. */
  #readHeader(): boolean {
    const [type = 0, a, b, c] = this.#header;
    if (type >= STREAMS.length || a || b || c) {
      this.#error = new LogFormatError('the log stream has a frame without a valid header');
      return false;
    }
    this.#missing = this.#size.getUint32(4);
    return true;
  }

  #stream(): LogFrame['stream'] {
    return STREAMS[this.#header[0] ?? 0] ?? 'stdout';
  }

  #pushPlain(chunk: Uint8Array): LogFrame[] {
    const frames: LogFrame[] = [];
    let at = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, at)) {
      if (!this.#isReturned) {
        this.#keep(chunk.subarray(at, end + 1));
        frames.push(this.#take('stdout'));
      }
      this.#isReturned = false;
      at = end + 1;
    }
    if (!this.#isReturned) this.#keep(chunk.subarray(at));
    // It may never end.
    if (this.#cut) {
      frames.push(this.#take('stdout'));
      this.#isReturned = true;
    }
    return frames;
  }

  #keep(part: Uint8Array): void {
    const fits = part.subarray(0, MAX_FRAME - this.#kept.length);
    this.#kept.push(fits);
    this.#cut ||= fits.length < part.length;
  }

  #take(stream: LogFrame['stream']): LogFrame {
    const frame = { stream, bytes: this.#kept.take(), cut: this.#cut };
    this.#cut = false;
    return frame;
  }
}
