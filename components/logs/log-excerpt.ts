import type { NewListEntry } from './log-list';

/** The line with a text, with some lines before and after it. */
export interface Excerpt {
  readonly lines: readonly string[];
  /** Which of them it is. */
  readonly at: number;
}

/** What a search in the text of a log found. */
export interface TextSearch {
  /** Null: it is in no line. */
  readonly excerpt: Excerpt | null;
  /** Lines that were read. */
  readonly lines: number;
  /** Whether one of them has the id of any request. */
  readonly hasIds: boolean;
  /** What the engine said on lines that are missing. */
  readonly notes: readonly string[];
}

/** Lines before and after the one that is found. */
const AROUND = 20;
const MAX_NOTES = 10;
/** A request's id, whichever: as the echo server writes it, or one of a run. */
const ANY_ID = /(?<![\w-])(?:id=\S|[0-9a-f]{8}-\d+(?![\w-]))/;

/** Searches the text of a log, piece by piece, without keeping it. */
export class ExcerptSearch {
  readonly #matches: (line: string) => boolean;
  readonly #before: string[] = [];
  #rest = '';
  #found: { lines: string[]; at: number } | null = null;
  #lines = 0;
  #hasIds = false;
  readonly #notes: string[] = [];

  constructor(matches: (line: string) => boolean) {
    this.#matches = matches;
  }

  /** Takes a piece of the text. Returns whether the search is over. */
  push(piece: string): boolean {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) if (this.#take(line)) return true;
    return false;
  }

  get result(): TextSearch {
    return {
      excerpt: this.#found,
      lines: this.#lines,
      hasIds: this.#hasIds,
      notes: this.#notes,
    };
  }

  #take(line: string): boolean {
    if (line.startsWith('# ')) {
      if (this.#notes.length < MAX_NOTES) this.#notes.push(line.slice(2));
      return false;
    }
    this.#lines += 1;
    if (this.#found) {
      this.#found.lines.push(line);
      return this.#found.lines.length > this.#found.at + AROUND;
    }
    this.#hasIds ||= ANY_ID.test(line);
    if (this.#matches(line)) {
      this.#found = { lines: [...this.#before, line], at: this.#before.length };
      return false;
    }
    this.#before.push(line);
    if (this.#before.length > AROUND) this.#before.shift();
    return false;
  }
}

/** A line of the text: `TIME goweb.2.TASKID@zero1    | text`. Nodes that share a hostname have spaces in their names. */
const LINE = /^(\S+) (?:\S*\.)?([^\s.@]*)@(.*?) {4}\| (.*)$/s;

/** A line of the text as an entry of the list. Its stream is not in the text, and its node is only named. */
export function entryOfText(line: string): NewListEntry {
  const [, time, taskId = '', nodeId = '', text = ''] = LINE.exec(line) ?? [];
  if (time === undefined) return { kind: 'note', text: line, taskId: null };
  return { kind: 'line', time, taskId, nodeId, stream: 'stdout', text, cut: false };
}
