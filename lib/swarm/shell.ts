/**
 * Commands that a person copies into a terminal. Names in them come from the engine, and a worker that
 * joins a swarm chooses its own hostname, so every value in a command goes through here.
 */

/** Not changed by sh, bash and zsh in any position; without `~`, which bash expands after `=` and `:` too. */
const PLAIN = /^[\w:/.%,+@-][\w:/.%,+@=-]*$/;

/**
 * What a terminal obeys although it is quoted (control characters), what shows another text than is
 * copied (writing directions, invisible characters), and the backtick, which ends the code in a
 * sentence (`Prose`) and in Markdown. A line break is none: a shell waits for the closing quote.
 */
const UNSAFE = /((?:(?!\n)[\p{C}\p{DI}\u2028\u2029`])+)/u;

/**
 * One word of a command that a shell (sh, bash, zsh) reads back as `value`: plain where nothing needs
 * quotes, else in single quotes, with what no quotes make safe as `"$(printf '\033')"`. U+0000 is left
 * out, as no argument can hold it.
 */
export function shellWord(value: string): string {
  if (PLAIN.test(value)) return value;
  const parts = value.replaceAll('\0', '').split(UNSAFE);
  const word = parts.map((part, at) => {
    if (at % 2 === 1) return `"$(printf '${octal(part)}')"`;
    return part && `'${part.replaceAll("'", String.raw`'\''`)}'`;
  });
  return word.join('') || "''";
}

/** Every byte of the text as printf writes it. */
function octal(text: string): string {
  return [...new TextEncoder().encode(text)]
    .map((byte) => `\\${byte.toString(8).padStart(3, '0')}`)
    .join('');
}

/** A value of a command, or several, each a separate word. */
type Operand = string | number | readonly string[];

/**
 * A command as a template: literal text is kept, inserted values are quoted. A value
 * that is a word of its own and starts with `-` would be read as an option, so `--` is added before it: write the value
 * of an option as `--option=${…}`.
 */
export function shell(written: TemplateStringsArray, ...operands: readonly Operand[]): string {
  let command = written[0] ?? '';
  let ended = / -- /.test(command);
  operands.forEach((operand, at) => {
    const values = [operand].flat().map(String);
    if (!ended && command.endsWith(' ') && values.some((value) => value.startsWith('-'))) {
      command += '-- ';
      ended = true;
    }
    command += values.map(shellWord).join(' ') + (written[at + 1] ?? '');
  });
  return command;
}
