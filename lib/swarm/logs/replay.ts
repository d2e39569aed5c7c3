import type { LogLine } from './lines';

/** The last line of a task, and those of the same time. */
interface Position {
  readonly time: string;
  /** The beginning of each of their texts. */
  readonly texts: readonly string[];
}

/** What comes again of a task after the stream was opened again. */
interface Repeat {
  /** The last line before that. */
  readonly known: Position;
  /** It, or one before it, has come again; or one after it. */
  hasBegun: boolean;
}

/** What a line is: new, one that was there before, or new after some that are lost. */
export type Novelty = 'new' | 'known' | 'after a gap';

/** Tasks whose position is remembered: those of a crash loop are many. */
const MAX_TASKS = 2000;
/** Lines that are remembered, as they can come a second time: at least half as many. */
const MAX_SEEN = 20_000;
/** Most lines of one time that are remembered; a node's clock rarely gives two the same. */
const MAX_OF_TIME = 50;
/** Characters by which lines of one time are told apart. */
const TEXT = 100;

/**
 * Tells new lines from those that come again after the stream was opened again. A task's lines come in the order in which
 * they were written, so what follows its last line is new. Until `settle` is called, lines that are not later than the
 * last one are known too; after that every line is new, whatever the clocks say, except one that came already: a node that
 * is just registering can send a task's lines twice, also on a stream that has been open for long (measured on 20.10).
 */
export class LogReplay {
  readonly #positions = new Map<string, Position>();
  readonly #repeats = new Map<string, Repeat>();
  /** New lines of late, as numbers of {@link lineHash}: those of now, and those before. */
  #seen = new NumberSet();
  #seenBefore = new NumberSet();

  /** The stream is opened again: known lines will come again. */
  reopen(): void {
    this.#repeats.clear();
    for (const [taskId, known] of this.#positions) {
      this.#repeats.set(taskId, { known, hasBegun: false });
    }
  }

  /** What comes again has come. */
  settle(): void {
    this.#repeats.clear();
  }

  /** Takes the next line of the stream. */
  take(line: Pick<LogLine, 'taskId' | 'time' | 'text'>): Novelty {
    const repeat = this.#repeats.get(line.taskId);
    const isGap = repeat?.hasBegun === false && line.time > repeat.known.time;
    if (repeat) repeat.hasBegun = true;
    if (repeat && isKnown(repeat.known, line)) return 'known';
    if (!this.#isFirst(line)) return 'known';
    this.#remember(line);
    return isGap ? 'after a gap' : 'new';
  }

  #isFirst(line: Parameters<LogReplay['take']>[0]): boolean {
    const hash = lineHash(line);
    if (this.#seenBefore.has(hash) || !this.#seen.add(hash)) return false;
    if (this.#seen.size >= MAX_SEEN / 2) {
      [this.#seen, this.#seenBefore] = [this.#seenBefore, this.#seen];
      this.#seen.clear();
    }
    return true;
  }

  /** Latest last, so that the oldest is forgotten first. */
  #remember({ taskId, time, text }: Parameters<LogReplay['take']>[0]): void {
    const before = this.#positions.get(taskId);
    const same = before?.time === time ? before.texts : [];
    const texts = same.length < MAX_OF_TIME ? [...same, text.slice(0, TEXT)] : same;
    this.#positions.delete(taskId);
    this.#positions.set(taskId, { time, texts });
    for (const oldest of this.#positions.keys()) {
      if (this.#positions.size <= MAX_TASKS) break;
      this.#positions.delete(oldest);
    }
  }
}

/** A power of two, half as much again as the numbers in it. */
const SLOTS = 16_384;

/** Up to `MAX_SEEN / 2` numbers in a table without objects: a `Set` of as many takes four times the memory. */
class NumberSet {
  readonly #slots = new Float64Array(SLOTS);
  size = 0;

  has(number: number): boolean {
    return this.#slots[this.#slotOf(number)] !== 0;
  }

  /** Returns whether it was not in the set. */
  add(number: number): boolean {
    const slot = this.#slotOf(number);
    if (this.#slots[slot] !== 0) return false;
    this.#slots[slot] = number || 1;
    this.size += 1;
    return true;
  }

  clear(): void {
    this.#slots.fill(0);
    this.size = 0;
  }

  /** Where a number is, or the free slot for it. 0 marks a free one, so it counts as 1. */
  #slotOf(number: number): number {
    const wanted = number || 1;
    let slot = wanted & (SLOTS - 1);
    while (this.#slots[slot] !== 0 && this.#slots[slot] !== wanted) {
      slot = (slot + 1) & (SLOTS - 1);
    }
    return slot;
  }
}

function isKnown(known: Position, { time, text }: Pick<LogLine, 'time' | 'text'>): boolean {
  if (time !== known.time) return time < known.time;
  return known.texts.includes(text.slice(0, TEXT));
}

/** A line as a number of 53 bits, far smaller than its text (cyrb53, public domain, by bryc). */
function lineHash({ taskId, time, text }: Parameters<LogReplay['take']>[0]): number {
  const whole = `${taskId} ${time} ${text.slice(0, TEXT)}`;
  let [high, low] = [0xdeadbeef, 0x41c6ce57];
  for (let at = 0; at < whole.length; at++) {
    const code = whole.charCodeAt(at);
    high = Math.imul(high ^ code, 2_654_435_761);
    low = Math.imul(low ^ code, 1_597_334_677);
  }
  high =
    Math.imul(high ^ (high >>> 16), 2_246_822_507) ^ Math.imul(low ^ (low >>> 13), 3_266_489_909);
  low =
    Math.imul(low ^ (low >>> 16), 2_246_822_507) ^ Math.imul(high ^ (high >>> 13), 3_266_489_909);
  return 4_294_967_296 * (2_097_151 & low) + (high >>> 0);
}
