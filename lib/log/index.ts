import { jsonLine, LEVELS, plainLine, type Fields, type Level } from './format';
import { RepeatLog, type Bound, type RefusedRequest } from './refusals';

export type { RefusedRequest } from './refusals';

/**
 * The server's log: one line on standard output per event, without a dependency
 * (docs/decisions/012-metrics-and-logs.md). `LOG_LEVEL` names the least severe level that is written (default `info`), `LOG_FORMAT` is
 * `json`, `plain`, or `auto`: sentences on a terminal, JSON elsewhere.
 */

/** A requested change of the swarm, a run or a sign-in, with its outcome. */
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

const severalBy = (role: string) => ({
  event: 'change',
  fields: { action: 'several', role, client: 'others', outcome: 'several' },
});

/**
 * Each with a bound of its own, so that nobody fills that of those who may do more. Lines have some 250
 * bytes: a flood of refusals that never ends is 15 MB a day on an SD card.
 */
const BOUNDS = {
  refusals: {
    maxKeys: 20,
    others: { event: 'refused', fields: { kind: 'several', client: 'others' } },
  },
  guest: { maxKeys: 60, others: severalBy('guest') },
  operator: { maxKeys: 60, others: severalBy('operator') },
} as const satisfies Record<string, Bound>;
type Repeats = Record<keyof typeof BOUNDS, RepeatLog>;

const REPEATS = Symbol.for('clusterhat.log.repeats');
// A page and a route can get different instances of a module: what must be one per process lives here.
const scope = globalThis as { [REPEATS]?: Repeats };

function repeats(): Repeats {
  const start = (bound: Bound) =>
    new RepeatLog(bound, ({ level, event, fields }, more) =>
      log(level, event, { ...fields, more }),
    );
  scope[REPEATS] ??= {
    refusals: start(BOUNDS.refusals),
    guest: start(BOUNDS.guest),
    operator: start(BOUNDS.operator),
  };
  return scope[REPEATS];
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

/** Changes of nothing but the caller's own session. */
const OF_SESSION: readonly string[] = ['sign in', 'sign out'];

/**
 * Whether a change gets a line however often it comes: what the server does by itself, and what an
 * operator did to the swarm or may have done, as the engine can carry out what it answers too late.
 */
function isWrittenWhole({ action, role, client, command, outcome, status }: LoggedChange): boolean {
  if (client === '') return true;
  // Only operators get as far as a docker command, whatever has become of their session since.
  if (command !== undefined) return outcome === 'ok' || (status ?? 0) >= 500;
  return outcome === 'ok' && role === 'operator' && !OF_SESSION.includes(action);
}

/**
 * Logs a change: `info` when it was done, `warn` when it was not. Of those that are not written whole and
 * are alike in all but their time, only the first is written at once, as of refusals.
 */
export function logChange(change: LoggedChange): void {
  const level = change.outcome === 'ok' ? 'info' : 'warn';
  const fields = { ...change, ms: Math.round(change.ms) };
  if (!logs(level)) return;
  if (isWrittenWhole(change)) return log(level, 'change', fields);
  // A defect can come before the guard, and be anybody's.
  const guarded = change.outcome !== 'defect';
  const bound = guarded ? (change.role === 'guest' ? 'guest' : 'operator') : 'refusals';
  const key = JSON.stringify({ ...change, ms: 0 });
  repeats()[bound].add({ level, event: 'change', key, fields });
}

/**
 * Logs a refused request: the first of each kind and client at once, the others of the next minute
 * as one line that counts them, so that a flood does not fill the disk.
 */
export function logRefused(refused: RefusedRequest): void {
  const { kind, client } = refused;
  const key = JSON.stringify([kind, client]);
  repeats().refusals.add({ level: 'warn', event: 'refused', key, fields: { ...refused } });
}

/** Writes what is still only counted; for the server's end. */
export function flushLog(): void {
  for (const each of Object.values(repeats())) each.flush();
}
