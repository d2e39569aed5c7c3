import { searchText } from '@/lib/client/page-address';
import { DEFAULT_SETTINGS, IS_VALID, type RunSettings } from './run-settings';

/** Names of the settings in the page's query string. */
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

const UNITS: Partial<Record<keyof RunSettings, string>> = {
  rate: '/s',
  seconds: ' s',
  timeout: ' s',
};

const FIELDS = Object.keys(NAMES) as (keyof RunSettings)[];

export interface RunLink {
  /** Null if the query has no setting; otherwise those it leaves out are the defaults. */
  readonly settings: RunSettings | null;
  /** One sentence for each invalid value. */
  readonly problems: readonly string[];
}

/** Parses the settings in a query string and skips invalid values. */
export function readLink(search: string): RunLink {
  const query = new URLSearchParams(search);
  const problems: string[] = [];
  const values: Partial<Record<keyof RunSettings, unknown>> = {};
  let any = false;
  for (const field of FIELDS) {
    const text = query.get(NAMES[field]);
    if (text === null) continue;
    any = true;
    const value = fromText(field, text);
    if (IS_VALID[field](value)) values[field] = value;
    else problems.push(invalidWords(field, text));
  }
  const settings = any ? { ...DEFAULT_SETTINGS, ...(values as Partial<RunSettings>) } : null;
  return { settings, problems };
}

/**
 * Returns the query string with these settings; its other parameters are kept. Defaults are left out, except
 * for the mode: a query without any setting means the settings that its reader stored last.
 */
export function writeLink(search: string, settings: RunSettings): string {
  const query = new URLSearchParams(search);
  for (const field of FIELDS) {
    const value = settings[field];
    if (value === DEFAULT_SETTINGS[field] && field !== 'mode') query.delete(NAMES[field]);
    else query.set(NAMES[field], String(value));
  }
  return searchText(query);
}

function fromText(field: keyof RunSettings, text: string): unknown {
  const example = DEFAULT_SETTINGS[field];
  if (typeof example === 'number') return /^\d{1,9}$/.test(text) ? Number(text) : null;
  if (typeof example === 'boolean') return text === 'true' ? true : text === 'false' ? false : null;
  return text;
}

function invalidWords(field: keyof RunSettings, text: string): string {
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  const fallback = DEFAULT_SETTINGS[field];
  const used = fallback === null ? 'the default' : `${fallback}${UNITS[field] ?? ''}`;
  return `Link has invalid ${NAMES[field]}=${shown}; using ${used}`;
}
