import { stripVTControlCharacters } from 'node:util';

/** Longer than any sentence of ours, and than moby's error on a certificate (300 characters). */
export const MAX_TEXT = 600;

/** C0, C1, bidirectional controls, line separators, lone surrogates. */
const UNPRINTABLE = /[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029\s]+/gu;

/**
 * A text from outside (an engine, ssh, the environment) as one line that is safe for a terminal: no escape
 * sequences, no control characters, at most `MAX_TEXT` characters.
 */
export function plainText(text: string): string {
  // Cut first: the text may have the length of a whole response.
  const line = stripVTControlCharacters(text.slice(0, 4 * MAX_TEXT))
    .replace(UNPRINTABLE, ' ')
    .trim();
  if (line.length <= MAX_TEXT) return line;
  return `${line.slice(0, MAX_TEXT - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
