import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import { DEFAULT_SOCKET, type EngineAddress } from './engine/address';
import { locateEngines } from './engine/locate';

/**
 * The environment, parsed once at start: a setting that makes no sense stops the dashboard with a
 * sentence that names it, instead of surprising somebody later.
 */

const hostnames = z.pipe(
  z.string(),
  z.transform((text) =>
    text
      .split(',')
      .map((name) => name.trim())
      .filter((name) => name !== ''),
  ),
);

const environmentSchema = z.object({
  /** What Next's server listens on (its own variable); without it, on everything. */
  HOSTNAME: z._default(z.string(), '0.0.0.0'),
  CLUSTERHAT_NODES: z._default(hostnames, ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']),
  ECHO_SERVICE: z._default(z.string().check(z.minLength(1)), 'goweb'),
  /** Set by the `clusterhat` command; how people start it, for the commands that the page shows. */
  CLUSTERHAT_COMMAND: z._default(z.string(), 'clusterhat'),
  DASHBOARD_PASSWORD: z.optional(z.string()),
  DASHBOARD_PASSWORD_FILE: z.optional(z.string()),
});

/** What can be set from outside, typed. */
export interface Settings {
  engine: EngineAddress;
  /** Names of the HAT's places: the controller, then ports P1 … P4. */
  hat: string[];
  echoService: string;
  /** What starts the dashboard where it runs: `clusterhat`, or `npm start` in a clone. */
  command: string;
  /** The server is reachable from this machine only. */
  loopbackOnly: boolean;
  /** Null: none is set. */
  password: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

/** The first engine that the environment means; where there is none, Docker's own socket may still appear. */
function engineOf(environment: Record<string, string | undefined>): EngineAddress {
  return locateEngines(environment)[0]?.address ?? { kind: 'unix', socketPath: DEFAULT_SOCKET };
}

function readPassword(direct: string | undefined, file: string | undefined): string | null {
  if (!file) return direct || null;
  try {
    return readFileSync(file, 'utf8').replace(/\r?\n$/, '') || null;
  } catch (error) {
    throw new Error(`DASHBOARD_PASSWORD_FILE ${file} cannot be read: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/** Reads settings from `environment`; throws an `Error` whose message names the variable at fault. */
export function parseSettings(environment: Record<string, string | undefined>): Settings {
  // An empty variable is an unset one: compose files and shells make no difference.
  const set = Object.fromEntries(Object.entries(environment).filter(([, value]) => value));
  const parsed = environmentSchema.safeParse(set);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new Error(`${issue?.path.join('.')}: ${issue?.message}`);
  }
  const env = parsed.data;
  if (
    env.CLUSTERHAT_NODES.length === 0 ||
    new Set(env.CLUSTERHAT_NODES).size < env.CLUSTERHAT_NODES.length
  ) {
    throw new Error(
      'CLUSTERHAT_NODES has to be names, each once, separated by commas: ctrl,zero1,zero2',
    );
  }
  return {
    engine: engineOf(environment),
    hat: env.CLUSTERHAT_NODES,
    echoService: env.ECHO_SERVICE,
    command: env.CLUSTERHAT_COMMAND,
    loopbackOnly: LOOPBACK.has(env.HOSTNAME),
    password: readPassword(env.DASHBOARD_PASSWORD, env.DASHBOARD_PASSWORD_FILE),
  };
}

let settings: Settings | undefined;

/** The process's settings, parsed at the first call. */
export function getSettings(): Settings {
  settings ??= parseSettings(process.env);
  return settings;
}
