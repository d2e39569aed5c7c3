import { isLonger } from '../text-length';

/** What a request for a log wants. */
export interface LogQuery {
  format: 'events' | 'text';
  follow: boolean;
  /** The last lines of each task; null: all. */
  tail: number | null;
  /** RFC 3339; null: whenever they were written. */
  since: string | null;
  /** What `since` was computed from, `5m`; null if it was a time. */
  duration: string | null;
  /** Of a service's log only the lines of this task: its id, its name or the start of its id; null: of all. */
  task: string | null;
  /** Only lines of this node: its name, its hostname, its id or the start of its id; null: of all. */
  node: string | null;
  /** Only lines with this text, in upper or lower case; empty: all. */
  search: string;
}

/** Lines of each task where nothing else is requested. */
const TAIL = 100;
/** Most lines of each task of a log that is followed, which is held in memory. */
const MAX_FOLLOWED_TAIL = 1000;
const MAX_TAIL = 1_000_000;
/** Most characters of a search, and of a name. */
const MAX_SEARCH = 300;

const UNITS: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** Reads the query of a request for a log; returns a sentence on what is wrong with it. `now` in ms. */
export function parseLogQuery(
  query: URLSearchParams,
  accept: string,
  now: number,
): LogQuery | string {
  const format = query.get('format') ?? (accept.includes('text/event-stream') ? 'events' : 'text');
  if (format !== 'events' && format !== 'text') return 'format is events or text.';
  const wanted = query.get('follow') ?? (format === 'events' ? '1' : '0');
  if (!/^(?:0|1|true|false)$/.test(wanted)) return 'follow is 0 or 1.';
  const follow = wanted === '1' || wanted === 'true';
  if (!follow && format === 'events')
    return 'Events follow the log; without follow there is format=text.';
  const tail = tailOf(query.get('tail'), follow);
  if (typeof tail === 'string') return tail;
  const wantedSince = query.get('since');
  const since = sinceOf(wantedSince, now);
  if (since === undefined) {
    return 'since is a time in milliseconds since the epoch, or a duration such as 90s, 10m, 2h or 1d.';
  }
  const duration = wantedSince !== null && /[smhd]$/.test(wantedSince) ? wantedSince : null;
  const lines = linesOf(query, format);
  if (typeof lines === 'string') return lines;
  return { format, follow, tail, since, duration, ...lines };
}

/** Which of the lines; the page filters events itself, as its viewers share them. */
function linesOf(
  query: URLSearchParams,
  format: LogQuery['format'],
): Pick<LogQuery, 'task' | 'node' | 'search'> | string {
  const [task, node, search] = [query.get('task'), query.get('node'), query.get('search')];
  for (const [name, value] of Object.entries({ task, node, search })) {
    if (value === null) continue;
    if (format === 'events') return `${name} is for format=text.`;
    if (value === '' || isLonger(value, MAX_SEARCH))
      return `${name} has 1 to ${MAX_SEARCH} characters.`;
  }
  return { task, node, search: search ?? '' };
}

function tailOf(text: string | null, follow: boolean): number | null | string {
  if (text === null) return follow ? TAIL : null;
  if (text === 'all' && !follow) return null;
  const most = follow ? MAX_FOLLOWED_TAIL : MAX_TAIL;
  const tail = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
  if (tail <= most) return tail;
  return follow
    ? `tail is a whole number from 0 to ${most}.`
    : `tail is all, or a whole number from 0 to ${most}.`;
}

/** Undefined if it is no time. */
function sinceOf(text: string | null, now: number): string | null | undefined {
  if (text === null) return null;
  const [, amount = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
  const duration = unit === '' ? null : Number(amount) * (UNITS[unit] ?? 0);
  if (duration === null && !/^\d{1,15}$/.test(text)) return undefined;
  const ms = duration === null ? Number(text) : Math.max(0, now - duration);
  // Year 9999: what follows has another form.
  return ms > 253_402_300_799_999 ? undefined : new Date(ms).toISOString();
}
