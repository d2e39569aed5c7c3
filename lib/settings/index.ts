import type { BlockList } from 'node:net';
import * as z from 'zod/mini';
import { DEFAULT_SOCKET, type EngineAddress } from '../engine/address';
import { locateEngines } from '../engine/locate';
import { LEVELS } from '../log/format';
import { parseOrigin, type PublicOrigin } from './origin';
import { parseProxies } from './proxies';
import { blankSecrets, readSecret, readApiToken } from './secret';

export { PREFIX, type PublicOrigin } from './origin';

/**
 * The environment, parsed once at start: an invalid setting ends the dashboard with a sentence that names it.
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

/** One of these words; with its own error, because zod/mini has no texts. */
const oneOf = <const Words extends readonly string[]>(words: Words) =>
  z.enum(words, { error: `has to be one of ${words.join(', ')}` });

/** An integer in decimal digits; its error names the bounds. */
const wholeNumber = (min: number, max: number) => {
  const error = `has to be a whole number from ${min} to ${max}`;
  return z.pipe(
    z.pipe(z.string().check(z.regex(/^\d+$/, error)), z.transform(Number)),
    z.number().check(z.minimum(min, error), z.maximum(max, error)),
  );
};

const environmentSchema = z.object({
  /** What Next's server listens on (its own variable); without it, on everything. */
  HOSTNAME: z._default(z.string(), '0.0.0.0'),
  CLUSTERHAT_NODES: z._default(hostnames, ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']),
  ECHO_SERVICE: z._default(z.string().check(z.minLength(1)), 'goweb'),
  MAX_REPLICAS: z._default(wholeNumber(1, 99_999), 100),
  /** Set by the `clusterhat` command; how people start it, for the commands that the page shows. */
  CLUSTERHAT_COMMAND: z._default(z.string(), 'clusterhat'),
  DASHBOARD_ORIGIN: z.optional(z.string()),
  DASHBOARD_READ: z._default(oneOf(['anyone', 'signed-in']), 'anyone'),
  /** Whether the swarm is recorded while no page is open. */
  DASHBOARD_RECORD: z._default(oneOf(['on', 'off']), 'on'),
  /** The folder that keeps the history across restarts. */
  DASHBOARD_STATE: z.optional(
    z.string().check(
      z.regex(/^\//, 'has to be the path of a folder, from / on'),
      // A socket in it, whose path has at most 107.
      z.refine((path) => Buffer.byteLength(path) <= 100, 'has to be at most 100 bytes long'),
    ),
  ),
  TRUSTED_PROXY: z._default(z.string(), ''),
  // Only checked here; lib/log reads them from the environment.
  LOG_FORMAT: z.optional(oneOf(['auto', 'json', 'plain'])),
  LOG_LEVEL: z.optional(oneOf(LEVELS)),
});

/** Secrets: each is set by its variable or by the file that `…_FILE` names. */
const SECRETS = [
  'DASHBOARD_PASSWORD',
  'DASHBOARD_GUEST_PASSWORD',
  'DASHBOARD_TOKEN',
  'DASHBOARD_READ_TOKEN',
] as const;

/** Names of all settings, for the test that compares them with the stack, the unit file and the documents. */
export const SETTING_NAMES = [...Object.keys(environmentSchema.shape), ...SECRETS];

/** The parsed settings. */
export interface Settings {
  engine: EngineAddress;
  /** Names of the HAT's places: the controller, then ports P1 … P4. */
  hat: string[];
  echoService: string;
  /** The highest replica count that a scale request may set: a typo should not overload five small nodes. */
  maxReplicas: number;
  /** What starts the dashboard where it runs: `clusterhat`, or `npm start` in a clone. */
  command: string;
  /** The server listens on loopback only; a proxy in front may still expose it. */
  loopbackOnly: boolean;
  /** DASHBOARD_ORIGIN: the address that people open in their browser; null: not set. */
  origin: PublicOrigin | null;
  /** Proxies whose `X-Forwarded-For` is trusted. */
  trustedProxies: BlockList;
  /** Who may read: all visitors, or only signed-in ones. */
  read: 'anyone' | 'signed-in';
  /** Whether the swarm is recorded while no page is open. */
  record: boolean;
  /** The folder that keeps the history across restarts; null: it is in memory only. */
  stateFolder: string | null;
  /** The operators' password; null: not set. */
  password: string | null;
  /** The guests' password: they may start runs and change nothing else. */
  guestPassword: string | null;
  /** Bearer token for programs that change things. */
  token: string | null;
  /** Bearer token for programs that only read. */
  readToken: string | null;
  /** Variables of secrets (`DASHBOARD_PASSWORD_FILE` …) that are set but empty: a secret was meant, so the dashboard is not open. */
  blankSecrets: string[];
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

/** The engine named by the environment, else Docker's default socket, which may appear later. */
function engineOf(environment: Record<string, string | undefined>): EngineAddress {
  return locateEngines(environment)[0]?.address ?? { kind: 'unix', socketPath: DEFAULT_SOCKET };
}

/** Reads settings from `environment`; throws an `Error` whose message names the variable at fault. */
export function parseSettings(environment: Record<string, string | undefined>): Settings {
  // Empty means unset: compose files and shells do not distinguish them.
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
  const origin = env.DASHBOARD_ORIGIN === undefined ? null : parseOrigin(env.DASHBOARD_ORIGIN);
  const secrets = {
    password: readSecret(set, 'DASHBOARD_PASSWORD'),
    guestPassword: readSecret(set, 'DASHBOARD_GUEST_PASSWORD'),
    token: readApiToken(set, 'DASHBOARD_TOKEN'),
    readToken: readApiToken(set, 'DASHBOARD_READ_TOKEN'),
  };
  refuseEqualSecrets(secrets);
  if (env.DASHBOARD_READ === 'signed-in' && Object.values(secrets).every((one) => one === null)) {
    throw new Error('DASHBOARD_READ=signed-in needs a password: set DASHBOARD_PASSWORD_FILE');
  }
  return {
    engine: engineOf(environment),
    hat: env.CLUSTERHAT_NODES,
    echoService: env.ECHO_SERVICE,
    maxReplicas: env.MAX_REPLICAS,
    command: env.CLUSTERHAT_COMMAND,
    // A public origin means a proxy in front, which forwards the network to loopback.
    loopbackOnly: LOOPBACK.has(env.HOSTNAME) && (origin === null || isLoopback(origin)),
    origin,
    trustedProxies: parseProxies(env.TRUSTED_PROXY),
    read: env.DASHBOARD_READ,
    record: env.DASHBOARD_RECORD === 'on',
    stateFolder: env.DASHBOARD_STATE ?? null,
    ...secrets,
    blankSecrets: blankSecrets(set, SECRETS),
  };
}

/** Whether all visitors may change the swarm: on loopback only, without any password or token. */
export function isOpen(settings: Settings): boolean {
  const { loopbackOnly, read, password, guestPassword, token, blankSecrets: blank } = settings;
  const secrets = [password, guestPassword, token];
  const none = blank.length === 0 && secrets.every((secret) => secret === null);
  return loopbackOnly && read === 'anyone' && none;
}

function isLoopback({ url }: PublicOrigin): boolean {
  return LOOPBACK.has(new URL(url).hostname);
}

/** Rejects equal secrets of different roles. */
function refuseEqualSecrets(secrets: Record<string, string | null>): void {
  const given = Object.values(secrets).filter((secret) => secret !== null);
  if (new Set(given).size === given.length) return;
  throw new Error(
    'DASHBOARD_PASSWORD, DASHBOARD_GUEST_PASSWORD, DASHBOARD_TOKEN and DASHBOARD_READ_TOKEN have to differ from each other',
  );
}

let settings: Settings | undefined;

/** The process's settings, parsed at the first call. */
export function getSettings(): Settings {
  settings ??= parseSettings(process.env);
  return settings;
}
