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
  const line = name
    .slice(0, LONGEST_NAME + 1)
    .replaceAll('`', "'")
    .replaceAll(/[\s\p{Cc}\p{Bidi_Control}]+/gu, ' ');
  return line.length > LONGEST_NAME ? `${line.slice(0, LONGEST_NAME - 1)}…` : line;
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
