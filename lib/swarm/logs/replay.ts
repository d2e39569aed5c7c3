import type { LogLine } from './lines';

/** The last line of a task. */
interface Position {
  time: string;
  /** How many lines in a row had this time. */
  count: number;
  /** After the stream was opened again: how many lines of that time are still to come again; null: all have. */
  repeats: number | null;
}

/** What a line is: new, one that was there before, or new after some that are lost. */
export type Novelty = 'new' | 'known' | 'after a gap';

/** Tasks whose position is remembered: those of a crash loop are many. */
const MAX_TASKS = 2000;

/**
 * Tells new lines from those that come again after the stream was opened again. A task's lines always come in the order
 * in which they were written, so what follows its last line is new, whatever the clocks say.
 */
export class LogReplay {
  readonly #positions = new Map<string, Position>();

  /** The stream is opened again, from `since` on: known lines will come again. */
  reopen(): void {
    for (const position of this.#positions.values()) position.repeats = position.count;
  }

  /** The time of the earliest last line of all tasks: what comes again must start there. Null without any line. */
  since(): string | null {
    let earliest: string | null = null;
    for (const { time } of this.#positions.values()) {
      if (earliest === null || time < earliest) earliest = time;
    }
    return earliest;
  }

  /** Takes the next line of the stream. */
  take({ taskId, time }: Pick<LogLine, 'taskId' | 'time'>): Novelty {
    const position = this.#positions.get(taskId);
    if (!position) {
      this.#remember(taskId, { time, count: 1, repeats: null });
      return 'new';
    }
    if (position.repeats === null) {
      this.#advance(taskId, position, time);
      return 'new';
    }
    if (time < position.time) return 'known';
    if (time === position.time && position.repeats > 0) {
      position.repeats -= 1;
      if (position.repeats === 0) position.repeats = null;
      return 'known';
    }
    const isGap = position.repeats === position.count && time > position.time;
    position.repeats = null;
    this.#advance(taskId, position, time);
    return isGap ? 'after a gap' : 'new';
  }

  #advance(taskId: string, position: Position, time: string): void {
    position.count = time === position.time ? position.count + 1 : 1;
    position.time = time;
    this.#remember(taskId, position);
  }

  /** Latest last, so that the oldest is forgotten first. */
  #remember(taskId: string, position: Position): void {
    this.#positions.delete(taskId);
    this.#positions.set(taskId, position);
    for (const oldest of this.#positions.keys()) {
      if (this.#positions.size <= MAX_TASKS) break;
      this.#positions.delete(oldest);
    }
  }
}
