/**
 * JSON that is written back as it was read. JavaScript's numbers are exact up to 2^53 only, and Go's are not: a delay
 * of 105 days in nanoseconds would be posted as another one. Such integers are read as strings with a mark.
 */

/** Begins a string that stands for an integer: `\0int:18446744073709551615`. One that an engine sends has it twice. */
const MARK = '\0int:';
const WRITTEN_MARK = String.raw`\u0000int:`;

/** At the beginning of a string: an escaped quote within one has a backslash before it. */
const WRITTEN = /(?<!\\)"\\u0000int:(?:(-?\d+)"|(?=\\u0000int:))/g;
/** A string, or an integer of more digits than every number holds. */
const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d{16,}(?![\d.eE])/g;

/** Parses JSON; throws `SyntaxError`. */
export function parseLossless(text: string): unknown {
  return JSON.parse(text.replace(TOKENS, marked));
}

function marked(token: string): string {
  if (!token.startsWith('"')) {
    return Number.isSafeInteger(Number(token)) ? token : JSON.stringify(MARK + token);
  }
  // NUL can only be written as this escape.
  if (!token.includes(String.raw`\u0000`)) return token;
  const value: string = JSON.parse(token);
  return value.startsWith(MARK) ? JSON.stringify(MARK + value) : token;
}

/** The JSON of a value that `parseLossless` returned, or of a changed copy of it, indented by `spaces`. */
export function stringifyLossless(value: unknown, spaces = 0): string {
  const text = JSON.stringify(value, null, spaces);
  if (!text.includes(WRITTEN_MARK)) return text;
  return text.replace(WRITTEN, (_, integer: string | undefined) => integer ?? '"');
}

/** A copy with the nearest number for each marked integer: for what is shown, never for what is written back. */
export function withNumbers<T>(value: T): T {
  return nearest(value) as T;
}

function nearest(value: unknown): unknown {
  if (typeof value === 'string') {
    const digits = value.startsWith(MARK) ? value.slice(MARK.length) : '';
    return /^-?\d+$/.test(digits) ? Number(digits) : value;
  }
  if (Array.isArray(value)) return value.map(nearest);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, nearest(one)]));
}
