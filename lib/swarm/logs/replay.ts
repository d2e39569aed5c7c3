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
/** Most lines that are remembered while they can come a second time. */
const MAX_FRESH = 20_000;
/** Most lines of one time that are remembered; a node's clock rarely gives two the same. */
const MAX_OF_TIME = 50;
/** Characters by which lines of one time are told apart. */
const TEXT = 100;

/**
 * Tells new lines from those that come again after the stream was opened again. A task's lines come in the order in which
 * they were written, so what follows its last line is new. A node that is just registering can send a task's lines twice
 * (measured on 20.10): until `settle` is called, lines that are not later than the last one, or came already, are known
 * too. After that every line is new, whatever the clocks say.
 */
export class LogReplay {
  readonly #positions = new Map<string, Position>();
  readonly #repeats = new Map<string, Repeat>();
  /** New lines since the stream was opened again; null when none can come twice. */
  #fresh: Set<string> | null = null;

  /** The stream is opened again: known lines will come again. */
  reopen(): void {
    this.#fresh = new Set();
    this.#repeats.clear();
    for (const [taskId, known] of this.#positions) {
      this.#repeats.set(taskId, { known, hasBegun: false });
    }
  }

  /** What comes again has come. */
  settle(): void {
    this.#fresh = null;
    this.#repeats.clear();
  }

  /** Takes the next line of the stream. */
  take(line: Pick<LogLine, 'taskId' | 'time' | 'text'>): Novelty {
    const repeat = this.#repeats.get(line.taskId);
    const isGap = repeat?.hasBegun === false && line.time > repeat.known.time;
    if (repeat) repeat.hasBegun = true;
    if (repeat && isKnown(repeat.known, line)) return 'known';
    if (this.#fresh && !this.#isFirst(this.#fresh, line)) return 'known';
    this.#remember(line);
    return isGap ? 'after a gap' : 'new';
  }

  #isFirst(fresh: Set<string>, { taskId, time, text }: Parameters<LogReplay['take']>[0]): boolean {
    const key = `${taskId} ${time} ${text.slice(0, TEXT)}`;
    if (fresh.has(key)) return false;
    if (fresh.size < MAX_FRESH) fresh.add(key);
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

function isKnown(known: Position, { time, text }: Pick<LogLine, 'time' | 'text'>): boolean {
  if (time !== known.time) return time < known.time;
  return known.texts.includes(text.slice(0, TEXT));
}
