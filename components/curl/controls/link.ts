import { DEFAULT_SETTINGS, IS_VALID, type RunSettings } from './run-settings';

/** The controls in the page's address, so that a set-up can be shared. */

/** Each control's name in the query string. */
const NAMES = {
  target: 'ask',
  entryNode: 'at',
  path: 'path',
  method: 'method',
  mode: 'mode',
  rate: 'rate',
  seconds: 'for',
  burst: 'burst',
  inFlight: 'inflight',
  timeout: 'timeout',
  connection: 'connection',
  keepGoing: 'keepgoing',
} as const satisfies Record<keyof RunSettings, string>;

const FIELDS = Object.keys(NAMES) as (keyof RunSettings)[];

/** What an address says. */
export interface RunLink {
  /** Null when it says nothing about the controls. What it leaves out is the default. */
  readonly settings: RunSettings | null;
  /** What could not be used, each as a sentence. */
  readonly complaints: readonly string[];
}

/** Reads the controls from a query string; what is not valid is left out and told. */
export function readLink(search: string): RunLink {
  const query = new URLSearchParams(search);
  const complaints: string[] = [];
  const values: Partial<Record<keyof RunSettings, unknown>> = {};
  let any = false;
  for (const field of FIELDS) {
    const text = query.get(NAMES[field]);
    if (text === null) continue;
    any = true;
    const value = fromText(field, text);
    if (IS_VALID[field](value)) values[field] = value;
    else complaints.push(complaint(field, text));
  }
  const settings = any ? { ...DEFAULT_SETTINGS, ...(values as Partial<RunSettings>) } : null;
  return { settings, complaints };
}

/**
 * The query string that says these controls, other parts of it kept. Defaults are left out, but
 * never all: an address that says nothing means whatever its reader used last.
 */
export function writeLink(search: string, settings: RunSettings): string {
  const query = new URLSearchParams(search);
  for (const field of FIELDS) {
    const value = settings[field];
    if (value === DEFAULT_SETTINGS[field] && field !== 'mode') query.delete(NAMES[field]);
    else query.set(NAMES[field], String(value));
  }
  // Slashes and colons mean nothing in a query; left as they are, an address can be read.
  const text = query
    .toString()
    .replaceAll('%2F', '/')
    .replaceAll('%3A', ':')
    .replaceAll('%21', '!');
  return text === '' ? '' : `?${text}`;
}

function fromText(field: keyof RunSettings, text: string): unknown {
  const example = DEFAULT_SETTINGS[field];
  if (typeof example === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : null;
  if (typeof example === 'boolean') return text === 'true' ? true : text === 'false' ? false : null;
  return text;
}

function complaint(field: keyof RunSettings, text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const fallback = DEFAULT_SETTINGS[field];
  const instead = fallback === null ? 'the first one' : String(fallback);
  return `${NAMES[field]}=${shown} in this page's address cannot be used: it is ${instead} now.`;
}
