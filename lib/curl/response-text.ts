/** How much of the response to a single request is kept. What a service sends is untrusted: any length, any bytes. */
export const RESPONSE_LIMITS = {
  /** Characters of a body's text, after escaping. */
  body: 4096,
  headers: 40,
  /** Characters of one header's name and of its value, and of the reason phrase. */
  name: 100,
  value: 500,
  /** Characters of all headers. */
  allHeaders: 4096,
} as const;

/** A body, or the part of it that is kept. */
export interface BodyText {
  readonly text: string;
  /** It is not UTF-8 text: each byte that is no visible ASCII character is shown as `\x00`. */
  readonly binary: boolean;
  readonly truncated: boolean;
}

/** Control and format characters: they are invisible, or change the order or direction of what follows. */
const HIDDEN = /(?![\t\n])[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/** Whether text has control characters of binary formats. Tab, line ends and escape sequences are text. */
function hasBinary(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code < 32 && code !== 27 && (code < 9 || code > 13)) return true;
  }
  return false;
}

/** Hidden characters of one line, tab and line feed included, as `\u202e`. */
export function visible(text: string): string {
  return text
    .replaceAll(HIDDEN, escaped)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('\n', String.raw`\n`);
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 256) return hex(code);
  const digits = code.toString(16).padStart(4, '0');
  return code < 0x1_00_00 ? String.raw`\u${digits}` : String.raw`\u{${digits}}`;
}

function hex(byte: number): string {
  return String.raw`\x${byte.toString(16).padStart(2, '0')}`;
}

/** The first `max` characters, without half a surrogate pair at the end. */
function cut(text: string, max: number): string {
  return text.slice(0, max).replace(/[\ud800-\udbff]$/, '');
}

/**
 * A body as text for the page: UTF-8 with hidden characters escaped, or the bytes of what is not text. `truncated`: the
 * bytes end before the body, maybe within a character.
 */
export function bodyText(bytes: Uint8Array, truncated: boolean): BodyText {
  const text = decode(bytes, truncated);
  const binary = text === null || hasBinary(text);
  const shown = binary
    ? Array.from(bytes.subarray(0, RESPONSE_LIMITS.body), (byte) =>
        byte === 10 || (byte > 31 && byte < 127) ? String.fromCharCode(byte) : hex(byte),
      ).join('')
    : text.replaceAll('\r\n', '\n').replaceAll(HIDDEN, escaped);
  const kept = cut(shown, RESPONSE_LIMITS.body);
  return { text: kept, binary, truncated: truncated || kept.length < shown.length };
}

function decode(bytes: Uint8Array, truncated: boolean): string | null {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  try {
    // As a stream it accepts a character that is cut off at the end.
    return decoder.decode(bytes, { stream: truncated });
  } catch {
    return null;
  }
}

/** A response's headers, from Node's list of alternating names and values, within `RESPONSE_LIMITS`. */
export function headerList(raw: readonly string[]): {
  headers: [name: string, value: string][];
  headersTruncated: boolean;
} {
  const headers: [string, string][] = [];
  let size = 0;
  let headersTruncated = false;
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const full = [visible(raw[at] ?? ''), visible(raw[at + 1] ?? '')] as const;
    const name = cut(full[0], RESPONSE_LIMITS.name);
    const value = cut(full[1], RESPONSE_LIMITS.value);
    size += name.length + value.length;
    if (headers.length >= RESPONSE_LIMITS.headers || size > RESPONSE_LIMITS.allHeaders) {
      return { headers, headersTruncated: true };
    }
    headersTruncated ||= name !== full[0] || value !== full[1];
    headers.push([name, value]);
  }
  return { headers, headersTruncated };
}

/** `HTTP/1.1 404 Not Found`. */
export function statusLine(version: string, status: number, reason: string): string {
  const line = `HTTP/${version} ${status} ${cut(visible(reason), RESPONSE_LIMITS.value)}`;
  return line.trimEnd();
}
