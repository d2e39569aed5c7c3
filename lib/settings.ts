import { readFileSync } from 'node:fs';
import * as z from 'zod/mini';
import type { EngineAddress } from './engine';

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
  DOCKER_HOST: z._default(z.string(), 'unix:///var/run/docker.sock'),
  CLUSTERHAT_NODES: z._default(hostnames, ['ctrl', 'zero1', 'zero2', 'zero3', 'zero4']),
  ECHO_SERVICE: z._default(z.string().check(z.minLength(1)), 'goweb'),
  DASHBOARD_PASSWORD: z.optional(z.string()),
  DASHBOARD_PASSWORD_FILE: z.optional(z.string()),
});

/** What can be set from outside, typed. */
export interface Settings {
  engine: EngineAddress;
  /** Names of the HAT's places: the controller, then ports P1 … P4. */
  hat: string[];
  echoService: string;
  /** The server is reachable from this machine only. */
  loopbackOnly: boolean;
  /** Null: none is set. */
  password: string | null;
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '[::1]', 'localhost']);

/** `unix:///path`, `tcp://host:port` or `http://host:port` as docker itself reads `DOCKER_HOST`. */
function parseDockerHost(text: string): EngineAddress {
  if (text.startsWith('unix://')) {
    const socketPath = text.slice('unix://'.length) || '/var/run/docker.sock';
    return { socketPath };
  }
  const url = URL.parse(text);
  if (url && (url.protocol === 'tcp:' || url.protocol === 'http:') && url.hostname) {
    // URL drops http's own port.
    return { host: url.hostname, port: Number(url.port) || (url.protocol === 'http:' ? 80 : 2375) };
  }
  throw new Error(
    `DOCKER_HOST is ${JSON.stringify(text)}: it has to be unix:///path/to/docker.sock or tcp://host:port.`,
  );
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
    engine: parseDockerHost(env.DOCKER_HOST),
    hat: env.CLUSTERHAT_NODES,
    echoService: env.ECHO_SERVICE,
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
