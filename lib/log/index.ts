import { jsonLine, LEVELS, plainLine, type Fields, type Level } from './format';
import { RefusalLog, type RefusedRequest } from './refusals';

export type { RefusedRequest } from './refusals';

/**
 * The server's log: one line on standard output per event, without a dependency
 * (docs/decisions/012-metrics-and-logs.md). `LOG_LEVEL` names the least severe level that is written (default `info`), `LOG_FORMAT` is
 * `json`, `plain`, or `auto`: sentences on a terminal, JSON elsewhere.
 */

/** A change of the swarm, a run or a sign-in that somebody asked for and that was tried. */
export interface LoggedChange {
  /** `scale`, `start run`, `bring back` … */
  readonly action: string;
  /** What the caller may do; empty where nobody asked (the server itself). */
  readonly role: string;
  /** The address that the request came from; empty where nobody knows. */
  readonly client: string;
  readonly method?: string;
  readonly route?: string;
  readonly service?: string | undefined;
  readonly node?: string | undefined;
  /** Of a run: the published port, the path without its query, and how many requests how fast. */
  readonly port?: number | undefined;
  readonly path?: string | undefined;
  readonly plan?: string | undefined;
  /** The docker command that does the same; never one with a token in it. */
  readonly command?: string | undefined;
  /** `ok`, or the problem's kind. */
  readonly outcome: string;
  readonly status?: number;
  /** How long it took (ms). */
  readonly ms: number;
}

const REFUSALS = Symbol.for('clusterhat.log.refusals');
// A page and a route can get different instances of a module: what must be one per process lives here.
const scope = globalThis as { [REFUSALS]?: RefusalLog };

function refusals(): RefusalLog {
  scope[REFUSALS] ??= new RefusalLog(({ event, fields }, more) =>
    log('warn', event, { ...fields, more }),
  );
  return scope[REFUSALS];
}

/** Whether lines of this level are written. A level that does not exist is `info`: settings refuse it at the start. */
export function logs(level: Level, env: Record<string, string | undefined> = process.env): boolean {
  const least = LEVELS.find((one) => one === env['LOG_LEVEL']) ?? 'info';
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

/** Writes one line. Values are escaped and cut; secrets must not be among them. */
export function log(level: Level, event: string, fields: Fields = {}): void {
  if (!logs(level)) return;
  const format = process.env['LOG_FORMAT'] || 'auto';
  const plain = format === 'plain' || (format === 'auto' && process.stdout.isTTY);
  const line = (plain ? plainLine : jsonLine)(new Date(), level, event, fields);
  try {
    process.stdout.write(line);
  } catch {
    // A closed standard output must not fail the request that is logged.
  }
}

/**
 * Logs a change: `info` when it was done, `warn` when it was not. Of those that failed alike for one
 * client only the first is written at once, as of refusals.
 */
export function logChange(change: LoggedChange): void {
  const fields = { ...change, ms: Math.round(change.ms) };
  const { action, outcome, client } = change;
  if (outcome === 'ok') return log('info', 'change', fields);
  if (client === '') return log('warn', 'change', fields);
  refusals().add({ event: 'change', key: JSON.stringify([action, outcome, client]), fields });
}

/**
 * Logs a refused request: the first of each kind and client at once, the others of the next minute
 * as one line that counts them, so that a flood does not fill the disk.
 */
export function logRefused(refused: RefusedRequest): void {
  const { kind, client } = refused;
  refusals().add({ event: 'refused', key: JSON.stringify([kind, client]), fields: { ...refused } });
}

/** Writes what is still only counted; for the server's end. */
export function flushLog(): void {
  refusals().flush();
}
