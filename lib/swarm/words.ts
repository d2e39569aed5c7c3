/** How many names a sentence holds before it only counts them. */
export const MOST_NAMES = 6;

/** A Linux host name has at most 64 characters. */
const LONGEST_NAME = 64;

/**
 * A name or number that the engine supplied, safe within a sentence: no backtick, which would turn
 * code into text and text into code (`Prose`), on one line, without characters that control a terminal or the
 * direction of text, and no longer than a host name can be.
 */
export function inSentence(name: string): string {
  return oneLine(name, LONGEST_NAME).replaceAll('`', "'");
}

/** Text on one line of at most `longest` characters, without those that control a terminal or the direction of text. */
export function oneLine(text: string, longest: number): string {
  const line = text.slice(0, longest + 1).replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ');
  return line.length > longest ? `${line.slice(0, longest - 1)}…` : line;
}

/** An id as docker's tables print it: its first 12 characters. */
export function shortId(id: string): string {
  return id.slice(0, 12);
}

/** `zero1`, `zero1 and zero2`, `zero1, zero2 and zero3`; of very many the first and how many more. */
export function listed(names: readonly string[]): string {
  if (names.length > MOST_NAMES) {
    return `${names.slice(0, MOST_NAMES - 1).join(', ')} and ${names.length - MOST_NAMES + 1} more`;
  }
  const last = names.at(-1) ?? '';
  return names.length < 2 ? last : `${names.slice(0, -1).join(', ')} and ${last}`;
}

/**
 * A number with its noun, and a verb that agrees with it: `1 node takes`, `2 nodes take`. The verb
 * is given in the plural; only the third person needs another form.
 */
export function counted(count: number | string, noun: string, verb?: string): string {
  const one = String(count) === '1';
  const subject = `${count} ${noun}${one ? '' : 's'}`;
  if (verb === undefined) return subject;
  return `${subject} ${one ? (SINGULAR[verb] ?? `${verb}s`) : verb}`;
}

const SINGULAR: Record<string, string> = { have: 'has', are: 'is', do: 'does', match: 'matches' };
