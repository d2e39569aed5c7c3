/** Escape sequences of terminals: colours and cursor movements (CSI), titles and links (OSC), and the short ones. */
const ESCAPE_SEQUENCES =
  // oxlint-disable-next-line no-control-regex -- they start with one
  /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])/g;
/** Characters that are invisible, move a terminal's cursor, or change the direction of what follows; not the tab. */
const HIDDEN = /(?!\t)[\p{Cc}\p{Cs}\p{Bidi_Control}\u2028\u2029]/gu;
/** Whether a text needs any of this: most lines do not. */
const PLAIN = /^[\t -~]*$/;

/**
 * What a task wrote, as text that is safe in a page and in a terminal: without escape sequences, other control
 * characters as `\x00`, and without the line's end.
 */
export function logText(text: string): string {
  const line = text.replace(/\r?\n?$/, '');
  if (PLAIN.test(line)) return line;
  return line.replaceAll(ESCAPE_SEQUENCES, '').replaceAll(HIDDEN, escaped);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const hex = code.toString(16);
  return code < 256 ? String.raw`\x${hex.padStart(2, '0')}` : String.raw`\u${hex.padStart(4, '0')}`;
}
