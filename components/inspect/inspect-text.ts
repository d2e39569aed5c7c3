import { stringifyLossless } from '@/lib/swarm/lossless-json';
import { visibleText } from '@/lib/swarm/visible-text';

/** Lines that are drawn at most: a service can have thousands of labels. */
const MOST_LINES = 3000;
/** Longest text that is searched for (characters). */
const LONGEST_QUERY = 200;

/** Text of an engine with its hidden characters as JSON writes them: `\u202e`. */
export function shownText(text: string): string {
  return visibleText(text, { lines: true });
}

/** JSON as docker's inspect commands print it, with an indent of four spaces. `json`: as `parseLossless` returns it. */
export function jsonText(json: unknown): string {
  return shownText(stringifyLossless(json, 4));
}

/** A part of a line; `match`: which match it is, from 0, or null. */
export interface TextPart {
  readonly text: string;
  readonly match: number | null;
}

/** A text cut at the matches of a search, line by line. */
export interface FoundText {
  readonly lines: readonly (readonly TextPart[])[];
  readonly matches: number;
  /** How many lines are left out at the end. */
  readonly more: number;
}

/** Finds a text, whatever its case. */
export function findIn(text: string, query: string): FoundText {
  const all = text.trim() === '' ? [] : text.replace(/^\n+|\n+$/g, '').split('\n');
  const wanted = query.slice(0, LONGEST_QUERY).toLowerCase();
  let matches = 0;
  const lines = all.slice(0, MOST_LINES).map((line) => {
    const low = line.toLowerCase();
    // Lower case can have another length: then there is no place to mark.
    if (wanted === '' || low.length !== line.length) return [{ text: line, match: null }];
    const parts: TextPart[] = [];
    let from = 0;
    for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, from)) {
      if (at > from) parts.push({ text: line.slice(from, at), match: null });
      parts.push({ text: line.slice(at, at + wanted.length), match: matches });
      matches += 1;
      from = at + wanted.length;
    }
    if (from < line.length || parts.length === 0)
      parts.push({ text: line.slice(from), match: null });
    return parts;
  });
  return { lines, matches, more: Math.max(0, all.length - MOST_LINES) };
}

/** How many matches there are, and which one is shown: `2 of 5`. */
export function matchWords(query: string, matches: number, at: number): string {
  if (query === '') return '';
  return matches === 0 ? 'No match' : `${at + 1} of ${matches}`;
}
