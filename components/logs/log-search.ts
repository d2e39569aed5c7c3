import { searchPattern } from '@/lib/swarm/logs/search-text';
import type { EntryBlock, ListEntry } from './log-list';

/** Which lines are shown, and what is searched in them. */
export interface LogFilter {
  /** Plain text, in upper or lower case; empty: nothing is searched. */
  readonly query: string;
  /** Lines of this task only; null: of all. */
  readonly taskId: string | null;
  /** Lines of this node only; null: of all. */
  readonly nodeId: string | null;
  /** Only lines with the text. */
  readonly matchesOnly: boolean;
}

/** A part of a line's text. */
export interface LinePart {
  readonly text: string;
  /** It is what is searched. */
  readonly isMatch: boolean;
}

/** Most matches of a line that are marked. */
const MAX_MARKS = 200;

interface Found {
  readonly rows: readonly ListEntry[];
  /** How many of them are lines. */
  readonly lines: number;
  /** Ids of the rows with the text. */
  readonly matches: readonly number[];
}

/** A filter's results, computed once for each block. */
export class LogSearch {
  readonly filter: LogFilter;
  readonly #pattern: RegExp | null;
  readonly #found = new WeakMap<EntryBlock, Found>();

  constructor(filter: LogFilter) {
    this.filter = filter;
    this.#pattern = searchPattern(filter.query);
  }

  /** The entries of a block that are shown. */
  rows(block: EntryBlock): readonly ListEntry[] {
    return this.#in(block).rows;
  }

  /** How many lines of a block are shown; notes are none. */
  lines(block: EntryBlock): number {
    return this.#in(block).lines;
  }

  /** The ids of those with the text. */
  matches(block: EntryBlock): readonly number[] {
    return this.#in(block).matches;
  }

  /** The text cut into what matches and what is between. */
  parts(text: string): LinePart[] {
    if (!this.#pattern) return [{ text, isMatch: false }];
    const parts: LinePart[] = [];
    let end = 0;
    for (const found of text.matchAll(this.#pattern)) {
      if (parts.length >= 2 * MAX_MARKS) break;
      if (found.index > end) parts.push({ text: text.slice(end, found.index), isMatch: false });
      parts.push({ text: found[0], isMatch: true });
      end = found.index + found[0].length;
    }
    if (end < text.length || end === 0) parts.push({ text: text.slice(end), isMatch: false });
    return parts;
  }

  #in(block: EntryBlock): Found {
    const known = this.#found.get(block);
    if (known) return known;
    const { matchesOnly } = this.filter;
    const rows: ListEntry[] = [];
    const matches: number[] = [];
    for (const entry of block.entries) {
      if (!this.#isOf(entry)) continue;
      const isMatch = this.#pattern !== null && entry.text.search(this.#pattern) >= 0;
      if (isMatch && entry.kind === 'line') matches.push(entry.id);
      // Notes stay: they say what could be missing between the matches.
      if (isMatch || !matchesOnly || entry.kind === 'note' || !this.#pattern) rows.push(entry);
    }
    const lines = rows.filter(({ kind }) => kind === 'line').length;
    const found = { rows, lines, matches };
    this.#found.set(block, found);
    return found;
  }

  #isOf(entry: ListEntry): boolean {
    const { taskId, nodeId } = this.filter;
    if (entry.kind === 'note') return taskId === null || (entry.taskId ?? taskId) === taskId;
    return (
      (taskId === null || entry.taskId === taskId) && (nodeId === null || entry.nodeId === nodeId)
    );
  }
}

/** Whether an entry is shown, hidden by the filter, or not held any more. */
export function placeOf(
  search: LogSearch,
  blocks: readonly EntryBlock[],
  id: number,
): 'shown' | 'hidden' | 'gone' {
  const block = blocks.findLast(({ key }) => key <= id);
  if (!block?.entries.some((entry) => entry.id === id)) return 'gone';
  return search.rows(block).some((entry) => entry.id === id) ? 'shown' : 'hidden';
}

/** How many lines match, and which of them a line is (from 1; 0: none of them). */
export interface MatchCount {
  readonly all: number;
  readonly at: number;
}

export function countMatches(
  search: LogSearch,
  blocks: readonly EntryBlock[],
  current: number | null,
): MatchCount {
  let all = 0;
  let at = 0;
  for (const block of blocks) {
    const matches = search.matches(block);
    if (current !== null && at === 0) {
      const place = matches.indexOf(current);
      if (place >= 0) at = all + place + 1;
    }
    all += matches.length;
  }
  return { all, at };
}

/**
 * The id of the next match after the current line, or before it; from the other end when there is none. Without a current
 * line the latest match. Null without matches.
 */
export function stepMatch(
  search: LogSearch,
  blocks: readonly EntryBlock[],
  current: number | null,
  direction: 1 | -1,
): number | null {
  const ids = blocks.flatMap((block) => search.matches(block));
  if (current === null) return ids.at(-1) ?? null;
  if (direction === 1) return ids.find((id) => id > current) ?? ids[0] ?? null;
  return ids.findLast((id) => id < current) ?? ids.at(-1) ?? null;
}

/** The id of the shown line that is so many lines after the current one, or before it; the latest without a current one. */
export function stepLine(
  search: LogSearch,
  blocks: readonly EntryBlock[],
  current: number | null,
  by: number,
): number | null {
  const ids = blocks.flatMap((block) => search.rows(block).map(({ id }) => id));
  if (current === null) return ids.at(-1) ?? null;
  const place = ids.findIndex((id) => id >= current);
  const from = place < 0 ? ids.length : place;
  return ids[Math.min(ids.length - 1, Math.max(0, from + by))] ?? null;
}
