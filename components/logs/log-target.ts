import type { Action } from '../actions/action-store';

/** What a log is opened for. */
export type LogsAction = Extract<Action, { kind: 'logs' }>;
/** Whose log: of a service or of a task, by id. */
export type LogOf = LogsAction['of'];
/** The answer of a run whose line is searched. */
export type WantedAnswer = NonNullable<LogsAction['answer']>;

/** From where on the log is shown: the last lines of each task, or those since a time or for a duration. */
export type LogRange = `tail:${number}` | `since:${string}`;

/** The choices, with their labels. */
export const RANGES: readonly (readonly [LogRange, string])[] = [
  ['tail:100', 'Last 100 lines of each task'],
  ['tail:1000', 'Last 1,000 lines of each task'],
  ['since:5m', 'Last 5 minutes'],
  ['since:1h', 'Last hour'],
  ['since:1d', 'Last day'],
];

/** Most lines of each task that the server follows. */
const MAX_TAIL = 1000;
/** So much before a run the search for its lines begins (ms): a node's clock can be behind. */
const BEFORE_RUN_MS = 60_000;

/** The range in which the line of an answer is. One for all answers of a run, so that they share a connection. */
export function rangeOfAnswer({ since }: Pick<WantedAnswer, 'since'>): LogRange {
  return `since:${Math.max(0, Math.floor(since) - BEFORE_RUN_MS)}`;
}

function base(of: LogOf): `api/${string}` {
  return 'service' in of
    ? `api/services/${encodeURIComponent(of.service)}/logs`
    : `api/tasks/${encodeURIComponent(of.task)}/logs`;
}

/** Where the events of a log are. */
export function eventsPath(of: LogOf, range: LogRange): `api/${string}` {
  const [kind, value = ''] = range.split(':');
  const query = kind === 'tail' ? `tail=${value}` : `tail=${MAX_TAIL}&since=${value}`;
  return `${base(of)}?format=events&${query}`;
}

/** A part of a log: the lines of a task and of a node by id, and those with a text. */
export interface DownloadPart {
  task: string | null;
  node: string | null;
  search: string;
}

/** Where a log is as text: all of it, a range or a part. */
export function textPath(
  of: LogOf,
  { range, part }: { range?: LogRange; part?: DownloadPart } = {},
): `api/${string}` {
  const query = new URLSearchParams({ format: 'text' });
  const [kind, value = ''] = range?.split(':') ?? [];
  if (kind) query.set(kind, value);
  for (const [name, wanted] of Object.entries(part ?? {})) if (wanted) query.set(name, wanted);
  return `${base(of)}?${query}`;
}
