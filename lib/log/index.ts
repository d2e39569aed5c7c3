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
  /** The caller's role; empty for the server's own changes. */
  readonly role: string;
  /** The client's address; empty if unknown. */
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
 * One bound per kind of sender, so that guests cannot use up an operator's. A line has about 250 bytes: an
 * endless flood of refusals is 15 MB a day on an SD card.
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
// A page and a route can get different instances of a module: one per process needs `globalThis`.
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

/** Whether lines of this level are written. An unknown LOG_LEVEL counts as `info`; settings reject it at the start. */
export function logs(level: Level, env: Record<string, string | undefined> = process.env): boolean {
  const least = LEVELS.find((one) => one === env['LOG_LEVEL']) ?? 'info';
  return LEVELS.indexOf(level) <= LEVELS.indexOf(least);
}

/** Writes one line. Values are escaped and truncated; they must not contain secrets. */
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
 * Whether every such change is written: those of the server itself, and those that an operator made or may
 * have made, because the engine can execute a call that it answers too late.
 */
function isWrittenWhole({ action, role, client, command, outcome, status }: LoggedChange): boolean {
  if (client === '') return true;
  // Only operators reach a docker command, even if their session has ended since.
  if (command !== undefined) return outcome === 'ok' || (status ?? 0) >= 500;
  return outcome === 'ok' && role === 'operator' && !OF_SESSION.includes(action);
}

/**
 * Logs a change: `info` when it was made, `warn` when not. Of repeated equal ones only the first is written at
 * once, as for refusals.
 */
export function logChange(change: LoggedChange): void {
  const level = change.outcome === 'ok' ? 'info' : 'warn';
  const fields = { ...change, ms: Math.round(change.ms) };
  if (!logs(level)) return;
  if (isWrittenWhole(change)) return log(level, 'change', fields);
  // A defect can happen before the guard, for any sender.
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

/** Writes pending counts; called at shutdown. */
export function flushLog(): void {
  for (const each of Object.values(repeats())) each.flush();
}
