/** Levels, most severe first; `LOG_LEVEL` names the last one that is written. */
export const LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type Level = (typeof LEVELS)[number];

/** A line's fields, each chosen by the caller: never a whole header, body or query. */
export type Fields = Readonly<Record<string, string | number | null | undefined>>;

/** Longer values are cut (characters): a path or a name can be sent at any length. */
const MAX_VALUE = 200;

/**
 * What a terminal or a log viewer obeys instead of printing it: DEL, C1 controls (0x9b begins an
 * escape sequence), line separators, and what reverses the direction of writing. JSON escapes C0
 * and halves of characters by itself.
 */
const UNPRINTABLE = /[\p{Cc}\p{Bidi_Control}\u2028\u2029]/gu;

/** A value with everything escaped that is not printed as itself, and cut. */
function escaped(value: string): string {
  const short = value.length > MAX_VALUE ? `${value.slice(0, MAX_VALUE)}…` : value;
  return JSON.stringify(short)
    .slice(1, -1)
    .replace(UNPRINTABLE, (character) => {
      const code = character.charCodeAt(0).toString(16).padStart(4, '0');
      return `\\u${code}`;
    });
}

/** One line of JSON: `time`, `level`, `event`, then the fields that are not empty. */
export function jsonLine(time: Date, level: Level, event: string, fields: Fields): string {
  const all: Fields = { time: time.toISOString(), level, event, ...fields };
  const pairs = Object.entries(all).flatMap(([name, value]) => {
    if (value === null || value === undefined || value === '') return [];
    const json = typeof value === 'number' ? JSON.stringify(value) : `"${escaped(value)}"`;
    return [`"${name}":${json}`];
  });
  return `{${pairs.join(',')}}\n`;
}

/** The same for a person: the clock, and a sentence made of the fields. */
export function plainLine(time: Date, level: Level, event: string, fields: Fields): string {
  const clock = time.toTimeString().slice(0, 8);
  const loud = level === 'error' || level === 'warn' ? `${level}: ` : '';
  return `${clock} ${loud}${sentence(event, fields)}\n`;
}

function sentence(event: string, fields: Fields): string {
  const of = (name: string) => escaped(String(fields[name] ?? ''));
  const given = (name: string, before: string, after = '') =>
    of(name) === '' ? '' : `${before}${of(name)}${after}`;
  const more = given('more', ', and ', ' more like it');
  if (event === 'change') {
    const who = `${given('role', ' by ')}${given('client', ' at ')}`;
    const address = `${given('service', ' of ')}${given('port', ':')}${given('path', '')}`;
    const what = given('command', ' (', ')') || `${address}${given('node', ' on ')}`;
    const plan = given('plan', ' (', ')');
    return `${of('action')}${what}${plan}${who}: ${of('outcome')}${given('ms', ' in ', ' ms')}${more}`;
  }
  if (event === 'refused') {
    const who = `${given('role', ' by ')}${given('client', ' from ')}`;
    return `refused${given('method', ' ')}${given('path', ' ')}${who}: ${of('kind')}${given('status', ' (', ')')}${more}`;
  }
  return `${event}${given('message', ': ')}`;
}
