/** Control and format characters: they are invisible, or change the order of what follows. */
const HIDDEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
const HIDDEN_BUT_LINES = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** An engine's text with its hidden characters as JSON writes them, `\u202e`; on one line unless `lines`. */
export function visibleText(text: string, { lines = false } = {}): string {
  return text.replaceAll(lines ? HIDDEN_BUT_LINES : HIDDEN, (character) =>
    Array.from({ length: character.length }, (_, at) => escaped(character.charCodeAt(at))).join(''),
  );
}

const SHORT = new Map([
  [0x09, String.raw`\t`],
  [0x0a, String.raw`\n`],
  [0x0d, String.raw`\r`],
]);

function escaped(code: number): string {
  return SHORT.get(code) ?? String.raw`\u${code.toString(16).padStart(4, '0')}`;
}
