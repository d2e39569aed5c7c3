/**
 * Several words in one text, as docker's client takes `--entrypoint` and `--args` (google/shlex): spaces separate words,
 * quotes keep them together, a backslash takes the next character as it is, except in single quotes.
 */

const SPACE = /\s/;
const PLAIN = /^[\w:/.%,+@=-]+$/;

/** The words of a text; null where a quote is not closed, or a backslash stands last. */
export function parseWords(text: string): string[] | null {
  const words: string[] = [];
  let word: string | null = null;
  let quote = '';
  let escaped = false;
  for (const char of text) {
    if (escaped) {
      word = (word ?? '') + char;
      escaped = false;
    } else if (char === '\\' && quote !== "'") {
      escaped = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (SPACE.test(char)) {
      if (word !== null) words.push(word);
      word = null;
    } else {
      word = (word ?? '') + char;
    }
  }
  if (quote !== '' || escaped) return null;
  return word === null ? words : [...words, word];
}

/** A text that `parseWords` reads back as these words. */
export function wordsText(words: readonly string[]): string {
  return words.map((word) => (PLAIN.test(word) ? word : quoted(word))).join(' ');
}

function quoted(word: string): string {
  return `'${word.replaceAll("'", String.raw`'\''`)}'`;
}
